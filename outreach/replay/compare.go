package replay

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"time"

	"presage"
	"presage/outreach/calendar"
	"presage/outreach/rules"
)

// Comparison is what two policies do with the same decisions.
type Comparison struct {
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	Decisions   int       `json:"decisions"`
	Different   int       `json:"different"` // rows; they come first
	Currency    string    `json:"currency,omitempty"`
	HorizonDays int       `json:"horizon_days"` // costs are expected until then
	A           Side      `json:"a"`
	B           Side      `json:"b"`
	Check       Check     `json:"check"`
	Rows        []Row     `json:"rows"`
}

// Side is one policy over all decisions.
type Side struct {
	Outcomes map[presage.DecisionOutcome]int `json:"outcomes"`
	Texts    int                             `json:"texts"` // when nobody answers
	Cost     int64                           `json:"cost"`  // in minor units, of the decisions that have one
	// Coupons come with offers; their cost is in Cost.
	Coupons    int   `json:"coupons"`
	CouponCost int64 `json:"coupon_cost"`
}

// Check is how the stored decisions come out by the policies that were in force.
type Check struct {
	Decisions int      `json:"decisions"`
	Agree     int      `json:"agree"`
	Differ    []string `json:"differ,omitempty"` // decision by decision, why
}

// Row is one decision under both policies.
type Row struct {
	ID     string                  `json:"id"`
	At     time.Time               `json:"at"`
	VIN    presage.VIN             `json:"vin"`
	CaseID string                  `json:"case_id,omitempty"`
	Was    presage.DecisionOutcome `json:"was"` // decided then
	Alert  bool                    `json:"alert,omitempty"`
	A      Fate                    `json:"a"`
	B      Fate                    `json:"b"`
	Differ []string                `json:"differ,omitempty"` // what is not the same
}

// item is a record that was read.
type item struct {
	presage.DecisionRecord
	known Known
}

// Policies are the two documents that are compared, and those of the past.
type Policies struct {
	A, B rules.Document
	// Version is a stored policy; ErrNotFound.
	Version func(int64) (rules.Document, error)
	// Coupons were issued before the first decision, see CouponsFrom.
	Coupons []presage.Coupon
}

// Compare makes every decision again by both policies. The order of the records
// does not count: it goes by their time. ErrInvalid: a record cannot be read.
func Compare(from, to time.Time, records []presage.DecisionRecord, p Policies) (Comparison, error) {
	items, err := read(records)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{
		From: from, To: to, Decisions: len(items), HorizonDays: max(p.A.Costs.HorizonDays, p.B.Costs.HorizonDays),
		Currency: p.A.Costs.Visit.Currency, A: newSide(), B: newSide(), Rows: []Row{},
	}
	days, err := calendar.Open(slog.New(slog.DiscardHandler))
	if err != nil {
		return c, err
	}
	a, err := story(items, p.A, p.Coupons, days)
	if err != nil {
		return c, fmt.Errorf("policy A: %w", err)
	}
	b, err := story(items, p.B, p.Coupons, days)
	if err != nil {
		return c, fmt.Errorf("policy B: %w", err)
	}
	if c.Check, err = check(items, p.Version, days); err != nil {
		return c, err
	}
	for i, x := range items {
		price(x, &a[i], &b[i], p.A, c.HorizonDays)
		c.A.count(a[i])
		c.B.count(b[i])
		row := Row{
			ID: x.ID, At: x.At, VIN: x.VIN, CaseID: x.CaseID, Was: x.Outcome, Alert: x.known.Alert != nil,
			A: a[i], B: b[i], Differ: differ(a[i], b[i]),
		}
		if len(row.Differ) > 0 {
			c.Different++
		}
		c.Rows = append(c.Rows, row)
	}
	slices.SortStableFunc(c.Rows, func(x, y Row) int {
		return cmp.Compare(min(1, len(y.Differ)), min(1, len(x.Differ)))
	})
	return c, nil
}

// read sorts the records by time.
func read(records []presage.DecisionRecord) ([]item, error) {
	items := make([]item, 0, len(records))
	var faults []error
	for _, d := range records {
		known, err := parse(d)
		if err == nil && known.Alert != nil && len(known.Needs) == 0 {
			err = fmt.Errorf("%w record of decision %s: an alert without its component", presage.ErrInvalid, d.ID)
		}
		faults = append(faults, err)
		items = append(items, item{d, known})
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return items, errors.Join(faults...)
}

// story is what a policy does with decision after decision.
func story(
	items []item, d rules.Document, coupons []presage.Coupon, days *calendar.Calendar,
) ([]Fate, error) {
	r, past := d.Over(rules.Default()), newPast(coupons)
	fates := make([]Fate, len(items))
	for i, x := range items {
		f, err := once{x.DecisionRecord, x.known, r, past, days}.fate()
		if err != nil {
			return nil, fmt.Errorf("decision %s: %w", x.ID, err)
		}
		past.note(x.DecisionRecord, f, x.known.safe())
		fates[i] = f
	}
	return fates, nil
}

// safe are the components that are a matter of safety.
func (k Known) safe() map[presage.ComponentID]bool {
	ids := map[presage.ComponentID]bool{}
	for _, n := range k.Needs {
		ids[n.Component] = n.safety()
	}
	return ids
}

// price puts the expected costs of both fates on one scale: the prices of the
// first policy, until the horizon or the later visit. What no visit serves costs
// the breakdowns until then, a coupon its discount. An alert has no probability, so it
// has no cost.
func price(x item, a, b *Fate, prices rules.Document, horizon int) {
	if x.known.Alert != nil {
		return
	}
	until := max(horizon, a.day, b.day)
	for _, f := range []*Fate{a, b} {
		var sum int64
		for _, n := range x.known.Needs {
			if f.visits() && slices.Contains(f.Components, n.Component) {
				breakdown, waste := n.Cost(float64(f.day))
				sum += int64(math.Round(breakdown)) + int64(math.Round(waste))
				continue
			}
			breakdown, _ := n.Cost(float64(until))
			sum += int64(math.Round(breakdown))
		}
		if f.visits() {
			sum += prices.Costs.Visit.Minor + prices.Costs.Annoyance.Minor
		}
		if f.Coupon != nil {
			sum += f.Coupon.Discount.Minor
		}
		f.Cost = sum
	}
}

// differ names what is not the same.
func differ(a, b Fate) []string {
	var names []string
	add := func(name string, equal bool) {
		if !equal {
			names = append(names, name)
		}
	}
	add("outcome", a.Outcome == b.Outcome)
	if !a.visits() && !b.visits() {
		return names
	}
	add("components", slices.Equal(a.Components, b.Components))
	add("visit_by", a.VisitBy.Equal(b.VisitBy))
	add("told_at", a.at().Equal(b.at()))
	add("texts", slices.Equal(a.Stops, b.Stops))
	add("call_at", a.CallAt.Equal(b.CallAt))
	add("coupon", a.gift() == b.gift())
	return names
}

func newSide() Side { return Side{Outcomes: map[presage.DecisionOutcome]int{}} }

func (s *Side) count(f Fate) {
	s.Outcomes[f.Outcome]++
	s.Texts += len(f.Stops)
	s.Cost += f.Cost
	if f.Coupon != nil {
		s.Coupons++
		s.CouponCost += f.Coupon.Discount.Minor
	}
}

// Mask hides the middle of each VIN.
func (c *Comparison) Mask() {
	for i, r := range c.Rows {
		c.Rows[i].VIN = presage.VIN(r.VIN.Masked())
	}
}
