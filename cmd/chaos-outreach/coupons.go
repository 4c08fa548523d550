package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/outreach/rules"
)

const (
	couponTag  = "LCOUP"
	couponAt   = "coupon"
	couponRule = "chaos"
	// atCounter is how many counters try the same code at once.
	atCounter = 4
	// couponKills is how often a process is killed while coupons are handed out, and
	// again while they are redeemed.
	couponKills = 3
	// policyTakes is how long a process may take to follow a new policy: it does from its
	// next pass on, and passes come every second here.
	policyTakes = 5 * time.Second
)

// couponResult is what came of a coupon rule that has fewer a month than there are offers.
type couponResult struct {
	Offers   int           `json:"offers"`
	Most     int           `json:"most"`   // that the rule has
	Issued   int           `json:"issued"` // in the database
	Mixed    int           `json:"mixed"`  // codes that somebody else's text tells, or another case has
	Silent   int           `json:"silent"` // codes that no text tells
	Redeemed int           `json:"redeemed"`
	Twice    int           `json:"twice"` // codes that two counters were told to have redeemed
	Never    int           `json:"never"` // codes that a counter was refused and nobody has redeemed
	Unknown  int64         `json:"unknown"`
	Kills    int           `json:"kills"`
	Took     time.Duration `json:"took_ns"`
}

func (c couponResult) faults() []fault {
	return []fault{
		{c.Issued - c.Most, "coupons were issued over what the rule has a month"},
		{c.Most - c.Issued, "coupons of the rule were not issued"},
		{c.Mixed, "codes were told to two, or given twice"},
		{c.Silent, "codes were told to nobody"},
		{c.Twice, "codes were redeemed twice"},
		{c.Never, "codes could not be redeemed at all"},
		{max(c.Issued-c.Redeemed, c.Redeemed-c.Issued), "codes are the difference of issued and redeemed"},
	}
}

// reportCoupons prints a line a combination.
func reportCoupons(t io.Writer, results []result) {
	fmt.Fprintln(t, "\ncoupons\toffers\ta month\tissued\ttold to two\ttold to nobody\tredeemed\ttwice\tnever\t"+
		"no answer\tkills\ttook")
	for _, r := range results {
		x := r.Coupons
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%v\n", r.Combination, x.Offers, x.Most, x.Issued, x.Mixed,
			x.Silent, x.Redeemed, x.Twice, x.Never, x.Unknown, x.Kills, x.Took.Round(time.Millisecond))
	}
}

// coupons lets both processes make offers at once under a rule that has a coupon for
// half of them, and then several counters redeem each code at once, while processes are
// killed.
func (r *rig) coupons(ctx context.Context, out *result) error {
	began := time.Now()
	n := r.Customers
	x := couponResult{Offers: n, Most: n / 2}
	if err := r.place(ctx, couponAt, 6, 6, 0); err != nil {
		return err
	}
	if err := r.couponPolicy(ctx, x.Most); err != nil {
		return err
	}
	cars, err := r.openCases(ctx, n)
	if err != nil {
		return err
	}
	var counts couponCounts
	kills, err := r.amidKills(ctx, func(ctx context.Context) error { return r.handOut(ctx, cars, &counts) })
	if err != nil {
		return err
	}
	issued, err := r.store.Coupons(ctx, presage.CouponFilter{Rule: couponRule})
	if err != nil {
		return err
	}
	if err := errors.Join(x.told(ctx, r.store, cars, issued), r.quiet(ctx)); err != nil {
		return err
	}
	more, err := r.amidKills(ctx, func(ctx context.Context) error { return r.redeem(ctx, issued, &counts) })
	if err != nil {
		return err
	}
	x.Redeemed, err = r.store.CountCoupons(ctx, presage.CouponFilter{Rule: couponRule, State: presage.CouponRedeemed})
	if err != nil {
		return err
	}
	x.Issued, x.Kills, x.Unknown, x.Took = len(issued), kills+more, counts.unknown.Load(), time.Since(began)
	x.Twice, x.Never = int(counts.twice.Load()), int(counts.never.Load())
	out.Coupons = x
	return nil
}

// couponPolicy puts the usual policy with one coupon rule, and no quiet hours.
func (r *rig) couponPolicy(ctx context.Context, most int) error {
	d := rules.DefaultDocument()
	d.HoldOut.Share, d.Quiet.From, d.Quiet.To, d.Quiet.Holidays.Public = 0, 0, 0, false
	d.Coupons = []rules.CouponRule{{Name: couponRule, Percent: 10, Days: 30, PerMonth: most}}
	raw, err := d.Marshal()
	if err != nil {
		return err
	}
	if _, err := r.store.PutPolicy(ctx, presage.Policy{Document: raw, By: "chaos"}); err != nil {
		return err
	}
	return pause(ctx, policyTakes)
}

