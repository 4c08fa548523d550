package replay

import (
	"slices"
	"time"

	"presage"
	"presage/outreach/calendar"
	"presage/outreach/contact"
	"presage/outreach/policy"
	"presage/outreach/rules"
)

// Fate is what a policy does with what was due.
type Fate struct {
	Outcome    presage.DecisionOutcome `json:"outcome"`
	Components []presage.ComponentID   `json:"components,omitempty"` // that the customer hears of
	Severity   presage.Severity        `json:"severity,omitempty"`
	VisitBy    time.Time               `json:"visit_by,omitzero"` // the cheapest day
	day        int                     // the same, counted from the decision
	Stops      []contact.Stop          `json:"stops,omitempty"`  // the texts, unless the customer answers
	CallAt     time.Time               `json:"call_at,omitzero"` // a person calls by then, unless the customer answers
	Coupon     *Gift                   `json:"coupon,omitempty"` // that comes with the offer
	// Cost is expected until the horizon, in minor units: breakdowns, life thrown
	// away, the visit, and its coupon.
	Cost int64 `json:"cost"`
}

// at is when the customer hears of it first, zero for never.
func (f Fate) at() time.Time {
	if len(f.Stops) > 0 {
		return f.Stops[0].At
	}
	return f.CallAt
}

// visits tells whether the car is asked in.
func (f Fate) visits() bool {
	switch f.Outcome {
	case presage.DecisionTold, presage.DecisionCalled, presage.DecisionJoined:
		return true
	case presage.DecisionWithheld, presage.DecisionSuppressed, presage.DecisionCapped, presage.DecisionResting,
		presage.DecisionNotDue:
	}
	return false
}

// gift is the coupon, zero for none.
func (f Fate) gift() Gift {
	if f.Coupon == nil {
		return Gift{}
	}
	return *f.Coupon
}

// past is what a policy did before: the cases that it did not open, and those
// that it opened and nobody else did.
type past struct {
	dropped map[string]bool        // cases that it did not open
	silent  map[string]bool        // cases whose offer it did not make
	opened  map[need][]time.Time   // cases that it opened, and nobody else did
	told    map[string][]time.Time // offers that it made, and nobody else did, by customer
	given   []presage.Coupon       // that it gave, and all from before the first decision
}

type need struct {
	vin       presage.VIN
	component presage.ComponentID
}

func newPast(before []presage.Coupon) *past {
	return &past{
		given:   slices.Clone(before),
		dropped: map[string]bool{}, silent: map[string]bool{}, opened: map[need][]time.Time{}, told: map[string][]time.Time{},
	}
}

// note keeps what a policy did with a record, where the service did something else.
func (p *past) note(d presage.DecisionRecord, f Fate, safe map[presage.ComponentID]bool) {
	opens, opened := makesCase(f.Outcome), makesCase(d.Outcome)
	told, tells := d.Outcome == presage.DecisionTold, f.Outcome == presage.DecisionTold
	if opened && !opens {
		p.dropped[d.CaseID] = true
	}
	if told && !tells {
		p.silent[d.CaseID] = true
	}
	if tells && !told && f.Severity != presage.Safety {
		p.told[d.CustomerID] = append(p.told[d.CustomerID], f.at())
	}
	if opens && !opened {
		p.open(d, f, safe)
	}
	if f.Coupon != nil {
		p.given = append(p.given, presage.Coupon{
			Rule: f.Coupon.Rule, CustomerID: d.CustomerID, CaseID: caseOf(d), IssuedAt: d.At,
		})
	}
}

// open keeps a case that nobody else opened.
func (p *past) open(d presage.DecisionRecord, f Fate, safe map[presage.ComponentID]bool) {
	for _, id := range f.Components {
		if safe[id] && f.Severity != presage.Safety {
			continue // it was to come along: no case was about it
		}
		n := need{d.VIN, id}
		p.opened[n] = append(p.opened[n], d.At)
	}
}

// makesCase tells whether an outcome opens a case of its own.
func makesCase(o presage.DecisionOutcome) bool {
	switch o {
	case presage.DecisionTold, presage.DecisionCalled, presage.DecisionWithheld, presage.DecisionSuppressed:
		return true
	case presage.DecisionJoined, presage.DecisionCapped, presage.DecisionResting, presage.DecisionNotDue:
	}
	return false
}

const day = 24 * time.Hour

// once is one decision to be made.
type once struct {
	record presage.DecisionRecord
	known  Known
	rules  rules.Config
	past   *past
	days   *calendar.Calendar
}

// fate decides, in the order in which outreach does.
func (o once) fate() (Fate, error) {
	if o.known.Alert != nil {
		return o.alertFate(), nil
	}
	left, again := o.rested()
	if !anyDue(o.known.Needs) {
		return Fate{Outcome: presage.DecisionNotDue}, nil
	}
	if !anyDue(left) {
		return Fate{Outcome: presage.DecisionResting}, nil
	}
	d, err := o.decide(left)
	if err != nil || !d.Act {
		return Fate{Outcome: presage.DecisionNotDue}, err
	}
	f := Fate{Components: d.Components, Severity: d.Severity, day: d.Day}
	switch {
	case d.Withheld:
		f.Outcome = presage.DecisionWithheld
	case o.known.Joined:
		f.Outcome = presage.DecisionJoined
	case d.Severity != presage.Safety && o.capped():
		f.Outcome = presage.DecisionCapped
	default:
		o.start(&f, again)
	}
	if f.visits() {
		f.VisitBy = o.record.At.AddDate(0, 0, d.Day)
	}
	return f, nil
}

