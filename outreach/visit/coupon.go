package visit

import (
	"context"
	"errors"
	"time"

	"presage"
)

// coupon is what a file shows of its case's coupon: one whose time is over
// without a visit is nothing any more.
func (r *Files) coupon(ctx context.Context, f CaseFile) (*presage.Coupon, error) {
	c, err := r.Store.CouponOf(ctx, f.Case.ID)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return nil, nil //nolint:nilnil // most cases have none
	case err != nil:
		return nil, err
	}
	begins := r.Now()
	if f.Booking != nil {
		begins = f.Booking.Start
	}
	if c.State(begins) == presage.CouponExpired {
		return nil, nil //nolint:nilnil // as without one
	}
	return &c, nil
}

// begins is when the visit of a file does; zero without one.
func (f CaseFile) begins() time.Time {
	if f.Booking == nil {
		return time.Time{}
	}
	return f.Booking.Start
}

// couponAt is the code and what it takes off the price of a visit at a time; ""
// where the visit is too late for it.
func (f CaseFile) couponAt(begins time.Time) (code string, off presage.Money) {
	if f.Coupon == nil || f.Coupon.State(begins) == presage.CouponExpired {
		return "", off
	}
	return f.Coupon.Code, f.Coupon.Off(f.Plan.PriceAt(f.Workshop))
}