// openCases makes cases about a comfort repair that have no offer yet.
func (r *rig) openCases(ctx context.Context, n int) ([]car, error) {
	cars, err := r.owners(ctx, couponTag, couponAt, n)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	for _, c := range cars {
		err := r.store.CreateCase(ctx, presage.Case{
			ID: c.caseID, VIN: c.vin, CustomerID: c.customer, WorkshopID: c.workshop,
			Components: []presage.ComponentID{"cabin_filter"}, Severity: presage.Comfort, State: presage.CaseEscalated,
			Route: presage.RouteWorkshop, Owner: presage.OwnerAdviser, OpenedAt: now, UpdatedAt: now,
			DueAt: now.AddDate(0, 0, 30), VisitBy: now.AddDate(0, 0, 30),
		}, presage.CaseEvent{At: now, Who: "chaos"})
		if err != nil {
			return nil, err
		}
	}
	return cars, nil
}

// amidKills does something while processes are killed, and says how often one was.
func (r *rig) amidKills(ctx context.Context, do func(context.Context) error) (kills int, err error) {
	g, living := errgroup.WithContext(ctx)
	over, end := context.WithCancel(living)
	dice := r.dice()
	g.Go(func() error {
		defer end()
		return do(living)
	})
	g.Go(func() error {
		for kills < couponKills && pause(over, between(dice, 50*time.Millisecond, 400*time.Millisecond)) == nil {
			if err := r.kill(living, r.nodes[kills%2]); err != nil {
				return err
			}
			kills++
		}
		return living.Err()
	})
	return kills, g.Wait()
}

// quiet waits until the texts of the offers have left: what comes next counts its own.
func (r *rig) quiet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		waits := false
		for _, state := range []presage.MessageState{presage.MessagePlanned, presage.MessageSending} {
			ms, err := r.store.Messages(ctx, presage.MessageFilter{State: state})
			if err != nil {
				return err
			}
			waits = waits || slices.ContainsFunc(ms, func(m presage.Message) bool {
				return strings.HasPrefix(m.CaseID, couponTag) && m.NotBefore.Before(time.Now())
			})
		}
		if !waits {
			return nil
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("texts with coupons do not leave: %w", err)
		}
	}
}

// couponCounts are what counters were told.
type couponCounts struct{ twice, never, unknown atomic.Int64 }

// handOut lets a person offer each case, some twice, over both processes.
func (r *rig) handOut(ctx context.Context, cars []car, n *couponCounts) error {
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i, c := range cars {
		g.Go(func() error {
			a, silent := r.insist(ctx, i, "/v1/cases/"+c.caseID+"/actions", `{"action":"offered_again","who":"chaos"}`)
			n.unknown.Add(silent)
			if a == unknown && ctx.Err() == nil {
				return fmt.Errorf("case %s: no answer after %d tries", c.caseID, tries)
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

// insist posts to both processes in turn until one answers, and says how often none did.
func (r *rig) insist(ctx context.Context, first int, path, body string) (a answer, silent int64) {
	for try := range tries {
		a = r.post(ctx, r.nodes[(first+try)%2], path, "application/json", []byte(body))
		if a != unknown {
			return a, silent
		}
		silent++
		if pause(ctx, 100*time.Millisecond) != nil {
			return a, silent
		}
	}
	return a, silent
}

// told compares the codes with the texts that tell them: each one is told to the
// customer of its case alone.
func (x *couponResult) told(ctx context.Context, s store, cars []car, issued []presage.Coupon) error {
	cases := map[string]int{}
	bodies := map[string][]string{} // by customer
	for _, c := range cars {
		ms, err := s.Messages(ctx, presage.MessageFilter{CaseID: c.caseID})
		if err != nil {
			return err
		}
		for _, m := range ms {
			bodies[c.customer] = append(bodies[c.customer], m.Body)
		}
	}
	for _, c := range issued {
		if cases[c.CaseID]++; cases[c.CaseID] > 1 {
			x.Mixed++
		}
		known := false
		for customer, texts := range bodies {
			if !strings.Contains(strings.Join(texts, "\n"), c.Code) {
				continue
			}
			if known = true; customer != c.CustomerID {
				x.Mixed++
			}
		}
		if !known {
			x.Silent++
		}
	}
	return nil
}

// redeem lets several counters take each code at once. One that got no answer asks
// again: it may have been redeemed then.
func (r *rig) redeem(ctx context.Context, issued []presage.Coupon, n *couponCounts) error {
	var g errgroup.Group
	g.SetLimit(atOnce / atCounter)
	for _, c := range issued {
		g.Go(func() error {
			var took, open atomic.Int64
			var counters sync.WaitGroup
			for i := range atCounter {
				counters.Go(func() {
					a, silent := r.insist(ctx, i, "/v1/coupons/"+c.Code+"/redeem", "")
					open.Add(silent)
					if a == done {
						took.Add(1)
					}
				})
			}
			counters.Wait()
			n.unknown.Add(open.Load())
			n.twice.Add(max(0, took.Load()-1))
			if took.Load() == 0 && open.Load() == 0 {
				n.never.Add(1)
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}
