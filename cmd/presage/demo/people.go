package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/outreach/visit"
	"presage/simulator"
)

// people are the customers, advisers, workshops and suppliers of the simulated world, who
// use the service as real ones would: by links, calls and findings.
type people struct {
	app      *app.App
	world    *simulator.World
	phones   *phones
	agenda   agenda
	queued   map[string]bool // bookings, adviser's cases and texts already on the agenda
	called   map[string]time.Time
	rescued  map[string]bool // cases whose rescue goes on
	commands int64           // those up to this one have been taken
	supply   suppliers
}

func newPeople(a *app.App, w *simulator.World, p *phones) *people {
	return &people{
		app: a, world: w, phones: p, queued: map[string]bool{}, called: map[string]time.Time{},
		supply: suppliers{app: a, world: w},
	}
}

// step lets everybody act until now.
func (p *people) step(ctx context.Context, now time.Time) error {
	var errs []error
	for _, r := range p.world.Breakdowns() {
		errs = append(errs, tolerate(p.app.Outreach.RecordResult(ctx, r)))
	}
	errs = append(errs,
		p.supply.step(ctx, now), p.takeCommands(ctx), p.takeRescues(ctx, now), p.readMessages(ctx, now),
		p.takeCalls(ctx, now), p.readInbox(ctx, now),
		p.openWorkshops(ctx, now), p.agenda.due(ctx, now))
	return errors.Join(errs...)
}

// readMessages lets customers react to what came to their phones.
func (p *people) readMessages(ctx context.Context, now time.Time) error {
	for _, m := range p.phones.news() {
		if err := p.app.Outreach.Receive(ctx, presage.Receipt{ProviderID: m.ProviderID, Delivered: true}); err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		var slots []presage.Slot
		if m.OfferID != "" {
			offer, err := p.app.SQL.Offer(ctx, m.OfferID)
			if err != nil {
				return fmt.Errorf("read messages: %w", err)
			}
			slots = offer.Slots
		}
		if m.Kind == surveyKind {
			p.agenda.add(now.Add(surveyAfter), func(ctx context.Context) error { return tolerate(p.rate(ctx, m)) })
			continue
		}
		answer := p.world.Answer(m, slots, now)
		if answer.Opened && m.Channel == presage.ChannelPush { // an SMS does not tell that it was read
			p.agenda.add(now.Add(answer.After), func(ctx context.Context) error {
				return p.app.Outreach.Receive(ctx, presage.Receipt{ProviderID: m.ProviderID, Delivered: true, Seen: true})
			})
		}
		if m.OfferID == "" || m.Link == "" || answer.Kind == simulator.AnswerIgnore && !answer.Opened {
			continue
		}
		p.agenda.add(now.Add(answer.After), func(ctx context.Context) error {
			return tolerate(p.answer(ctx, m, answer))
		})
	}
	return nil
}

// surveyKind is the kind of the text that asks how a visit was.
const surveyKind = "survey"

// surveyAfter is how long a customer needs to find the time for a survey.
const surveyAfter = 3 * time.Hour

// rate is a customer who says what they think of a visit, or does not.
func (p *people) rate(ctx context.Context, m presage.Message) error {
	versions, err := p.app.Outreach.Versions(ctx, m.About)
	if err != nil {
		return err
	}
	first := presage.CurrentOf(versions).Result.FirstTime
	said, answers := p.world.Opinion(m.About, first == nil || *first)
	if !answers {
		return nil
	}
	return p.app.Outreach.AnswerByToken(ctx, visit.TokenOf(m.Link), said)
}

// wish is for a slot, where a van comes with an address.
func wish(token, slotID string) presage.Wish {
	w := presage.Wish{Token: token, SlotID: slotID, Via: "link"}
	if presage.ByVan(slotID) {
		w.Address = "88 Invented Street"
	}
	return w
}

// answer is what a customer does on the offer's page.
func (p *people) answer(ctx context.Context, m presage.Message, a simulator.Answer) error {
	token := visit.TokenOf(m.Link)
	view, err := p.app.Outreach.OfferByToken(ctx, token)
	if err != nil {
		return err
	}
	switch a.Kind {
	case simulator.AnswerBook:
		if view.State != presage.OfferOpen {
			return nil
		}
		_, err = p.app.Outreach.BookWish(ctx, wish(token, a.SlotID))
		if errors.Is(err, presage.ErrConflict) && len(view.Slots) > 0 { // sold meanwhile: the first that is free
			_, err = p.app.Outreach.BookWish(ctx, wish(token, view.Slots[0].ID))
		}
		return err
	case simulator.AnswerDecline:
		return p.app.Outreach.DeclineByToken(ctx, token, "")
	case simulator.AnswerStop:
		return p.app.Outreach.StopByToken(ctx, token)
	case simulator.AnswerCall:
		text := presage.Text{ZH: "请给我打电话", EN: "please call me"}
		_, err = p.app.Outreach.Reply(ctx, m.CustomerID, m.Channel, text.In(m.Lang))
		return err
	case simulator.AnswerIgnore:
	}
	return nil
}

// callAfter is how long an adviser needs to get to a case in the queue, and
// callAgain how long a customer who was not reached is left alone.
const (
	callAfter = 5 * time.Hour
	callAgain = 26 * time.Hour
)

