package outreach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/converse"
	"presage/outreach/decide"
	"presage/outreach/rescue"
	"presage/outreach/rollout"
	"presage/outreach/rules"
	"presage/outreach/talk"
	"presage/outreach/visit"
	"presage/outreach/waitlist"
)

// sweepBatch is how many overdue cases one pass looks at.
const sweepBatch = 500

// Sweeper acts on deadlines. Its fields are set once, before its first use.
type Sweeper struct {
	Store    SweepStore
	Ledger   *casework.Ledger
	Offers   converse.Offerer
	Keeper   *visit.Keeper
	Talks    *talk.Switchboard
	Surveys  *visit.Surveyor
	Rules    rules.Current
	Now      func() time.Time
	Waits    *waitlist.List
	Remote   *rollout.Conductor
	Roadside *rescue.Rescuer
	Away     *visit.Lookout
	Watch    *decide.Watcher
}

// SweepStore finds what is overdue.
type SweepStore interface {
	// CasesDue returns cases whose deadline has passed.
	CasesDue(ctx context.Context, now time.Time, limit int) ([]presage.Case, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// ChangeCase sets a new deadline or owner without moving the case.
	ChangeCase(ctx context.Context, id string, change presage.CaseChange, at time.Time) error
	// MessagesOf returns the messages of a case, newest first.
	MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error)
	// BookingsOf returns all bookings of a case, newest first.
	BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error)
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	MoveBooking(ctx context.Context, id string, from, to presage.BookingState, at time.Time) error
}

// swept is the note of a deadline that has passed.
func swept(code string, more ...string) casework.Note {
	why := presage.Because(code)
	for _, other := range more {
		why = why.With(presage.Because(other))
	}
	return casework.Note{Who: casework.BySweep, Why: why}
}

