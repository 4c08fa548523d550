package advise

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// missed tells whether nobody was spoken to, who may be reached another time.
func missed(o presage.CallOutcome) bool {
	return o == presage.CallNoAnswer || o == presage.CallVoicemail
}

// called notes a call. Whom nobody reached is called again: at the time that was said,
// else by itself as often as the policy says. Then no call follows: about safety the
// manager has the case, about anything else a person chooses another way.
func (a *Adviser) called(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	why := presage.Because(presage.WhyCalled, "call", string(x.Call))
	r := &presage.CallResult{Outcome: x.Call, Again: x.Until}
	change := presage.CaseChange{Call: r}
	if !personal(f.Case) { // its deadline is that of its offer or visit
		return a.amend(ctx, f.Case, change, a.note(x, why))
	}
	change.DueAt = a.Now().Add(a.Ledger.CallWithin(f.Case.Severity))
	switch {
	case !x.Until.IsZero():
		change.DueAt = x.Until
		why = why.Arg("until", x.Until.UTC().Format(time.RFC3339))
	case missed(x.Call):
		inVain, err := a.inVain(ctx, f.Case.ID)
		if err != nil {
			return err
		}
		inVain = append(inVain, a.Now())
		if len(inVain) < a.Rules().CallAttempts {
			r.Again = a.again(f, inVain)
			change.DueAt = casework.Later(change.DueAt, r.Again.Add(a.Ledger.CallWithin(f.Case.Severity)/2))
			break
		}
		why = why.With(presage.Because(presage.WhyUnreached, "calls", strconv.Itoa(len(inVain))))
		change.DueAt = a.Now().Add(a.Rules().Manager)
		if f.Case.Severity == presage.Safety {
			change.Owner = presage.OwnerManager
		}
	}
	return a.amend(ctx, f.Case, change, a.note(x, why))
}

// inVain are the calls about a case since somebody was last reached, the oldest first.
func (a *Adviser) inVain(ctx context.Context, caseID string) ([]time.Time, error) {
	events, err := a.Store.CaseEvents(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("calls of case %s: %w", caseID, err)
	}
	var calls []time.Time
	for _, e := range events {
		if e.Reason.Code != presage.WhyCalled {
			continue
		}
		switch o := presage.CallOutcome(e.Reason.Args["call"]); {
		case missed(o):
			calls = append(calls, e.At)
		case o == presage.CallReached:
			calls = nil
		}
	}
	return calls, nil
}

// again is when a customer is called again whom nobody reached: about safety within
// half of the time in which a call is due, about anything else on the next day that the
// workshop works, at an hour as far as can be from those that were tried.
func (a *Adviser) again(f visit.CaseFile, tried []time.Time) time.Time {
	if f.Case.Severity == presage.Safety {
		return a.Now().Add(a.Ledger.CallWithin(f.Case.Severity) / 2)
	}
	open, closes := a.Files.Planner.WorkHours(f.Workshop, a.Now())
	evening := closes.Add(-time.Hour) // people come home
	var best time.Time
	furthest := time.Duration(-1)
	for _, at := range []time.Time{evening, open.Add(time.Hour), open.Add(closes.Sub(open) / 2)} {
		if far := nearest(at, tried); far > furthest {
			best, furthest = at, far
		}
	}
	return best.UTC()
}

// nearest is how far, by the hour of the day, a moment is from the nearest of others.
func nearest(at time.Time, others []time.Time) time.Duration {
	least := 24 * time.Hour
	for _, o := range others {
		o = o.In(at.Location())
		gap := time.Duration(at.Hour()*60+at.Minute()-o.Hour()*60-o.Minute()) * time.Minute
		least = min(least, gap.Abs())
	}
	return least
}