// takeCalls lets advisers ring up the customers in their queue.
func (p *people) takeCalls(ctx context.Context, now time.Time) error {
	cases, err := p.app.SQL.Cases(ctx, presage.CaseFilter{State: presage.CaseEscalated, Limit: 100})
	if err != nil {
		return fmt.Errorf("adviser's queue: %w", err)
	}
	for _, c := range cases {
		if p.queued[c.ID] || p.rescued[c.ID] {
			continue
		}
		p.queued[c.ID] = true
		p.agenda.add(now.Add(callAfter), func(ctx context.Context) error {
			if p.called[c.ID].After(now) { // whoever read the customer's text has called already
				return nil
			}
			return tolerate(p.call(ctx, c, now))
		})
	}
	return nil
}

// call is an adviser's call: whoever would have booked by link books by phone,
// the others stay in the queue for another day.
func (p *people) call(ctx context.Context, c presage.Case, now time.Time) error {
	delete(p.queued, c.ID)
	from := p.app.Clock.Now()
	if is, err := p.app.SQL.Case(ctx, c.ID); err != nil || is.State != presage.CaseEscalated {
		return err // it was settled meanwhile
	}
	p.called[c.ID] = from
	slots, err := p.times(ctx, c, from)
	if err != nil || len(slots) == 0 {
		return err
	}
	asked := presage.Message{
		Key: fmt.Sprintf("call/%s/%d", c.ID, now.Unix()), VIN: c.VIN, CustomerID: c.CustomerID, CaseID: c.ID,
		Kind: "offer", Channel: presage.ChannelCall, Safety: c.Severity == presage.Safety,
	}
	answer := p.world.Answer(asked, slots, from)
	noted := presage.CaseAction{
		CaseID: c.ID, Kind: presage.ActionCalled, Call: presage.CallReached, Who: presage.OwnerAdviser,
	}
	if answer.Kind != simulator.AnswerBook {
		noted.Call = presage.CallNoAnswer
	}
	if _, err = p.app.Outreach.Act(ctx, noted); err != nil {
		return err
	}
	if answer.Kind != simulator.AnswerBook {
		p.queued[c.ID] = true
		p.agenda.add(from.Add(callAgain), func(context.Context) error { delete(p.queued, c.ID); return nil })
		return nil
	}
	_, err = p.app.Outreach.BookCase(ctx, c.ID, answer.SlotID, "adviser", "adviser")
	return err
}

// times are what an adviser can propose: those of the case's page, which end when
// the repair can wait no longer; without an offer the first that are free.
func (p *people) times(ctx context.Context, c presage.Case, from time.Time) ([]presage.Slot, error) {
	view, err := p.app.Outreach.OfferOfCase(ctx, c.ID)
	if errors.Is(err, presage.ErrNotFound) {
		jobs, err := p.jobs(c.Components)
		if err != nil {
			return nil, err
		}
		return p.app.Outreach.Slots(ctx, c.WorkshopID, jobs, from.Add(12*time.Hour), from.Add(14*24*time.Hour), 3)
	}
	var slots []presage.Slot
	for _, s := range view.Slots[:min(3, len(view.Slots))] {
		slots = append(slots, s.Slot)
	}
	return slots, err
}

func (p *people) jobs(components []presage.ComponentID) ([]string, error) {
	jobs := make([]string, 0, len(components))
	for _, id := range components {
		c, err := p.app.Catalogue.Component(id)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, c.JobCode)
	}
	return jobs, nil
}

// openWorkshops lets vehicles arrive at their appointments.
func (p *people) openWorkshops(ctx context.Context, now time.Time) error {
	bookings, err := p.app.SQL.Bookings(ctx, presage.BookingFilter{
		State: presage.BookingConfirmed, From: now.Add(-24 * time.Hour), To: now,
	})
	if err != nil {
		return fmt.Errorf("today's bookings: %w", err)
	}
	for _, b := range bookings {
		if p.queued[b.ID] {
			continue
		}
		p.queued[b.ID] = true
		if err := tolerate(p.receive(ctx, b)); err != nil {
			return err
		}
	}
	return nil
}

// receive is an arrival; the result follows when the job is done. Who does not
// come is found out by the service's own deadline.
func (p *people) receive(ctx context.Context, b presage.Booking) error {
	c, err := p.app.SQL.Case(ctx, b.CaseID)
	if err != nil {
		return err
	}
	result, came := p.world.Visit(b, c.Components)
	if !came {
		return nil
	}
	if err := p.app.Outreach.Arrive(ctx, b.ID, ""); err != nil {
		return err
	}
	if err := p.app.Outreach.Step(ctx, b.ID, presage.RepairInWork, result.Who); err != nil {
		return err
	}
	p.agenda.add(b.End, func(ctx context.Context) error { return tolerate(p.app.Outreach.RecordResult(ctx, result)) })
	return nil
}

// tolerate drops what happens between real people every day: somebody else was
// faster, a link has run out, a thing is gone, a time is too late for the repair.
func tolerate(err error) error {
	daily := []error{presage.ErrConflict, presage.ErrExpired, presage.ErrNotFound, presage.ErrTooLate}
	if slices.ContainsFunc(daily, func(x error) bool { return errors.Is(err, x) }) {
		return nil
	}
	return err
}
