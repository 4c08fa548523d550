package outreach

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/policy"
)

// open decides on a vehicle without a case.
func (s *Service) open(ctx context.Context, vin presage.VIN, ps []presage.Prognosis, rep *DecideReport) error {
	rep.Vehicles++
	v, err := s.store.Vehicle(ctx, vin)
	if err != nil {
		return err
	}
	if v.CustomerID == "" || v.WorkshopID == "" {
		rep.NoCustomer++
		return nil
	}
	customer, err := s.store.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	rested, again, err := s.rested(ctx, vin, ps)
	if err != nil {
		return err
	}
	if len(due(rested)) == 0 {
		rep.CoolingOff++
		return nil
	}
	d, err := s.decide(ctx, v, rested)
	if err != nil || !d.Act {
		return err
	}
	if capped, err := s.cappedFor(ctx, d, customer.ID); err != nil || capped {
		if capped {
			rep.Capped++
		}
		return err
	}
	return s.begin(ctx, subject{v, customer, ps}, d, beginning{again: again, rep: rep})
}

// subject is whom a case is about: the vehicle, who answers for it, and what is
// known of its components.
type subject struct {
	vehicle   presage.Vehicle
	customer  presage.Customer
	prognoses []presage.Prognosis
}

// beginning is how a new case starts.
type beginning struct {
	again bool // safety, after an earlier case ended without a repair: a person calls
	rep   *DecideReport
}

// begin stores the case in its first state and, where messages may go out, its offer.
func (s *Service) begin(ctx context.Context, x subject, d policy.Decision, b beginning) error {
	raw, err := d.Marshal()
	if err != nil {
		return err
	}
	now := s.now()
	c := presage.Case{
		ID: id("c", string(x.vehicle.VIN), instant(now)), VIN: x.vehicle.VIN,
		CustomerID: x.customer.ID, WorkshopID: x.vehicle.WorkshopID,
		Components: d.Components, Severity: d.Severity, State: presage.CaseOpen, Route: presage.RouteWorkshop,
		Owner: OwnerOutreach, OpenedAt: now, UpdatedAt: now, DueAt: now.Add(3 * 24 * time.Hour),
		VisitBy: now.AddDate(0, 0, d.Day), FailWithin: d.FailWithin, Decision: raw,
	}
	why := s.firstState(&c, x.customer, d, b)
	ev := presage.CaseEvent{CaseID: c.ID, At: now, Who: "policy", From: "", To: c.State, Why: why}
	if err := s.store.CreateCase(ctx, c, ev); err != nil {
		return fmt.Errorf("open case: %w", err)
	}
	b.rep.Cases++
	switch c.State {
	case presage.CaseWithheld:
		b.rep.Withheld++
	case presage.CaseSuppressed:
		b.rep.Suppressed++
	case presage.CaseEscalated:
		b.rep.Escalated++
	case presage.CaseOpen:
		return s.offer(ctx, c, x, b.rep)
	default:
	}
	return nil
}

// firstState settles where a case starts and says why.
func (s *Service) firstState(c *presage.Case, customer presage.Customer, d policy.Decision, b beginning) string {
	safety := c.Severity == presage.Safety
	person := func() {
		c.State, c.Owner, c.DueAt = presage.CaseEscalated, OwnerAdviser, c.OpenedAt.Add(callWithin(c.Severity))
	}
	end := func(state presage.CaseState) { c.State, c.DueAt = state, time.Time{} }
	switch {
	case d.Withheld:
		end(presage.CaseWithheld)
		return fmt.Sprintf("hold-out: draw %.4f below %.4f", d.Input.Draw, d.Input.Parameters.HoldOut)
	case b.again && safety:
		person()
		return "safety, due again after an earlier case ended without a repair: call the customer"
	case len(s.route(customer)) > 0:
		return fmt.Sprintf("%s due, cheapest visit in %d days", d.Components[0], d.Day)
	case safety || customer.Consent.Call:
		person()
		return "no message channel with consent: call the customer"
	}
	end(presage.CaseSuppressed)
	return "no channel with consent"
}

