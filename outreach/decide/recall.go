package decide

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/policy"
)

// RecallPolicy names what decided a case that a recall opened.
const RecallPolicy = "recall/1"

// RecallStore keeps which cars a maker asks in for.
type RecallStore interface {
	SettleRecalls(ctx context.Context, now time.Time) error
	// RecallsDue lists the cars of recalls that are not done, those of safety first.
	RecallsDue(ctx context.Context) ([]presage.RecallCar, error)
	// TakeRecall notes which case a car's recall is in.
	TakeRecall(ctx context.Context, id string, vin presage.VIN, caseID string) error
}

// recalls asks cars in that their makers want: in a case or a visit that stands, else
// in one of their own. Neither hold-out nor cap keeps it back, for it is owed.
func (d *Decider) recalls(ctx context.Context, rep *Report) error {
	if d.Catalogue.RecallBook == nil {
		return nil
	}
	if err := d.Store.SettleRecalls(ctx, d.Now()); err != nil {
		return fmt.Errorf("recalls: %w", err)
	}
	cars, err := d.Store.RecallsDue(ctx)
	if err != nil {
		return fmt.Errorf("recalls: %w", err)
	}
	byVIN := map[presage.VIN][]presage.RecallCar{}
	var order []presage.VIN
	for _, c := range cars {
		if byVIN[c.VIN] == nil {
			order = append(order, c.VIN)
		}
		byVIN[c.VIN] = append(byVIN[c.VIN], c)
	}
	var faults []error
	for _, vin := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := casework.Contend(func() error { return d.recall(ctx, vin, byVIN[vin], rep) })
		if err != nil && !casework.Overtaken(err) {
			faults = append(faults, fmt.Errorf("recall %s: %w", vin.Masked(), err))
		}
	}
	return errors.Join(faults...)
}

// recall looks at one car and all that its maker wants of it.
func (d *Decider) recall(ctx context.Context, vin presage.VIN, cars []presage.RecallCar, rep *Report) error {
	past, err := d.Store.LastCases(ctx, vin, 50)
	if err != nil {
		return fmt.Errorf("cases: %w", err)
	}
	live := slices.DeleteFunc(settledFirst(past), func(c presage.Case) bool { return c.State.Ended() })
	wanted, err := d.wanted(cars, past, live)
	if err != nil || len(wanted) == 0 {
		return err
	}
	taken, err := d.caseFor(ctx, live, wanted, d.recallDecision(vin, wanted), rep)
	if err != nil || taken == "" {
		return err
	}
	for _, r := range wanted {
		if err := d.Store.TakeRecall(ctx, r.ID, vin, taken); err != nil {
			return err
		}
	}
	return nil
}

// caseFor is the case that recalls are in from now on: one that they join, else one of
// their own; "" when they have to wait.
func (d *Decider) caseFor(
	ctx context.Context, live []presage.Case, rs []presage.Recall, p policy.Decision, rep *Report,
) (string, error) {
	ps, err := d.Store.Prognoses(ctx, p.Input.VIN)
	if err != nil {
		return "", err
	}
	open, err := d.joinable(ctx, live, p)
	if err != nil {
		return "", err
	}
	joined, err := d.join(ctx, known{vin: p.Input.VIN, cases: open, prognoses: ps}, p)
	if err != nil {
		return "", err
	}
	if joined == "" {
		return d.ownRecall(ctx, known{vin: p.Input.VIN, cases: live, prognoses: ps}, rs, p, rep)
	}
	rep.Joined++
	return joined, nil
}

// joinable are the cases that a recall may join: while an offer is out its customer
// is asked nothing else, and a visit weeks away is too late for safety.
func (d *Decider) joinable(ctx context.Context, live []presage.Case, p policy.Decision) ([]presage.Case, error) {
	var list []presage.Case
	for _, c := range live {
		switch c.State {
		case presage.CaseOffered:
			continue
		case presage.CaseBooked:
			b, found, err := d.visitOf(ctx, c)
			if err != nil {
				return nil, err
			}
			if found && p.Severity == presage.Safety && b.Start.After(d.Now().AddDate(0, 0, soonestRecall)) {
				continue
			}
		default:
		}
		list = append(list, c)
	}
	return list, nil
}

