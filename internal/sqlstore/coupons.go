package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

const couponColumns = `code, offer_id, case_id, customer_id, workshop_id, rule, policy_version, discount, currency,
	issued_at, expires_at, redeemed_at, void_at`

// putCoupon inserts the coupon of an offer within the transaction that makes it.
// ErrConflict with ErrSpent when its rule has none left this month, or none for its
// customer yet.
func putCoupon(ctx context.Context, tx *sql.Tx, c *presage.Coupon) error {
	if c == nil {
		return nil
	}
	if err := couponLeft(ctx, tx, *c); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO coupons (`+couponColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)`,
		c.Code, c.OfferID, c.CaseID, c.CustomerID, c.WorkshopID, c.Rule, c.PolicyVersion, c.Discount.Minor,
		c.Discount.Currency, micros(c.IssuedAt), micros(c.ExpiresAt))
	return err
}

// couponLeft counts the coupons of a rule, one transaction after the other.
func couponLeft(ctx context.Context, tx *sql.Tx, c presage.Coupon) error {
	if c.Most <= 0 && c.NoneSince.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO coupon_turns (rule, turn) VALUES ($1, 1)
		ON CONFLICT (rule) DO UPDATE SET turn = coupon_turns.turn + 1`, c.Rule)
	if err != nil {
		return err
	}
	month, own := int64(0), int64(0)
	if c.Most > 0 {
		month, err = one(ctx, tx, scanCount, `SELECT COUNT(*) FROM coupons WHERE rule = $1 AND issued_at >= $2`,
			c.Rule, micros(presage.CouponMonth(c.IssuedAt)))
	}
	if err == nil && !c.NoneSince.IsZero() {
		own, err = one(ctx, tx, scanCount, `SELECT COUNT(*) FROM coupons
			WHERE rule = $1 AND customer_id = $2 AND case_id <> $3 AND issued_at >= $4`,
			c.Rule, c.CustomerID, c.CaseID, micros(c.NoneSince))
	}
	if err == nil && (c.Most > 0 && int(month) >= c.Most || own > 0) {
		err = fmt.Errorf("coupon of rule %q: %w: %w", c.Rule, presage.ErrConflict, presage.ErrSpent)
	}
	return err
}

// Coupon returns the coupon with a code, or ErrNotFound.
func (s *Store) Coupon(ctx context.Context, code string) (presage.Coupon, error) {
	c, err := one(ctx, s.r, scanCoupon, `SELECT `+couponColumns+` FROM coupons WHERE code = $1`, code)
	return c, wrap(err, "coupon")
}

// CouponOf returns the newest coupon of a case that is not void, or ErrNotFound.
func (s *Store) CouponOf(ctx context.Context, caseID string) (presage.Coupon, error) {
	c, err := one(ctx, s.r, scanCoupon, `SELECT `+couponColumns+` FROM coupons
		WHERE case_id = $1 AND void_at = 0 ORDER BY issued_at DESC, code LIMIT 1`, caseID)
	return c, wrap(err, "coupon of case "+caseID)
}

// Coupons lists coupons, the newest first.
func (s *Store) Coupons(ctx context.Context, f presage.CouponFilter) ([]presage.Coupon, error) {
	q := couponsWith(`SELECT `+couponColumns+` FROM coupons`, f)
	if f.After != "" {
		q.and("(issued_at, code) < (SELECT b.issued_at, b.code FROM coupons b WHERE b.code = ?)", f.After)
	}
	cs, err := chosen(ctx, s.r, scanCoupon, q.order("issued_at DESC, code DESC", f.Limit))
	return cs, wrap(err, "list coupons")
}

// CountCoupons counts what Coupons would list without a limit.
func (s *Store) CountCoupons(ctx context.Context, f presage.CouponFilter) (int, error) {
	q := couponsWith(`SELECT COUNT(*) FROM coupons`, f)
	n, err := one(ctx, s.r, scanCount, q.text.String(), q.args...)
	return int(n), wrap(err, "count coupons")
}

func couponsWith(columnsFrom string, f presage.CouponFilter) *selection {
	q := choose(columnsFrom).is("rule", f.Rule).is("customer_id", f.CustomerID).is("case_id", f.CaseID)
	if f.NotCaseID != "" {
		q.and("case_id <> ?", f.NotCaseID)
	}
	if !f.From.IsZero() {
		q.and("issued_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		q.and("issued_at < ?", micros(f.To))
	}
	switch f.State {
	case presage.CouponRedeemed:
		q.text.WriteString(" AND redeemed_at > 0")
	case presage.CouponVoid:
		q.text.WriteString(" AND redeemed_at = 0 AND void_at > 0")
	case presage.CouponExpired:
		q.and("redeemed_at = 0 AND void_at = 0 AND expires_at <= ?", micros(f.Now))
	case presage.CouponOpen:
		q.and("redeemed_at = 0 AND void_at = 0 AND expires_at > ?", micros(f.Now))
	}
	return q
}

// RedeemCoupon uses a coupon up, once. ErrConflict when it was redeemed before or
// is void, ErrExpired after its time, ErrNotFound for an unknown code.
func (s *Store) RedeemCoupon(ctx context.Context, code string, at time.Time) (presage.Coupon, error) {
	c, err := one(ctx, s.w, scanCoupon, `UPDATE coupons SET redeemed_at = $2
		WHERE code = $1 AND redeemed_at = 0 AND void_at = 0 AND expires_at > $2 RETURNING `+couponColumns,
		code, micros(at))
	if !errors.Is(err, sql.ErrNoRows) {
		return c, wrap(err, "redeem coupon")
	}
	if c, err = s.Coupon(ctx, code); err != nil {
		return c, err
	}
	switch c.State(at) {
	case presage.CouponExpired:
		return c, fmt.Errorf("coupon: %w on %s", presage.ErrExpired, c.ExpiresAt.UTC().Format(time.DateOnly))
	case presage.CouponVoid:
		return c, fmt.Errorf("coupon: %w: its offer ended on %s without a visit", presage.ErrConflict,
			c.VoidAt.UTC().Format(time.DateOnly))
	case presage.CouponRedeemed, presage.CouponOpen:
	}
	return c, fmt.Errorf("coupon: %w: it was redeemed before", presage.ErrConflict)
}

// redeemAt uses up the coupon of a case whose visit began at start, where the
// workshop found something to do.
func redeemAt(ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, caseID string, start time.Time) error {
	idle := func(f presage.Finding) bool {
		return !f.Replaced && (f.Outcome == presage.OutcomeNoFaultFound || f.Outcome == presage.OutcomeReplacedElsewhere)
	}
	if !slices.ContainsFunc(r.Findings, func(f presage.Finding) bool { return !idle(f) }) {
		return nil
	}
	if r.At.Before(start) {
		start = r.At
	}
	_, err := tx.ExecContext(ctx, `UPDATE coupons SET redeemed_at = $2
		WHERE case_id = $1 AND redeemed_at = 0 AND void_at = 0 AND expires_at > $3`, caseID, micros(r.At), micros(start))
	return err
}

// voidCoupons ends what nobody can redeem any more, once a case has ended.
func voidCoupons(ctx context.Context, tx *sql.Tx, c presage.Case, at time.Time) error {
	if !c.State.Ended() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE coupons SET void_at = $2 WHERE case_id = $1 AND redeemed_at = 0 AND void_at = 0`,
		c.ID, micros(at))
	return err
}

