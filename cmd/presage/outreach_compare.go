package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"presage"
	"presage/cmd/presage/client"
	"presage/cmd/presage/config"
	"presage/internal/sqlstore"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// comparePoliciesCommand makes decisions of the past again by two policies.
type comparePoliciesCommand struct {
	target

	Policy []string `required:"" sep:"none" placeholder:"FILE" help:"A policy, as PUT /v1/policy takes it; give two: the first is A, whose prices count for both."` //nolint:lll // a struct tag cannot be broken
	From   string   `placeholder:"TIME" help:"A day or an instant; only decisions from then on."`
	To     string   `placeholder:"TIME" help:"A day or an instant; only decisions before it."`
	VINs   bool     `name:"vins" help:"Show whole VINs."`
	JSON   bool     `name:"json" xor:"form" help:"Everything, as JSON."`
	CSV    bool     `name:"csv" xor:"form" help:"A row a decision and policy, as CSV."`
}

// past is what the stores know of decisions.
type past struct {
	records   []presage.DecisionRecord
	coupons   []presage.Coupon // issued before them
	workshops []string
	policies  func(version int64) (presage.Policy, error)
}

// Run prints the differences first. All faults of the flags and of both files are named.
func (c comparePoliciesCommand) Run(ctx context.Context, p *process) error {
	from, to, a, b, err := c.read()
	if err != nil {
		return err
	}
	window := presage.DecisionFilter{From: from, To: to}
	return c.reach(ctx, p, func(s *client.Service) error {
		known, err := askPast(ctx, s, window, couponsBefore(from, a, b))
		if err != nil {
			return err
		}
		return c.compare(p, known, a, b, window)
	}, func(sql *sqlstore.Store, _ config.Config) error {
		known, err := readPast(ctx, sql, window, couponsBefore(from, a, b))
		if err != nil {
			return err
		}
		return c.compare(p, known, a, b, window)
	})
}

func (c comparePoliciesCommand) read() (from, to time.Time, a, b rules.Document, err error) {
	var faults []error
	for _, f := range []struct {
		flag, text string
		at         *time.Time
	}{{"--from", c.From, &from}, {"--to", c.To, &to}} {
		if f.text == "" {
			continue
		}
		var bad error
		if *f.at, bad = time.Parse(time.DateOnly, f.text); bad != nil {
			if *f.at, bad = time.Parse(time.RFC3339, f.text); bad != nil {
				faults = append(faults, fmt.Errorf("%w %s %.40q: want a day such as 2026-01-31, or RFC 3339",
					presage.ErrInvalid, f.flag, f.text))
			}
		}
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		faults = append(faults, fmt.Errorf("%w --to: want a moment after --from", presage.ErrInvalid))
	}
	docs := make([]rules.Document, max(2, len(c.Policy)))
	for i, name := range c.Policy {
		raw, bad := os.ReadFile(name)
		if bad == nil {
			docs[i], bad = rules.Read(raw)
		}
		faults = append(faults, named(name, bad))
	}
	if len(c.Policy) != 2 {
		faults = append(faults, fmt.Errorf("%w --policy: %d given, want two", presage.ErrInvalid, len(c.Policy)))
	}
	return from, to, docs[0], docs[1], errors.Join(faults...)
}

// named says which file is at fault.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("--policy %s: %w", name, err)
}

func (c comparePoliciesCommand) compare(
	p *process, known past, a, b rules.Document, window presage.DecisionFilter,
) error {
	err := errors.Join(
		named(c.Policy[0], replay.Fits(a, known.records, known.workshops)),
		named(c.Policy[1], replay.Fits(b, known.records, known.workshops)))
	if err != nil {
		return err
	}
	found, err := replay.Compare(window.From, window.To, known.records, replay.Policies{
		A: a, B: b, Coupons: known.coupons, Version: func(v int64) (rules.Document, error) {
			stored, err := known.policies(v)
			if err != nil {
				return rules.Document{}, err
			}
			return rules.Read(stored.Document)
		},
	})
	if err != nil {
		return err
	}
	if !c.VINs {
		found.Mask()
	}
	switch {
	case c.JSON:
		return printJSON(p.stdout, found)
	case c.CSV:
		return writeComparison(p.stdout, found)
	default:
		return printComparison(p.stdout, found)
	}
}

// couponsBefore selects the coupons that count for the rules of two policies at the
// beginning of the time; nil for none.
func couponsBefore(from time.Time, a, b rules.Document) *presage.CouponFilter {
	since, count := replay.CouponsFrom(from, a, b)
	if from.IsZero() || !count {
		return nil
	}
	return &presage.CouponFilter{From: since, To: from}
}

// readPast reads the database itself.
func readPast(
	ctx context.Context, sql *sqlstore.Store, window presage.DecisionFilter, before *presage.CouponFilter,
) (past, error) {
	known := past{policies: func(v int64) (presage.Policy, error) { return sql.Policy(ctx, v) }}
	var err error
	if known.records, err = sql.Decisions(ctx, window); err != nil {
		return past{}, err
	}
	if before != nil {
		if known.coupons, err = sql.Coupons(ctx, *before); err != nil {
			return past{}, err
		}
	}
	ws, err := sql.Workshops(ctx)
	known.workshops = workshopIDs(ws)
	return known, err
}

func workshopIDs(ws []presage.Workshop) []string {
	ids := make([]string, len(ws))
	for i, w := range ws {
		ids[i] = w.ID
	}
	return ids
}

// askPast asks a running service.
func askPast(
	ctx context.Context, s *client.Service, window presage.DecisionFilter, before *presage.CouponFilter,
) (past, error) {
	known := past{policies: func(v int64) (presage.Policy, error) {
		var stored presage.Policy
		err := s.Do(ctx, http.MethodGet, fmt.Sprint("/v1/policy?version=", v), nil, &stored)
		return stored, err
	}}
	var err error
	known.records, err = askAll[presage.DecisionRecord](ctx, s, "/v1/decisions", within(window.From, window.To))
	if err != nil {
		return past{}, err
	}
	if before != nil {
		known.coupons, err = askAll[presage.Coupon](ctx, s, "/v1/coupons", within(before.From, before.To))
		if err != nil {
			return past{}, err
		}
	}
	ws, err := askAll[presage.Workshop](ctx, s, "/v1/workshops", url.Values{})
	known.workshops = workshopIDs(ws)
	return known, err
}

// within asks for what falls into [from, to), as far as they are named.
func within(from, to time.Time) url.Values {
	query := url.Values{"limit": {"200"}}
	if !from.IsZero() {
		query.Set("from", from.Format(time.RFC3339))
	}
	if !to.IsZero() {
		query.Set("to", to.Format(time.RFC3339))
	}
	return query
}

// askAll reads a list page by page.
func askAll[T any](ctx context.Context, s *client.Service, path string, query url.Values) ([]T, error) {
	all := []T{}
	for {
		var page struct {
			Items []T    `json:"items"`
			Next  string `json:"next"`
		}
		if err := s.Do(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &page); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all, nil
		}
		query.Set("after", page.Next)
	}
}
