package rest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Coupons keeps the discounts that came with offers.
type Coupons interface {
	// Coupons lists coupons, the newest first.
	Coupons(ctx context.Context, f presage.CouponFilter) ([]presage.Coupon, error)
	// Coupon returns the one with a code, or ErrNotFound.
	Coupon(ctx context.Context, code string) (presage.Coupon, error)
	// RedeemCoupon uses one up, once. ErrConflict when it was redeemed before or its
	// offer ended, ErrExpired after its time, ErrNotFound for an unknown code.
	RedeemCoupon(ctx context.Context, code string, at time.Time) (presage.Coupon, error)
	// CouponFigures counts what was issued in [from, to).
	CouponFigures(ctx context.Context, from, to, now time.Time) ([]presage.CouponFigure, error)
}

func (h *handlers) couponRoutes(a huma.API) {
	const path, tag = "/v1/coupons", "Coupons"
	op := get("list-coupons", path, tag, "Coupons that came with offers, the newest first")
	op.Responses = example[page[couponRow]](a, page[couponRow]{Items: []couponRow{exampleCoupon()}})
	route(a, h.Logger, op, h.coupons)

	op = get("count-coupons", path+"/figures", tag, "What coupons brought and cost, by rule of the policy")
	op.Description = "Of the coupons issued in the time: how many, how many of them were redeemed, ended with their " +
		"offer or ran out; promised is what all would cost, given what the redeemed ones did, in minor units."
	op.Responses = example[couponFigures](a, exampleCouponFigures())
	route(a, h.Logger, op, h.couponFigures)

	op = post("redeem-coupon", path+"/{code}/redeem", tag, "Use a coupon up at the counter, once")
	op.Description = "What the workshop finds at the visit (POST /v1/results) redeems the coupon of its case too. " +
		"409: it was redeemed before, or its offer ended without a visit; 410: its days are over. Small letters, spaces " +
		"and hyphens in the code do not matter, and a mistyped letter is told from an unknown code (422)."
	op.Errors = append(op.Errors, http.StatusGone)
	op.Responses = example[couponRow](a, exampleCoupon())
	route(a, h.Logger, op, h.redeemCoupon)
}

// couponRow is a coupon with its state at the moment.
type couponRow struct {
	presage.Coupon

	State presage.CouponState `json:"state" enum:"open,redeemed,expired,void"`
}

type couponsInput struct {
	Window

	State    presage.CouponState `query:"state" enum:"open,redeemed,expired,void"`
	Rule     string              `query:"rule" maxLength:"64" doc:"Of the policy, by name"`
	Customer string              `query:"customer" maxLength:"64"`
	Case     string              `query:"case" maxLength:"64"`
	From     time.Time           `query:"from" doc:"Issued from this moment on" example:"2026-11-01T00:00:00Z"`
	To       time.Time           `query:"to" doc:"Issued before this moment" example:"2026-12-01T00:00:00Z"`
}

func (h *handlers) coupons(ctx context.Context, in *couponsInput) (*body[page[couponRow]], error) {
	if !in.From.IsZero() && !in.To.IsZero() && in.To.Before(in.From) {
		return nil, fmt.Errorf("to: %w: it is before from", presage.ErrInvalid)
	}
	if in.After != "" {
		if _, err := h.Coupons.Coupon(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	now := h.Now().UTC()
	found, err := h.Coupons.Coupons(ctx, presage.CouponFilter{
		Rule: in.Rule, CustomerID: in.Customer, CaseID: in.Case, State: in.State, Now: now, From: in.From, To: in.To,
		After: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	rows := make([]couponRow, len(found))
	for i, c := range found {
		rows[i] = couponRow{c, c.State(now)}
	}
	return paged(rows, in.Limit, func(c couponRow) string { return c.Code }), nil
}

type couponPath struct {
	Code string `path:"code" maxLength:"32" doc:"As the customer's text shows it" example:"7KQ4M2XHP"`
}

func (h *handlers) redeemCoupon(ctx context.Context, in *couponPath) (*body[couponRow], error) {
	code, err := presage.ParseCouponCode(in.Code)
	if err != nil {
		return nil, err
	}
	now := h.Now().UTC()
	c, err := h.Coupons.RedeemCoupon(ctx, code, now)
	if err != nil {
		return nil, err
	}
	return &body[couponRow]{Body: couponRow{c, c.State(now)}}, nil
}

type couponTimes struct {
	From time.Time `query:"from" doc:"Issued from then on; 30 days before to when absent"`
	To   time.Time `query:"to" doc:"... and before; now when absent"`
}

type couponFigures struct {
	From    time.Time              `json:"from"`
	To      time.Time              `json:"to"`
	Figures []presage.CouponFigure `json:"figures"`
}

func (h *handlers) couponFigures(ctx context.Context, in *couponTimes) (*body[couponFigures], error) {
	now := h.Now().UTC()
	within, err := figureTimes(in.From, in.To, now)
	if err != nil {
		return nil, err
	}
	found, err := h.Coupons.CouponFigures(ctx, within.From, within.To, now)
	if err != nil {
		return nil, err
	}
	return &body[couponFigures]{Body: couponFigures{within.From, within.To, nonNil(found)}}, nil
}

func exampleCoupon() couponRow {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	body := "7KQ4M2XH"
	c := presage.Coupon{
		Code: body + string(presage.CouponCheck(body)), OfferID: "o4n3k2jq7lmno5pq", CaseID: "cfh3k2jq7lmno5pq",
		CustomerID: "c-10042", WorkshopID: "w-pudong", Rule: "filter", PolicyVersion: 3,
		Discount: presage.Money{Minor: 1580, Currency: "CNY"}, IssuedAt: at, ExpiresAt: at.AddDate(0, 0, 30),
	}
	return couponRow{c, presage.CouponOpen}
}

func exampleCouponFigures() couponFigures {
	to := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	return couponFigures{From: to.Add(-figuresBack), To: to, Figures: []presage.CouponFigure{{
		Rule: "filter", Currency: "CNY", Issued: 120, Redeemed: 41, Void: 30, Expired: 9, Promised: 189600, Given: 64780,
	}}}
}
