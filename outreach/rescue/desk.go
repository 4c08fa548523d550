package rescue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Rescue returns one, or ErrNotFound.
func (r *Rescuer) Rescue(ctx context.Context, id string) (presage.Rescue, error) {
	return r.Store.Rescue(ctx, id)
}

// Rescues lists rescues, the newest first.
func (r *Rescuer) Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error) {
	return r.Store.Rescues(ctx, f)
}

// RescueEvents lists the history of one, the oldest first; ErrNotFound for an unknown one.
func (r *Rescuer) RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error) {
	if _, err := r.Store.Rescue(ctx, id); err != nil {
		return nil, err
	}
	return r.Store.RescueEvents(ctx, id)
}

// StepRescue takes a rescue a step on, as a person says. ErrInvalid names every fault by
// its field, ErrConflict: it is in another state than the one that was seen, or cannot
// be put there from it.
func (r *Rescuer) StepRescue(ctx context.Context, s presage.RescueStep) (presage.Rescue, error) {
	if err := s.Validate(); err != nil {
		return presage.Rescue{}, fmt.Errorf("step of a rescue: %w", err)
	}
	x, err := r.Store.Rescue(ctx, s.ID)
	if err != nil {
		return x, err
	}
	if x.State != s.Seen {
		return x, presage.Refuse(
			fmt.Errorf("rescue %s: %w: %w: it is %s by now", x.ID, presage.ErrConflict, presage.ErrStale, x.State),
			presage.WhyRescueState, "rescue", string(x.State))
	}
	if !slices.Contains(x.State.Next(), s.To) {
		return x, presage.Refuse(
			fmt.Errorf("rescue %s: %w: one that is %s cannot become %s", x.ID, presage.ErrConflict, x.State, s.To),
			presage.WhyRescueState, "rescue", string(x.State))
	}
	c, err := r.Store.Case(ctx, x.CaseID)
	if err != nil {
		return x, err
	}
	if s.Minutes > 0 {
		x.ETA = r.Now().Add(time.Duration(s.Minutes) * time.Minute)
	}
	if s.To == presage.RescueOnTheWay {
		x.Owner = presage.OwnerWorkshop
	}
	move := r.moved(x, s.To, casework.Note{Who: strings.TrimSpace(s.Who), Why: noted(s.Note)})
	if !c.State.Ended() && c.Route == presage.RouteRescue {
		r.follow(&move, c)
	}
	move.Messages = r.texts(ctx, move, c)
	if err := r.Store.MoveRescue(ctx, move); err != nil {
		return x, err
	}
	return move.Rescue, nil
}

// without lets a case go on without its rescue: an adviser calls.
func (r *Rescuer) without(move *presage.RescueMove, c presage.Case, why presage.Reason) {
	move.Case = &presage.CaseEvent{At: move.Event.At, Who: move.Event.Who, Reason: why}
	move.Change = presage.CaseChange{
		Route: presage.RouteWorkshop, RouteWhy: presage.Because(presage.WhyRescueCalledOff),
		Owner: presage.OwnerAdviser, DueAt: move.Event.At.Add(r.Ledger.CallWithin(c.Severity)),
	}
}

// noted is a person's own words; nothing for none.
func noted(note string) presage.Reason {
	if note = strings.TrimSpace(note); note == "" {
		return presage.Reason{}
	}
	return presage.Because(presage.WhyNote, "text", note)
}

// follow is what a step changes of the case.
func (r *Rescuer) follow(move *presage.RescueMove, c presage.Case) {
	x := move.Rescue
	ev := presage.CaseEvent{At: move.Event.At, Who: move.Event.Who}
	call := move.Event.At.Add(r.Ledger.CallWithin(c.Severity))
	switch x.State {
	case presage.RescueOnTheWay, presage.RescueArrived:
		ev.Reason = presage.Because(presage.WhyRescueStep, "rescue", string(x.State), "workshop", x.WorkshopID)
		move.Change = presage.CaseChange{Owner: presage.OwnerWorkshop, DueAt: x.DueAt}
	case presage.RescueMended:
		ev.To, ev.Reason = presage.CaseDone, presage.Because(presage.WhyRescueMended)
	case presage.RescueTowed:
		ev.Reason = presage.Because(presage.WhyRescueTowed, "workshop", x.WorkshopID)
		move.Change = presage.CaseChange{WorkshopID: x.WorkshopID, Owner: presage.OwnerAdviser, DueAt: call}
	case presage.RescueCalledOff:
		why := presage.Because(presage.WhyRescueCalledOff)
		if !move.Event.Reason.IsZero() {
			why = why.With(move.Event.Reason)
		}
		r.without(move, c, why)
		return
	case presage.RescueAsked, presage.RescueDone:
		return
	}
	if !move.Event.Reason.IsZero() {
		ev.Reason = ev.Reason.With(move.Event.Reason)
	}
	move.Case = &ev
}