// decide is the policy's own arithmetic.
func (o once) decide(left []Need) (policy.Decision, error) {
	in := policy.Input{
		VIN: o.record.VIN, At: o.record.At, Catalogue: o.known.Catalogue, Parameters: o.rules.Policy,
		Draw: policy.Draw(o.rules.Experiment, o.record.VIN), PolicyVersion: o.rules.PolicyVersion,
		OutsidePilot: !o.rules.InPilot(o.record.WorkshopID), EarliestDay: o.known.EarliestDay,
	}
	for _, n := range left {
		in.Needs = append(in.Needs, n.Need)
	}
	return policy.Decide(in)
}

// alertFate is Watcher's: at once, and nothing of safety is held back.
func (o once) alertFate() Fate {
	a, n := o.known.Alert, o.known.Needs[0]
	safety := a.Severity == presage.Safety
	f := Fate{Components: []presage.ComponentID{a.Component}, Severity: a.Severity}
	last, found := o.last(n)
	lately := found && o.record.At.Sub(last.Ended) < o.rules.CoolDown
	again := lately && (unrepaired(last.State) || last.State == presage.CaseDone)
	switch {
	case lately && unrepaired(last.State) && !safety:
		f.Outcome = presage.DecisionResting
	case !safety && o.capped():
		f.Outcome = presage.DecisionCapped
	case !safety && !o.rules.InPilot(o.record.WorkshopID):
		f.Outcome = presage.DecisionWithheld
	default:
		o.start(&f, again)
	}
	return f
}

// rested drops what was dealt with too recently; again: safety, after a case that
// ended without a repair.
func (o once) rested() (left []Need, again bool) {
	for _, n := range o.known.Needs {
		wait := o.rules.CoolDown
		if n.safety() {
			wait = o.rules.SafetyCoolDown
		}
		last, found := o.last(n)
		if found && o.record.At.Sub(last.Ended) < wait {
			continue
		}
		left = append(left, n)
		if found && n.safety() && n.Status == presage.StatusDue && o.record.At.Sub(last.Ended) < o.rules.CoolDown &&
			unrepaired(last.State) {
			again = true
		}
	}
	return left, again
}

// last is the last case about a need in the past of this policy.
func (o once) last(n Need) (Last, bool) {
	var last Last
	found := n.Last != nil && !o.past.dropped[n.Last.CaseID]
	if found {
		last = *n.Last
	}
	for _, at := range o.past.opened[need{o.record.VIN, n.Component}] {
		if !found || at.After(last.Ended) {
			last, found = Last{State: presage.CaseOffered, Ended: at}, true
		}
	}
	return last, found
}

// capped tells whether the customer has heard enough.
func (o once) capped() bool {
	since, n := o.record.At.Add(-o.rules.CapWindow), 0
	for _, t := range o.known.Told {
		if t.At.UnixMicro() >= since.UnixMicro() && !o.past.silent[t.CaseID] {
			n++
		}
	}
	for _, at := range o.past.told[o.record.CustomerID] {
		if !at.Before(since) {
			n++
		}
	}
	return n >= o.rules.Cap
}

// start is where a new case begins, and how the customer hears of it.
func (o once) start(f *Fate, again bool) {
	way, safety := o.way(f.Severity), f.Severity == presage.Safety
	switch {
	case again, len(way.Channels) == 0 && (safety || f.Severity == presage.Mobility && way.Callable):
		f.Outcome, f.CallAt = presage.DecisionCalled, o.record.At.Add(o.rules.CallWithin(f.Severity))
		return
	case len(way.Channels) == 0:
		f.Outcome = presage.DecisionSuppressed
		return
	}
	f.Outcome, f.Coupon = presage.DecisionTold, o.coupon(*f)
	o.tell(f, way)
}

// tell is how the customer hears of an offer, unless they answer.
func (o once) tell(f *Fate, way Way) {
	safety := f.Severity == presage.Safety
	urgent := o.known.Alert != nil && safety
	wait, calls := o.rules.Wait.Unseen(f.Severity), safety || f.Severity == presage.Mobility && way.Calls
	places := o.days.PlacesIn(o.known.Zone, o.known.Country, o.rules.Elsewhere)
	proper := contact.QuietOf(o.rules, o.days, places, presage.Case{Severity: f.Severity}.Purpose()).Until
	if urgent {
		wait, proper = min(wait, contact.UrgentWait), func(t time.Time) time.Time { return t }
	}
	expires := o.record.At.Add(o.rules.OfferTTL)
	if told := proper(o.record.At); told.Sub(o.record.At) > day { // it waits for the end of holidays
		expires = told.Add(o.rules.OfferTTL)
	}
	var end time.Time
	f.Stops, end = contact.Course{
		Channels: way.Channels, Wait: wait, Proper: proper, Once: !calls, Remind: o.rules.Remind, Expires: expires,
	}.Stops(o.record.At)
	if !calls {
		return
	}
	f.CallAt = end
	if urgent && o.record.At.Add(o.rules.CallWithin(presage.Safety)).Before(end) {
		f.CallAt = o.record.At.Add(o.rules.CallWithin(presage.Safety))
	}
	if expires.Before(f.CallAt) {
		f.CallAt = expires
	}
}

func (o once) way(s presage.Severity) Way {
	return o.known.Ways[presage.Case{Severity: s}.Purpose()]
}

func anyDue(needs []Need) bool {
	for _, n := range needs {
		if n.Status == presage.StatusDue {
			return true
		}
	}
	return false
}
