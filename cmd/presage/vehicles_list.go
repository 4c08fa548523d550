package main

import (
	"context"

	"presage/cmd/presage/credentials"
)

type listCommand struct{ target }

// Run lists every credential.
func (c listCommand) Run(ctx context.Context, p *process) error {
	return c.with(ctx, p, func(k credentials.Keeper) error { return credentials.List(ctx, k, p.stdout) })
}
