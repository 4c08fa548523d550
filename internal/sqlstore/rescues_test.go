//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func asked(i int) presage.Rescue {
	at, km := noon().Add(time.Duration(i)*time.Minute), presage.Kilometre(3.5)
	return presage.Rescue{
		ID: fmt.Sprintf("r%d", i), CaseID: fmt.Sprintf("case-%d", i), VIN: vin(i), CustomerID: "c1", WorkshopID: "w1",
		State: presage.RescueAsked, Owner: presage.OwnerAdviser, Place: &presage.Place{Lat: 52.4, Lon: 13.1}, SeenAt: at,
		Km: &km, Cause: because("alert"), Partner: presage.Because(presage.WhyRescueNearest, "km", "3.5"),
		OpenedAt: at, UpdatedAt: at, DueAt: at.Add(15 * time.Minute),
	}
}

// rescueTo is a move of a rescue one minute later.
func rescueTo(r presage.Rescue, to presage.RescueState, who string) presage.RescueMove {
	move := presage.RescueMove{Seen: r.State, SeenAt: r.UpdatedAt}
	at := r.UpdatedAt.Add(time.Minute)
	move.Event = presage.RescueEvent{At: at, Who: who, From: r.State, To: to}
	r.State, r.UpdatedAt = to, at
	move.Rescue = r
	return move
}

func rescues(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := openCase(1)
	c.State, c.Route = presage.CaseEscalated, presage.RouteRescue
	must(t, s.CreateCase(ctx, c, presage.CaseEvent{At: c.OpenedAt, Who: "watch"}))
	r := asked(1)
	must(t, s.CreateRescue(ctx, r, presage.RescueEvent{At: r.OpenedAt, Who: "outreach", To: r.State, Reason: r.Partner}))
	got, err := s.Rescue(ctx, r.ID)
	must(t, err)
	same(t, "rescue", got, r)
	_, err = s.Rescue(ctx, "none")
	wantKind(t, err, presage.ErrNotFound)

	// A car has one that goes on.
	second := r
	second.ID = "r1b"
	wantKind(t, s.CreateRescue(ctx, second, presage.RescueEvent{}), presage.ErrConflict)
	must(t, s.CreateRescue(ctx, asked(2), presage.RescueEvent{At: noon(), To: presage.RescueAsked}))

	// A step changes the rescue and its case together, once.
	move := rescueTo(r, presage.RescueOnTheWay, "tow")
	move.Case = &presage.CaseEvent{At: move.Event.At, Who: "tow", Reason: because("rescue_step")}
	move.Change = presage.CaseChange{Owner: presage.OwnerWorkshop}
	must(t, s.MoveRescue(ctx, move))
	wantKind(t, s.MoveRescue(ctx, move), presage.ErrConflict)
	is, err := s.Case(ctx, c.ID)
	must(t, err)
	same(t, "owner", is.Owner, presage.OwnerWorkshop)
	move = rescueTo(move.Rescue, presage.RescueCalledOff, "sweep")
	move.Case = &presage.CaseEvent{At: move.Event.At, Who: "sweep", To: presage.CaseBooked, From: presage.CaseDone}
	wantKind(t, s.MoveRescue(ctx, move), presage.ErrConflict) // the case is not done: nothing of it counts
	got, err = s.Rescue(ctx, r.ID)
	must(t, err)
	same(t, "after a refused move", got.State, presage.RescueOnTheWay)
	move.Case = &presage.CaseEvent{At: move.Event.At, Who: "sweep", To: presage.CaseResolvedElsewhere}
	must(t, s.MoveRescue(ctx, move))
	is, err = s.Case(ctx, c.ID)
	must(t, err)
	same(t, "case", is.State, presage.CaseResolvedElsewhere)
	must(t, s.CreateRescue(ctx, second, presage.RescueEvent{At: noon(), To: presage.RescueAsked}))

	moved := rescueTo(second, second.State, "sweep")
	moved.Place = &presage.Place{Lat: 52.45, Lon: 13.11}
	moved.Messages = []presage.Message{{ID: "m-place", Key: "rescue_place/r1b/sms/1", CaseID: c.ID, WorkshopID: "w1"}}
	must(t, s.MoveRescue(ctx, moved))
	wantKind(t, s.MoveRescue(ctx, moved), presage.ErrConflict)
	got, err = s.Rescue(ctx, second.ID)
	must(t, err)
	same(t, "place", got.Place, moved.Place)
	told, err := s.MessagesOf(ctx, c.ID)
	must(t, err)
	same(t, "messages", len(told), 1)

	evs, err := s.RescueEvents(ctx, r.ID)
	must(t, err)
	var steps []presage.RescueState
	for _, e := range evs {
		steps = append(steps, e.To)
	}
	same(t, "history", steps, []presage.RescueState{presage.RescueAsked, presage.RescueOnTheWay, presage.RescueCalledOff})
	same(t, "reason", evs[0].Reason, r.Partner)
	list := func(f presage.RescueFilter) (ids []string) {
		rs, err := s.Rescues(ctx, f)
		must(t, err)
		for _, x := range rs {
			ids = append(ids, x.ID)
		}
		return ids
	}
	same(t, "all", list(presage.RescueFilter{}), []string{"r2", "r1b", "r1"})
	same(t, "live of car 1", list(presage.RescueFilter{VIN: vin(1), Live: true}), []string{"r1b"})
	same(t, "second page", list(presage.RescueFilter{BeforeID: "r2", Limit: 1}), []string{"r1b"})
	same(t, "of a state", list(presage.RescueFilter{State: presage.RescueCalledOff}), []string{"r1"})
	same(t, "of a case", list(presage.RescueFilter{CaseID: "case-2", WorkshopID: "w1"}), []string{"r2"})
}