// Sweep acts on every case whose deadline has passed and returns how many it
// changed: offers that ran out expire or, for safety, go to an adviser; visits
// to which nobody came are no-shows for an adviser; what anybody left lying
// goes up.
//
//	open      no slot could be offered        -> escalated, adviser
//	          not mended over the air in time -> offered, at the workshop
//	          the customer put it off until now -> offered
//	offered   nobody answered                 -> expired; safety, and mobility where
//	                                             calls are the last step: escalated, adviser
//	          nobody was told yet             -> stays, a day more; safety as above
//	          ... or what was told was read lately -> stays until the wait is over; safety as above
//	booked    nobody came                     -> booking no_show, escalated, adviser
//	arrived   the workshop reported nothing   -> escalated, adviser
//	escalated a person put it off until now   -> stays, and is to be acted on within the usual time
//	          the adviser did not act         -> stays, owner manager, a day more
//
// Roll-outs of software go on, and the cases that they mend; so do rescues of cars that
// stand still, which have the deadline of their case. Visits to come that cannot
// be kept are planned anew or cancelled; a freed time is offered to who waits for an
// earlier one; who waits for a van that their car has left is asked.
func (s *Sweeper) Sweep(ctx context.Context) (int, error) {
	cases, err := s.Store.CasesDue(ctx, s.Now(), sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	changed, faults := 0, []error(nil)
	for _, pass := range []func(context.Context) (int, error){
		s.Keeper.Keep, s.Talks.Wake, s.Surveys.AskDue, s.Waits.OfferFreed, s.Away.Ask,
		s.lead, s.Watch.Divert, s.Remote.Settle, s.Roadside.Settle,
	} {
		n, err := pass(ctx)
		changed, faults = changed+n, append(faults, err)
	}
	for _, c := range cases {
		switch err := s.overdue(ctx, c); {
		case casework.Overtaken(err): // it moved while we looked
		case err != nil:
			faults = append(faults, fmt.Errorf("sweep case %s: %w", c.ID, err))
		default:
			changed++
		}
	}
	return changed, errors.Join(faults...)
}

// lead goes on with roll-outs; commands to cars are no cases.
func (s *Sweeper) lead(ctx context.Context) (int, error) {
	_, err := s.Remote.Lead(ctx)
	return 0, err
}

func (s *Sweeper) overdue(ctx context.Context, c presage.Case) error {
	switch c.State {
	case presage.CaseOpen:
		return s.open(ctx, c)
	case presage.CaseOffered:
		if c.Severity == presage.Safety {
			return s.Ledger.Escalate(ctx, c, swept(presage.WhyNoAnswer, presage.WhyCall))
		}
		return s.unanswered(ctx, c)
	case presage.CaseBooked:
		return s.noShow(ctx, c)
	case presage.CaseArrived:
		return s.Ledger.Escalate(ctx, c, swept(presage.WhyNoResult))
	case presage.CaseEscalated:
		return s.leftLying(ctx, c)
	default:
		return nil
	}
}

// open offers a case that its customer has put off until now; one for which no time was
// found goes to an adviser.
func (s *Sweeper) open(ctx context.Context, c presage.Case) error {
	if c.Route == presage.RouteOTA {
		return s.Remote.Overdue(ctx, c)
	}
	events, err := s.Store.CaseEvents(ctx, c.ID)
	if err != nil {
		return err
	}
	if until, off := casework.PutOff(events); !off || c.DueAt.After(until) {
		return s.Ledger.Escalate(ctx, c, swept(presage.WhyNoSlot))
	}
	if lost, err := s.Ledger.Lost(ctx, c.VIN, c.CustomerID); err != nil || lost {
		return err // the next pass over the fleet ends it
	}
	change := presage.CaseChange{DueAt: s.Now().Add(s.Rules().NoSlot)}
	if err := s.Store.ChangeCase(ctx, c.ID, change, s.Now()); err != nil {
		return err
	}
	return s.Offers.Offer(ctx, c.ID)
}

// leftLying hands a person's case to the manager, unless the person had put it
// off until now.
func (s *Sweeper) leftLying(ctx context.Context, c presage.Case) error {
	if led, err := s.Roadside.Leads(ctx, c); err != nil || led {
		return err
	}
	events, err := s.Store.CaseEvents(ctx, c.ID)
	if err != nil {
		return err
	}
	if n := len(events); n > 0 {
		_, putOff := events[n-1].Reason.Args["until"]
		if putOff && events[n-1].To == presage.CaseEscalated && c.UpdatedAt.Equal(events[n-1].At) {
			change := presage.CaseChange{DueAt: s.Now().Add(s.Rules().CallWithin(c.Severity))}
			return s.Store.ChangeCase(ctx, c.ID, change, s.Now())
		}
	}
	change := presage.CaseChange{Owner: presage.OwnerManager, DueAt: s.Now().Add(s.Rules().Manager)}
	return s.Store.ChangeCase(ctx, c.ID, change, s.Now())
}

// unanswered ends an offer that its customer was told of. One that still waits to
// be told (a provider is down, our account at fault, the cap reached) does not
// run out by that.
func (s *Sweeper) unanswered(ctx context.Context, c presage.Case) error {
	ms, err := s.Store.MessagesOf(ctx, c.ID)
	if err != nil {
		return err
	}
	waits, told, over := s.offers(ms, c.Severity)
	if waits && !told {
		return s.Store.ChangeCase(ctx, c.ID, presage.CaseChange{DueAt: s.Now().Add(24 * time.Hour)}, s.Now())
	}
	customer, err := s.Store.Customer(ctx, c.CustomerID)
	if err != nil {
		return err
	}
	if s.Rules().CallsAbout(c.Severity) && contact.Callable(customer.For(c.Purpose())) {
		if over.After(s.Now()) { // a text came late, or was read lately
			return s.Store.ChangeCase(ctx, c.ID, presage.CaseChange{DueAt: over}, s.Now())
		}
		return s.Ledger.Escalate(ctx, c, swept(presage.WhyNoAnswer, presage.WhyCall))
	}
	return s.Ledger.Move(ctx, c, presage.CaseExpired, presage.CaseChange{}, swept(presage.WhyNoAnswer))
}

// offers tells of the texts that offer a time whether some wait, whether some were
// told, and until when an answer is waited for.
func (s *Sweeper) offers(ms []presage.Message, sev presage.Severity) (waits, told bool, over time.Time) {
	wait := s.Rules().Wait
	for _, m := range ms {
		switch {
		case m.Kind != string(wording.Offer):
		case m.State == presage.MessagePlanned || m.State == presage.MessageSending:
			waits, over = true, casework.Later(over, m.NotBefore.Add(wait.Unseen(sev)))
		case m.State.Told():
			told, over = true, casework.Later(over, wait.After(m, sev))
		}
	}
	return waits, told, over
}

// noShow frees the bay, the technician and the parts of a visit nobody came to.
func (s *Sweeper) noShow(ctx context.Context, c presage.Case) error {
	bookings, err := s.Store.BookingsOf(ctx, c.ID)
	if err != nil {
		return err
	}
	now := s.Now()
	for _, b := range bookings {
		if b.State != presage.BookingConfirmed {
			continue
		}
		if until := b.Start.Add(s.Rules().NoShowAfter); now.Before(until) {
			return s.Store.ChangeCase(ctx, c.ID, presage.CaseChange{DueAt: until}, now)
		}
		err := s.Store.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingNoShow, now)
		if err != nil {
			return err
		}
	}
	return s.Ledger.Escalate(ctx, c, swept(presage.WhyNoShow, presage.WhyCall))
}
