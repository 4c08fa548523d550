package main

import (
	"context"
	"errors"
	"fmt"

	"presage/cmd/presage/app"
	"presage/internal/sqlstore"
)

type migrateCommand struct {
	settings
	Data string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
}

// Run opens the database once, which brings its schema up to date. It says as
// well that the telemetry found beside it at the next start belongs to it.
func (c migrateCommand) Run(ctx context.Context, p *process) error {
	effective, err := c.load(ctx, p, map[string]string{"data_dir": c.Data})
	if err != nil {
		return err
	}
	url := app.DatabaseURL(effective.Config)
	store, err := sqlstore.Open(ctx, url)
	if err != nil {
		return err
	}
	if err := app.Accept(ctx, effective.Config, store); err != nil {
		return errors.Join(err, store.Close())
	}
	if _, err := fmt.Fprintln(p.stdout, "the schema is up to date"); err != nil {
		return errors.Join(err, store.Close())
	}
	return store.Close()
}
