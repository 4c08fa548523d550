package decide

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/rules"
)

// codeTries bounds how often another code is taken because one is in use.
const codeTries = 16

// coupon is the coupon that an offer tells of: the one that its case has, or one
// that is issued with the offer, where a rule of the policy fits. The zero one
// for none.
func (o *Offerer) coupon(
	ctx context.Context, c presage.Case, made *presage.Offer, price presage.Money,
) (presage.Coupon, error) {
	had, err := o.Store.CouponOf(ctx, c.ID)
	switch {
	case err == nil && had.State(made.CreatedAt) == presage.CouponOpen:
		return had, nil
	case err == nil && had.State(made.CreatedAt) == presage.CouponRedeemed:
		return presage.Coupon{}, nil
	case err != nil && !errors.Is(err, presage.ErrNotFound):
		return had, fmt.Errorf("coupon: %w", err)
	}
	return o.issue(ctx, c, made, price)
}

// issue makes a new coupon where a rule of the policy fits and has one left.
func (o *Offerer) issue(
	ctx context.Context, c presage.Case, made *presage.Offer, price presage.Money,
) (presage.Coupon, error) {
	r := o.Rules()
	rule, ok := r.CouponFor(c)
	if !ok || slices.ContainsFunc(c.Components, o.guarded) || r.LeavesOut(rule, c) {
		return presage.Coupon{}, nil
	}
	off := presage.Coupon{Discount: rule.Discount(price)}.Off(price)
	if off.Minor <= 0 { // a warranty pays all, or the price is in another currency
		return presage.Coupon{}, nil
	}
	spent, err := o.spent(ctx, c, rule, made.CreatedAt)
	if err != nil || spent {
		return presage.Coupon{}, err
	}
	made.Coupon = &presage.Coupon{
		OfferID: made.ID, CaseID: c.ID, CustomerID: c.CustomerID, WorkshopID: c.WorkshopID, Rule: rule.Name,
		PolicyVersion: r.PolicyVersion, Discount: off, IssuedAt: made.CreatedAt,
		ExpiresAt: couponEnds(*made, rule), Most: rule.PerMonth,
	}
	if rule.Again > 0 {
		made.Coupon.NoneSince = made.CreatedAt.Add(-time.Duration(rule.Again))
	}
	made.Coupon.Code, err = o.freeCode(ctx, made.ID)
	return *made.Coupon, err
}

// guarded tells that a component is a matter of safety, also one that only comes along.
func (o *Offerer) guarded(id presage.ComponentID) bool {
	c, err := o.Agenda.Catalogue.Component(id)
	return err != nil || c.SafetyCritical()
}

// couponEnds is when a coupon runs out: never before the last time that its offer names.
func couponEnds(made presage.Offer, rule rules.CouponRule) time.Time {
	end := made.CreatedAt.AddDate(0, 0, rule.Days)
	for _, s := range made.Slots {
		if !s.Start.Before(end) {
			end = s.End
		}
	}
	return end
}

// spent tells that a rule has no coupon left this month, or none for the customer yet.
func (o *Offerer) spent(ctx context.Context, c presage.Case, rule rules.CouponRule, now time.Time) (bool, error) {
	if rule.PerMonth > 0 {
		n, err := o.Store.CountCoupons(ctx, presage.CouponFilter{Rule: rule.Name, From: presage.CouponMonth(now)})
		if err != nil || n >= rule.PerMonth {
			return true, err
		}
	}
	if rule.Again <= 0 {
		return false, nil
	}
	n, err := o.Store.CountCoupons(ctx, presage.CouponFilter{
		Rule: rule.Name, CustomerID: c.CustomerID, NotCaseID: c.ID, From: now.Add(-time.Duration(rule.Again)),
	})
	return n > 0, err
}

// freeCode derives the code of an offer, which another one may have by chance.
func (o *Offerer) freeCode(ctx context.Context, offerID string) (string, error) {
	for try := range byte(codeTries) {
		code := o.Planner.Links.Coupon(offerID, try)
		switch _, err := o.Store.Coupon(ctx, code); {
		case errors.Is(err, presage.ErrNotFound):
			return code, nil
		case err != nil:
			return "", fmt.Errorf("coupon: %w", err)
		}
	}
	return "", fmt.Errorf("coupon of offer %s: %w: no code is free", offerID, presage.ErrConflict)
}