// rescueRace: processes open rescues of the same cars and take them: each car has one,
// and each is taken once.
func rescueRace(t *testing.T, s *sqlstore.Store) {
	const cars, processes = 10, 4
	opened, taken := make(chan int), make(chan int)
	fault := make(chan error, processes*cars*2)
	attempt := func(n *int, err error) {
		switch {
		case err == nil:
			*n++
		case !errors.Is(err, presage.ErrConflict):
			fault <- err
		}
	}
	for p := range processes {
		go func() {
			n := 0
			for i := range cars {
				r := asked(i)
				r.ID = fmt.Sprintf("r%d-%d", i, p)
				attempt(&n, s.CreateRescue(t.Context(), r, presage.RescueEvent{At: r.OpenedAt, To: r.State}))
			}
			opened <- n
		}()
	}
	sum := 0
	for range processes {
		sum += <-opened
	}
	same(t, "opened", sum, cars)
	rs, err := s.Rescues(t.Context(), presage.RescueFilter{Live: true})
	must(t, err)
	same(t, "live", len(rs), cars)
	for p := range processes {
		go func() {
			n := 0
			for _, r := range rs {
				attempt(&n, s.MoveRescue(t.Context(), rescueTo(r, presage.RescueOnTheWay, fmt.Sprint("tow ", p))))
			}
			taken <- n
		}()
	}
	sum = 0
	for range processes {
		sum += <-taken
	}
	close(fault)
	for err := range fault {
		t.Error(err)
	}
	same(t, "taken", sum, cars)
	for _, r := range rs {
		evs, err := s.RescueEvents(t.Context(), r.ID)
		must(t, err)
		same(t, "steps of "+r.ID, len(evs), 2)
	}
}

// Whoever wants to know is told of a rescue and of each of its states, not of what is late.
func rescuesTold(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	subscribe(t, s, presage.Subscription{ID: "partner", Types: []presage.ChangeType{
		presage.RescueWasAsked, presage.RescueChanged,
	}})
	r := asked(1)
	must(t, s.CreateRescue(ctx, r, presage.RescueEvent{At: r.OpenedAt, Who: "outreach", To: r.State}))
	late := rescueTo(r, presage.RescueAsked, "sweep")
	must(t, s.MoveRescue(ctx, late))
	must(t, s.MoveRescue(ctx, rescueTo(late.Rescue, presage.RescueOnTheWay, "tow")))
	var told []string
	for {
		batch, list := claimed(t, s, noon().Add(time.Hour))
		if len(batch) == 0 {
			break
		}
		told = append(told, list...)
		for _, x := range batch {
			var data presage.Rescue
			must(t, json.Unmarshal(x.Event.Data, &data))
			same(t, "place", data.Place, r.Place)
			must(t, s.EndDelivery(ctx, x, presage.Tried{State: presage.DeliveryDelivered}, noon().Add(time.Hour)))
		}
	}
	same(t, "told", told, []string{"partner r1 rescue.asked", "partner r1 rescue.changed"})
}