// decide builds the policy's input from what the stores hold and decides.
func (s *Service) decide(ctx context.Context, v presage.Vehicle, ps []presage.Prognosis) (policy.Decision, error) {
	now := s.now()
	w, err := s.store.Workshop(ctx, v.WorkshopID)
	if err != nil {
		return policy.Decision{}, err
	}
	in := policy.Input{
		VIN: v.VIN, At: now, Catalogue: s.cat.Version, Parameters: s.cfg.Policy,
		Draw: policy.Draw(s.cfg.Experiment, v.VIN, now),
	}
	var dueIDs []presage.ComponentID
	for _, p := range ps {
		c, err := s.cat.Component(p.Component)
		if err != nil || c.OTA {
			continue // a catalogue without it cannot repair it; software is not a visit
		}
		j, err := s.cat.Job(c.JobCode)
		if err != nil {
			return policy.Decision{}, err
		}
		x, err := s.supplyOf(ctx, w.DepotID, j.Parts, now)
		if err != nil {
			return policy.Decision{}, err
		}
		var age time.Duration
		if !v.InService.IsZero() {
			age = now.Sub(v.InService)
		}
		in.Needs = append(in.Needs, policy.NeedOf(p, c, j, age, daysUntil(x.ready(now), now)))
		if p.Status == presage.StatusDue {
			dueIDs = append(dueIDs, p.Component)
		}
	}
	if in.EarliestDay, err = s.earliestDay(ctx, w, dueIDs, now); err != nil {
		return policy.Decision{}, err
	}
	return policy.Decide(in)
}

// earliestDay is the first day with a free slot for the due components.
func (s *Service) earliestDay(ctx context.Context, w presage.Workshop, ids []presage.ComponentID, now time.Time,
) (int, error) {
	v, err := s.visitFor(ids, nil)
	if err != nil {
		return 0, err
	}
	from := now.Add(s.cfg.Notice)
	slots, err := s.search(ctx, w, v, window{from: from, to: from.AddDate(0, 0, s.cfg.SearchDays), limit: 1})
	if err != nil {
		return 0, err
	}
	if len(slots) == 0 {
		return s.cfg.SearchDays, nil
	}
	return int(slots[0].Start.Sub(now).Hours() / 24), nil
}

// rested drops the components that were dealt with too recently to be brought
// up again. again tells that a safety component is due whose last case ended
// without a repair within the ordinary cool-down.
func (s *Service) rested(ctx context.Context, vin presage.VIN, ps []presage.Prognosis,
) (rest []presage.Prognosis, again bool, err error) {
	past, err := s.store.LastCases(ctx, vin, 20)
	if err != nil {
		return nil, false, fmt.Errorf("earlier cases: %w", err)
	}
	now := s.now()
	for _, p := range ps {
		comp, err := s.cat.Component(p.Component)
		if err != nil {
			continue
		}
		wait := s.cfg.CoolDown
		if comp.SafetyCritical() {
			wait = s.cfg.SafetyCoolDown
		}
		last, found := lastWith(past, comp)
		if found && now.Sub(last.UpdatedAt) < wait {
			continue
		}
		rest = append(rest, p)
		if found && comp.SafetyCritical() && p.Status == presage.StatusDue &&
			now.Sub(last.UpdatedAt) < s.cfg.CoolDown && unrepaired(last.State) {
			again = true
		}
	}
	return rest, again, nil
}

// lastWith finds the newest ended case that dealt with the component.
func lastWith(past []presage.Case, comp presage.Component) (presage.Case, bool) {
	for _, c := range past {
		if c.State.Ended() && slices.Contains(c.Components, comp.ID) && dealtWith(c, comp) {
			return c, true
		}
	}
	return presage.Case{}, false
}

// dealtWith tells whether a case that held the component was about it: not one
// that was superseded, nor one that a safety-critical component was to come
// along with and that ended without a repair.
func dealtWith(c presage.Case, comp presage.Component) bool {
	switch c.State {
	case presage.CaseSuperseded:
		return false
	case presage.CaseDone, presage.CaseResolvedElsewhere:
		return true
	default:
		return !comp.SafetyCritical() || c.Severity == presage.Safety
	}
}

func unrepaired(s presage.CaseState) bool {
	return s == presage.CaseDeclined || s == presage.CaseExpired || s == presage.CaseSuppressed
}

// cappedFor tells whether a decision has to wait for the frequency cap. Safety
// never waits, and a withheld case sends nothing.
func (s *Service) cappedFor(ctx context.Context, d policy.Decision, customerID string) (bool, error) {
	if d.Severity == presage.Safety || d.Withheld {
		return false, nil
	}
	return s.capped(ctx, customerID)
}

// capped tells whether the customer has had as many messages as the cap allows.
func (s *Service) capped(ctx context.Context, customerID string) (bool, error) {
	n, err := s.store.MessagesSince(ctx, customerID, s.now().Add(-s.cfg.CapWindow))
	if err != nil {
		return false, fmt.Errorf("frequency cap: %w", err)
	}
	return n >= s.cfg.Cap, nil
}