// soonestRecall is within how many days a booked visit is soon enough for safety.
const soonestRecall = 14

// wanted are the recalls of a car that nobody takes care of: no live case is about
// them, and who said no is left alone for a while. Those that wait for a visit
// come only with one.
func (d *Decider) wanted(cars []presage.RecallCar, past, live []presage.Case) ([]presage.Recall, error) {
	var list []presage.Recall
	alone := false
	for _, car := range cars {
		r, err := d.Catalogue.RecallBook(car.Recall)
		if err != nil {
			return nil, err
		}
		id := presage.RecallComponent(r.ID)
		in := func(c presage.Case) bool { return slices.Contains(c.Components, id) }
		if slices.ContainsFunc(live, in) {
			continue
		}
		wait := d.Rules().CoolDown
		if r.Safety {
			wait = d.Rules().SafetyCoolDown
		}
		if i := slices.IndexFunc(past, in); i >= 0 && past[i].State != presage.CaseSuperseded &&
			d.Now().Sub(past[i].UpdatedAt) < wait {
			continue
		}
		alone = alone || !r.WithVisit
		list = append(list, r)
	}
	if len(live) == 0 && !alone {
		return nil, nil
	}
	return list, nil
}

func (d *Decider) recallDecision(vin presage.VIN, rs []presage.Recall) policy.Decision {
	p := policy.Decision{
		Policy: RecallPolicy, Act: true, Severity: presage.Comfort, Day: 14,
		Input: policy.Input{VIN: vin, At: d.Now(), Catalogue: d.Catalogue.Version, PolicyVersion: d.Rules().PolicyVersion},
	}
	sorted := slices.Clone(rs)
	slices.SortStableFunc(sorted, func(a, b presage.Recall) int { return -cmp.Compare(rank(a), rank(b)) })
	for _, r := range sorted {
		p.Components = append(p.Components, presage.RecallComponent(r.ID))
		if r.Safety {
			p.Severity, p.Day = presage.Safety, 7
		}
	}
	return p
}

func rank(r presage.Recall) int {
	if r.Safety {
		return 1
	}
	return 0
}

// ownRecall opens a case about recalls; "" when the car's customer is being asked
// something already. What is a matter of safety takes the place of what is not.
func (d *Decider) ownRecall(
	ctx context.Context, x known, rs []presage.Recall, p policy.Decision, rep *Report,
) (string, error) {
	p, free, err := d.makeWay(ctx, x.cases, p)
	if err != nil || !free {
		return "", err // else it joins when the customer has answered
	}
	if !slices.ContainsFunc(rs, func(r presage.Recall) bool { return !r.WithVisit }) {
		return "", nil
	}
	v, err := d.Store.Vehicle(ctx, x.vin)
	if err != nil {
		return "", err
	}
	customer, err := d.Store.Customer(ctx, v.CustomerID)
	if err != nil {
		return "", err
	}
	return d.begin(ctx, subject{vehicle: v, customer: customer, prognoses: x.prognoses}, p, beginning{rep: rep})
}

// makeWay ends the cases that still wait for their customer's answer, and adds what they
// were about to the decision. False, and nothing more is ended, at one that is no less grave.
func (d *Decider) makeWay(ctx context.Context, live []presage.Case, p policy.Decision) (policy.Decision, bool, error) {
	for _, c := range live {
		if c.State != presage.CaseOpen && c.State != presage.CaseOffered {
			continue
		}
		if p.Severity != presage.Safety || c.Severity == presage.Safety {
			return p, false, nil
		}
		why := presage.Because(presage.WhyNowDue, "component", string(p.Components[0]))
		if err := d.end(ctx, c, ending{presage.CaseSuperseded, why}); err != nil {
			return p, false, err
		}
		for _, id := range c.Components {
			if !slices.Contains(p.Components, id) {
				p.Components = append(p.Components, id)
			}
		}
	}
	return p, true, nil
}
