package advise

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/rules"
	"presage/outreach/visit"
)

// Adviser acts on cases for persons. Its fields are set once, before its first use.
type Adviser struct {
	Store   Store
	Files   *visit.Files
	Desk    *visit.Desk
	Ledger  *casework.Ledger
	Offerer Offerer
	Rules   rules.Current
	Now     func() time.Time
}

// Store changes cases and offers. ErrNotFound for an unknown ID.
type Store interface {
	Case(ctx context.Context, id string) (presage.Case, error)
	// AmendCase changes a case that goes on and records why; ErrConflict when it
	// has ended.
	AmendCase(ctx context.Context, caseID string, change presage.CaseChange, ev presage.CaseEvent) error
	// AnswerOffer: only the first answer counts.
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
}

// Offerer makes the offer of a case that is open.
type Offerer interface {
	Offer(ctx context.Context, caseID string) error
}

// A case is put off for so long at most.
const (
	longestSnooze       = 30 * 24 * time.Hour
	longestSnoozeSafety = 72 * time.Hour
)

// Act does what a person wishes and returns the case as it is then. ErrInvalid
// names every fault of the action, ErrConflict says why the case is not one for
// it, ErrNotFound: there is no such case.
func (a *Adviser) Act(ctx context.Context, x presage.CaseAction) (presage.Case, error) {
	if err := x.Validate(a.Now()); err != nil {
		return presage.Case{}, fmt.Errorf("act on case %s: %w", x.CaseID, err)
	}
	err := casework.Contend(func() error { return a.act(ctx, x) })
	if err != nil {
		return presage.Case{}, fmt.Errorf("act on case %s: %s: %w", x.CaseID, x.Kind, err)
	}
	return a.Store.Case(ctx, x.CaseID)
}

// Settled notes that a person has settled what the customer had written about a case
// that waits for a person; one that does not is left alone. note may be "".
func (a *Adviser) Settled(ctx context.Context, caseID, who, note string) error {
	err := casework.Contend(func() error {
		f, err := a.Files.ByCase(ctx, caseID)
		if err != nil || !personal(f.Case) {
			return err
		}
		return a.answered(ctx, f, presage.CaseAction{CaseID: caseID, Kind: presage.ActionAnswered, Who: who, Note: note})
	})
	if err != nil {
		return fmt.Errorf("settle case %s: %w", caseID, err)
	}
	return nil
}

// Allot gives a case that waits for a person to one, by itself; a case that does not
// is left alone.
func (a *Adviser) Allot(ctx context.Context, caseID, owner string, why presage.Reason) error {
	c, err := a.Store.Case(ctx, caseID)
	if err != nil || !personal(c) {
		return err
	}
	n := casework.Note{Who: presage.OwnerOutreach, Why: why}
	return a.amend(ctx, c, presage.CaseChange{Owner: owner}, n)
}

func (a *Adviser) act(ctx context.Context, x presage.CaseAction) error {
	f, err := a.Files.ByCase(ctx, x.CaseID)
	if err != nil {
		return err
	}
	if err := a.putsOff(f.Case, x.Until); err != nil {
		return err
	}
	switch x.Kind {
	case presage.ActionCalled:
		return a.called(ctx, f, x)
	case presage.ActionAnswered:
		return a.answered(ctx, f, x)
	case presage.ActionSnoozed:
		return a.snoozed(ctx, f, x)
	case presage.ActionAssigned:
		n := a.note(x, presage.Because(presage.WhyAssigned, "owner", x.Owner))
		return a.amend(ctx, f.Case, presage.CaseChange{Owner: x.Owner}, n)
	case presage.ActionDeclined:
		if f.Case.State == presage.CaseDeclined {
			return fmt.Errorf("%w: it is declined already", presage.ErrConflict)
		}
		return a.Desk.Decline(ctx, f, presage.CaseDeclined, a.note(x, presage.Because(presage.WhyDeclined)))
	case presage.ActionRepaired, presage.ActionClosed:
		return a.ends(ctx, f, x)
	case presage.ActionOfferedAgain:
		return a.offerAgain(ctx, f, x)
	case presage.ActionGoodwill:
		return a.goodwill(ctx, f, x)
	}
	return fmt.Errorf("%w action %q", presage.ErrInvalid, x.Kind)
}

func (a *Adviser) snoozed(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	if !personal(f.Case) {
		return fmt.Errorf("%w: the case is %s, no person is waited for", presage.ErrConflict, f.Case.State)
	}
	return a.goesOn(ctx, f.Case, x, presage.Because(presage.WhySnoozed))
}

