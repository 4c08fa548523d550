package main

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/cmd/presage/credentials"
)

type revokeCommand struct {
	target
	chosen
}

// Run revokes every vehicle that is known and names the others.
func (c revokeCommand) Run(ctx context.Context, p *process) error {
	vins, err := c.read()
	if err != nil {
		return err
	}
	return c.with(ctx, p, func(k credentials.Keeper) error {
		var errs []error
		for i, vin := range vins {
			err := k.Revoke(ctx, vin)
			if errors.Is(err, presage.ErrNotFound) {
				errs = append(errs, fmt.Errorf("vehicle %d of the list, %s: %w", i+1, vin.Masked(), presage.ErrNotFound))
				continue
			}
			if err != nil {
				return fmt.Errorf("%d of %d vehicles are revoked: %w", i-len(errs), len(vins), err)
			}
		}
		_, err := fmt.Fprintf(p.stdout, "%d of %d vehicles are revoked\n", len(vins)-len(errs), len(vins))
		return errors.Join(append(errs, err)...)
	})
}
