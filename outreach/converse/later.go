package converse

import (
	"context"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/policy"
	"presage/outreach/reply"
	"presage/outreach/visit"
)

// putOff asks again when the customer has said: the offer is withdrawn with what it
// kept, and the case is open until then. Who named no time is asked for one, once. Where
// the case cannot wait the link stays the way to choose a visit; about safety a person calls.
func (l *Listener) putOff(ctx context.Context, t talk, m reply.Meaning, channel presage.ChannelName) error {
	f := t.file
	if err := l.forSafety(ctx, f); err != nil {
		return err
	}
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	waits, err := l.mayWait(ctx, f)
	if err != nil {
		return err
	}
	facts.AskWhen = waits && m.Again.IsZero() && Plan(m, situation([]talk{t})) == Ask
	if waits && !m.Again.IsZero() {
		until, sooner := l.until(f, m.Again)
		if until.After(l.Now()) {
			if err := l.snooze(ctx, f, until); err != nil {
				return err
			}
			facts.Again, facts.Sooner = until, sooner
		}
	}
	return l.answer(ctx, f, wording.Later, facts, channel)
}

// mayWait tells whether a case can be put off: it is no matter of safety, waits for its
// customer alone, or ended without a repair while it stands.
func (l *Listener) mayWait(ctx context.Context, f visit.CaseFile) (bool, error) {
	if f.Case.Severity == presage.Safety {
		return false, nil
	}
	switch f.Case.State {
	case presage.CaseOffered, presage.CaseOpen:
		return true, nil
	case presage.CaseDeclined, presage.CaseExpired:
		return l.stands(ctx, f.Case)
	default:
		return false, nil
	}
}

// snooze puts a case off, and gives back what its offer kept.
func (l *Listener) snooze(ctx context.Context, f visit.CaseFile, until time.Time) error {
	c := f.Case
	why := presage.Because(presage.WhySnoozed, "until", until.UTC().Format(time.RFC3339))
	change := presage.CaseChange{Owner: presage.OwnerOutreach, DueAt: until}
	var err error
	if c.State == presage.CaseOpen {
		err = l.Store.AmendCase(ctx, c.ID, change, presage.CaseEvent{
			CaseID: c.ID, At: l.Now(), Who: casework.ByCustomer, Reason: why.Arg("at", casework.Instant(l.Now())),
		})
	} else {
		err = l.Ledger.Move(ctx, c, presage.CaseOpen, change, casework.Note{Who: casework.ByCustomer, Why: why})
	}
	if err != nil || f.Offer.ID == "" || f.Offer.Answer != "" {
		return err
	}
	return l.Store.AnswerOffer(ctx, f.Offer.ID, l.Now(), presage.AnswerLater)
}

// until is when a case asks again: at the time that was wished, but not beyond the time
// for which visits are planned; about what may leave a car standing, early enough that a
// visit can still be told of and begin in time. sooner tells that the wish was later.
func (l *Listener) until(f visit.CaseFile, wish time.Time) (at time.Time, sooner bool) {
	c, r := f.Case, l.Rules()
	last := l.Now().AddDate(0, 0, r.HorizonDays)
	if c.Severity != presage.Comfort {
		ask := policy.LastAsk(c.OpenedAt, c.FailWithin, c.Severity, r.Notice)
		if len(c.Alerted) > 0 { // no model has said how long it lasts
			ask = c.VisitBy.Add(-2 * r.Notice)
		}
		if ask.Before(last) {
			last = ask
		}
	}
	quiet := l.Planner.QuietFor(f.Customer, c.Purpose())
	if !wish.After(last) {
		return quiet.Until(wish).UTC().Truncate(time.Second), false
	}
	day := last.In(contact.ReaderZone(f.Customer, f.Workshop))
	at = time.Date(day.Year(), day.Month(), day.Day(), noon, 0, 0, 0, day.Location())
	for at.After(l.Now()) && (at.After(last) || quiet.Until(at).After(at)) {
		at = at.AddDate(0, 0, -1)
	}
	return at.UTC(), true
}

// noon is when somebody is asked again who cannot wait as long as they wish.
const noon = 12