// ends closes a case: nothing is left to do, or another workshop has done it.
func (a *Adviser) ends(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	if x.Kind == presage.ActionClosed {
		return a.Desk.Close(ctx, f, a.note(x, presage.Because(presage.WhyClosed)))
	}
	why := presage.Because(presage.WhyRepaired, "on", x.On.Format(time.DateOnly))
	return a.Desk.CloseRepaired(ctx, f, x.On, a.note(x, why))
}

// note is who and why, with the person's own words.
func (a *Adviser) note(x presage.CaseAction, why presage.Reason) casework.Note {
	if text := strings.TrimSpace(x.Note); text != "" {
		why = why.Arg("text", casework.Clip(text))
	}
	return casework.Note{Who: strings.TrimSpace(x.Who), Why: why}
}

// putsOff refuses a time that the repair cannot wait for.
func (a *Adviser) putsOff(c presage.Case, until time.Time) error {
	longest := longestSnooze
	if c.Severity == presage.Safety {
		longest = longestSnoozeSafety
	}
	if last := a.Now().Add(longest); until.After(last) {
		return fmt.Errorf("until: %w: %w: a %s case is looked at again by %s at the latest",
			presage.ErrInvalid, presage.ErrTooLate, c.Severity, last.UTC().Format(time.RFC3339))
	}
	return nil
}

// personal tells whether a case waits for a person. The deadline of any other is
// that of its offer or visit, and stays.
func personal(c presage.Case) bool { return c.State == presage.CaseEscalated }

// goesOn notes what a person did; a case of a person's comes up again at the
// time that was said, else when a call would be due.
func (a *Adviser) goesOn(ctx context.Context, c presage.Case, x presage.CaseAction, why presage.Reason) error {
	change := presage.CaseChange{}
	if personal(c) {
		change.DueAt = a.Now().Add(a.Ledger.CallWithin(c.Severity))
		if !x.Until.IsZero() {
			change.DueAt = x.Until
			why = why.Arg("until", x.Until.UTC().Format(time.RFC3339))
		}
	}
	return a.amend(ctx, c, change, a.note(x, why))
}

// amend records what happened; the moment tells two equal calls apart.
func (a *Adviser) amend(ctx context.Context, c presage.Case, change presage.CaseChange, n casework.Note) error {
	return a.Store.AmendCase(ctx, c.ID, change, presage.CaseEvent{
		CaseID: c.ID, At: a.Now(), Who: n.Who, Reason: n.Why.Arg("at", casework.Instant(a.Now())),
	})
}

// answered gives a case back to outreach whose offer still waits for the
// customer. What is a matter of safety stays with the person until it is settled.
func (a *Adviser) answered(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	why := presage.Because(presage.WhyAnswered)
	o := f.Offer
	waits := o.ID != "" && o.Answer == "" && a.Now().Before(o.ExpiresAt)
	if f.Case.State != presage.CaseEscalated || !waits || f.Case.Severity == presage.Safety || !x.Until.IsZero() {
		return a.goesOn(ctx, f.Case, x, why)
	}
	change := presage.CaseChange{Owner: presage.OwnerOutreach, DueAt: o.ExpiresAt}
	return a.Ledger.Move(ctx, f.Case, presage.CaseOffered, change, a.note(x, why))
}

// offerAgain withdraws an offer that is out and makes a new one. Where no time is
// free the case is open, and outreach goes on looking.
func (a *Adviser) offerAgain(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	switch {
	case f.Booking != nil:
		return fmt.Errorf("%w: a visit is booked: move or cancel it", presage.ErrConflict)
	case f.Lost():
		return fmt.Errorf("%w: %w", presage.ErrConflict, presage.ErrNewOwner)
	}
	if f.Offer.ID != "" && f.Offer.Answer == "" {
		if err := a.Store.AnswerOffer(ctx, f.Offer.ID, a.Now(), presage.AnswerReplaced); err != nil {
			return err
		}
	}
	change, n := presage.CaseChange{}, a.note(x, presage.Because(presage.WhyOfferedAgain))
	if f.Case.Route == presage.RouteOTA { // a person wants a visit
		change.Route, change.RouteWhy = presage.RouteWorkshop, n.Why
	}
	var err error
	switch {
	case f.Case.State != presage.CaseOpen:
		change.Owner, change.DueAt = presage.OwnerOutreach, a.Now().Add(3*24*time.Hour)
		err = a.Ledger.Move(ctx, f.Case, presage.CaseOpen, change, n)
	case change.Route != "":
		err = a.amend(ctx, f.Case, change, n)
	}
	if err != nil {
		return err
	}
	if err := a.Offerer.Offer(ctx, f.Case.ID); err != nil && !errors.Is(err, presage.ErrConflict) {
		return err
	}
	return nil // a conflict: somebody else has made it meanwhile
}
