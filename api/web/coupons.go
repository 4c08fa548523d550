package web

import (
	"context"
	"errors"
	"time"

	"presage"
)

// Coupons keeps the discounts that came with offers; see rest.Coupons.
type Coupons interface {
	// CouponOf returns the newest coupon of a case that is not void, or ErrNotFound.
	CouponOf(ctx context.Context, caseID string) (presage.Coupon, error)
	CouponFigures(ctx context.Context, from, to, now time.Time) ([]presage.CouponFigure, error)
}

// couponOf is the coupon that a job card shows; nil for none.
func (s *Site) couponOf(ctx context.Context, caseID string) (*presage.Coupon, error) {
	c, err := s.Coupons.CouponOf(ctx, caseID)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return nil, nil //nolint:nilnil // most visits have none
	case err != nil:
		return nil, err
	}
	return &c, nil
}

// readCoupon adds the coupon of the case, with its state for the visit that stands:
// it counts when that begins in time.
func (s *Site) readCoupon(ctx context.Context, b *caseBody) error {
	var err error
	if b.Coupon, err = s.couponOf(ctx, b.ID); err == nil && b.Coupon != nil && b.Booking != nil {
		b.CouponState = b.Coupon.State(b.Booking.Start)
	}
	return err
}
