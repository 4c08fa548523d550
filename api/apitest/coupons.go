package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// addCoupons gives the first booked cases a coupon each, and three more that are over.
func (w *World) addCoupons() {
	for i, body := range []string{"23456789", "ABCDEFGH", "JKMNPQRS", "TUVWXYZ2"} {
		c := presage.Coupon{
			Code: body + string(presage.CouponCheck(body)), OfferID: fmt.Sprint("o-", i), CaseID: fmt.Sprint("c-", i),
			CustomerID: "k1", WorkshopID: "w-1", Rule: "filter", Discount: presage.Money{Minor: 1580, Currency: "CNY"},
			IssuedAt: w.now.Add(-time.Duration(i+1) * time.Hour), ExpiresAt: w.now.AddDate(0, 0, 30),
		}
		switch i {
		case 0:
			j := slices.IndexFunc(w.bookings, func(b presage.Booking) bool { return b.State == presage.BookingConfirmed })
			if j >= 0 {
				c.CaseID = w.bookings[j].CaseID
			}
		case 1:
			c.RedeemedAt = w.now.Add(-time.Minute)
		case 2:
			c.VoidAt = w.now.Add(-time.Minute)
		default:
			c.ExpiresAt = w.now.Add(-time.Minute)
		}
		w.coupons = append(w.coupons, c)
	}
}

// Coupons implements rest.Coupons.
func (w *World) Coupons(_ context.Context, f presage.CouponFilter) ([]presage.Coupon, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Clone(w.coupons)
	if i := slices.IndexFunc(all, func(c presage.Coupon) bool { return c.Code == f.After }); i >= 0 {
		all = all[i+1:]
	}
	all = slices.DeleteFunc(all, func(c presage.Coupon) bool {
		return f.State != "" && c.State(w.now) != f.State || f.CaseID != "" && c.CaseID != f.CaseID ||
			f.Rule != "" && c.Rule != f.Rule || f.CustomerID != "" && c.CustomerID != f.CustomerID ||
			c.IssuedAt.Before(f.From) || !f.To.IsZero() && !c.IssuedAt.Before(f.To)
	})
	return all[:min(len(all), f.Limit)], w.Err
}

// Coupon implements rest.Coupons.
func (w *World) Coupon(_ context.Context, code string) (presage.Coupon, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := find(w.coupons, "coupon", func(c presage.Coupon) bool { return c.Code == code })
	return c, cmp.Or(err, w.Err)
}

// CouponOf implements web.Coupons.
func (w *World) CouponOf(_ context.Context, caseID string) (presage.Coupon, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := find(w.coupons, "coupon", func(c presage.Coupon) bool { return c.CaseID == caseID })
	return c, cmp.Or(err, w.Err)
}

// RedeemCoupon implements rest.Coupons.
func (w *World) RedeemCoupon(_ context.Context, code string, at time.Time) (presage.Coupon, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.coupons {
		c := &w.coupons[i]
		switch {
		case c.Code != code:
		case c.State(at) == presage.CouponOpen:
			c.RedeemedAt = at
			return *c, w.Err
		case c.State(at) == presage.CouponExpired:
			return *c, fmt.Errorf("coupon: %w", presage.ErrExpired)
		default:
			return *c, fmt.Errorf("coupon: %w", presage.ErrConflict)
		}
	}
	return presage.Coupon{}, fmt.Errorf("coupon: %w", presage.ErrNotFound)
}

// CouponFigures implements rest.Coupons.
func (w *World) CouponFigures(context.Context, time.Time, time.Time, time.Time) ([]presage.CouponFigure, error) {
	return []presage.CouponFigure{{
		Rule: "filter", Currency: "CNY", Issued: 4, Redeemed: 1, Void: 1, Expired: 1, Promised: 6320, Given: 1580,
	}}, w.Err
}
