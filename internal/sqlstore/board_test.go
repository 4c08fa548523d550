//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// reserveNew opens a case and sells its slot, or does neither.
func reserveNew(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	opened := presage.CaseEvent{At: noon(), Who: "mia", Reason: because("walk_in")}
	c, r := openCase(1), reservation(1)
	_, err := s.ReserveNew(ctx, c, opened, r)
	wantKind(t, err, presage.ErrConflict) // there is no pad
	_, err = s.Case(ctx, c.ID)
	wantKind(t, err, presage.ErrNotFound)

	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}))
	b, err := s.ReserveNew(ctx, c, opened, r)
	must(t, err)
	events, err := s.CaseEvents(ctx, c.ID)
	must(t, err)
	if b.BayID != "bay-1" || len(events) != 2 || events[0].Who != "mia" || events[1].To != presage.CaseBooked {
		t.Errorf("booked %+v with the history %+v", b, events)
	}
	waits := mustOpen(t, s, 2)
	other := openCase(2)
	other.ID = "case-2b"
	_, err = s.ReserveNew(ctx, other, opened, reservation(2))
	wantKind(t, err, presage.ErrConflict)
	same(t, "the case that waits", mustCase(t, s, waits.ID).State, presage.CaseOpen)
}

func mustCase(t *testing.T, s *sqlstore.Store, id string) presage.Case {
	c, err := s.Case(t.Context(), id)
	must(t, err)
	return c
}

// changeWorkshop changes a record and notes it with the cases, or does neither.
func changeWorkshop(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutDepots(ctx, []presage.Depot{{ID: "d1"}}))
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1", DepotID: "d1"}}))
	c := mustOpen(t, s, 1)
	closed := presage.Closure{From: "2026-12-24"}
	add := func(w *presage.Workshop) error {
		w.Closures = append(w.Closures, closed)
		return nil
	}
	note := func(id string) presage.WorkshopNotes {
		return presage.WorkshopNotes{Events: []presage.CaseEvent{{CaseID: id, At: noon(), Who: "mia", Reason: because("blocked")}}}
	}
	wantKind(t, s.ChangeWorkshop(ctx, "w9", add, presage.WorkshopNotes{}), presage.ErrNotFound)
	wantKind(t, s.ChangeWorkshop(ctx, "w1", add, note("no case")), presage.ErrNotFound)
	refused := errors.New("refused")
	if err := s.ChangeWorkshop(ctx, "w1", func(*presage.Workshop) error { return refused }, note(c.ID)); !errors.Is(err, refused) {
		t.Errorf("a change that is refused: %v", err)
	}
	w, err := s.Workshop(ctx, "w1")
	must(t, err)
	same(t, "closures so far", len(w.Closures), 0)

	must(t, s.ChangeWorkshop(ctx, "w1", add, note(c.ID)))
	w, err = s.Workshop(ctx, "w1")
	must(t, err)
	same(t, "closures", w.Closures, []presage.Closure{closed})
	back := presage.TakenBack{
		Stretch: presage.Stretch{
			ID: "bay-1.x", Resource: "bay-1", From: noon(), To: noon().Add(time.Hour), Note: "lift", By: "mia",
		}, Who: "zoe", At: noon().Add(-time.Hour),
	}
	unchanged := func(*presage.Workshop) error { return nil }
	must(t, s.ChangeWorkshop(ctx, "w1", unchanged, presage.WorkshopNotes{TakenBack: &back}))
	taken, err := s.TakenBack(ctx, "w1", noon().Add(59*time.Minute), noon().Add(2*time.Hour))
	must(t, err)
	same(t, "taken back", taken, []presage.TakenBack{back})
	taken, err = s.TakenBack(ctx, "w1", noon().Add(time.Hour), noon().Add(2*time.Hour))
	must(t, err)
	same(t, "taken back of a later time", len(taken), 0)
	events, err := s.CaseEvents(ctx, c.ID)
	must(t, err)
	last := events[len(events)-1]
	if len(events) != 2 || last.Who != "mia" || last.From != presage.CaseOpen || last.To != presage.CaseOpen {
		t.Errorf("the case's history is %+v", events)
	}
}