// CouponFigures counts the coupons issued in [from, to) by rule and currency.
func (s *Store) CouponFigures(ctx context.Context, from, to, now time.Time) ([]presage.CouponFigure, error) {
	fs, err := all(ctx, s.r, scanCouponFigure, `SELECT rule, currency, COUNT(*),
			SUM(CASE WHEN redeemed_at > 0 THEN 1 ELSE 0 END),
			SUM(CASE WHEN redeemed_at = 0 AND void_at > 0 THEN 1 ELSE 0 END),
			SUM(CASE WHEN redeemed_at = 0 AND void_at = 0 AND expires_at <= $3 THEN 1 ELSE 0 END),
			CAST(SUM(discount) AS BIGINT), CAST(SUM(CASE WHEN redeemed_at > 0 THEN discount ELSE 0 END) AS BIGINT)
		FROM coupons WHERE issued_at >= $1 AND issued_at < $2 GROUP BY rule, currency ORDER BY rule, currency`,
		micros(from), micros(to), micros(now))
	return fs, wrap(err, "count coupons")
}

func scanCouponFigure(r row) (f presage.CouponFigure, err error) {
	err = r.Scan(&f.Rule, &f.Currency, &f.Issued, &f.Redeemed, &f.Void, &f.Expired, &f.Promised, &f.Given)
	return f, err
}

func scanCoupon(r row) (c presage.Coupon, err error) {
	err = r.Scan(&c.Code, &c.OfferID, &c.CaseID, &c.CustomerID, &c.WorkshopID, &c.Rule, &c.PolicyVersion,
		&c.Discount.Minor, &c.Discount.Currency, instant{&c.IssuedAt}, instant{&c.ExpiresAt}, instant{&c.RedeemedAt},
		instant{&c.VoidAt})
	return c, err
}
