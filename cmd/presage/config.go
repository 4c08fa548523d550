package main

import (
	"context"
)

type configCommand struct{ settings }

// Run prints the configuration that serve would run with.
func (c configCommand) Run(ctx context.Context, p *process) error {
	effective, err := c.load(ctx, p, nil)
	if err != nil {
		return err
	}
	return effective.Print(p.stdout)
}
