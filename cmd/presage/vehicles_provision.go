package main

import (
	"context"
	"errors"

	"presage/cmd/presage/credentials"
	"presage/cmd/presage/progress"
)

type provisionCommand struct {
	target
	chosen
	Out string `placeholder:"FILE" type:"path" help:"New file for the secrets, readable by its owner alone; standard output without it."` //nolint:lll // a struct tag cannot be broken
}

// Run reads the whole list before the first secret is made.
func (c provisionCommand) Run(ctx context.Context, p *process) error {
	vins, err := c.read()
	if err != nil {
		return err
	}
	return c.with(ctx, p, func(k credentials.Keeper) (err error) {
		out := p.stdout
		if c.Out != "" {
			f, err := credentials.CreateSecrets(c.Out)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			out = f
		}
		bar := progress.New(p.stderr, "making secrets", "vehicles", len(vins))
		defer bar.Finish()
		return credentials.Provision(ctx, k, vins, out, bar.Add)
	})
}
