package sqltest

import (
	"context"
	"slices"

	"presage"
)

// Prognoses is the store's part that PutPrognosis needs.
type Prognoses interface {
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	PutPrognoses(ctx context.Context, ps []presage.Prognosis) error
}

// PutPrognosis replaces the prognosis of one component and leaves the vehicle's others.
func PutPrognosis(ctx context.Context, s Prognoses, p presage.Prognosis) error {
	ps, err := s.Prognoses(ctx, p.VIN)
	if err != nil {
		return err
	}
	ps = slices.DeleteFunc(ps, func(other presage.Prognosis) bool { return other.Component == p.Component })
	return s.PutPrognoses(ctx, append(ps, p))
}
