//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// openCase is a fresh case of vehicle i, opened i minutes after noon.
func openCase(i int) presage.Case {
	at := noon().Add(time.Duration(i) * time.Minute)
	return presage.Case{
		ID: fmt.Sprintf("case-%d", i), VIN: vin(i), CustomerID: "c1", WorkshopID: "w1",
		Components: []presage.ComponentID{presage.BrakePadsFront}, Severity: presage.Safety, State: presage.CaseOpen,
		Route: presage.RouteWorkshop, Owner: "outreach", OpenedAt: at, UpdatedAt: at, DueAt: at.Add(time.Hour),
		VisitBy: at.AddDate(0, 0, 9), FailWithin: presage.FailWithin{D7: 0.1, D30: 0.4},
		Decision: json.RawMessage(`{"draw": 0.25}`),
	}
}

func mustOpen(t *testing.T, s *sqlstore.Store, i int) presage.Case {
	t.Helper()
	c := openCase(i)
	must(t, s.CreateCase(t.Context(), c, presage.CaseEvent{At: c.OpenedAt, Who: "policy", Reason: because("due")}))
	return c
}

func oneWaitingCase(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := mustOpen(t, s, 1)
	second := openCase(1)
	second.ID = "case-1b"
	wantKind(t, s.CreateCase(ctx, second, presage.CaseEvent{}), presage.ErrConflict)
	_, err := s.Case(ctx, "case-1b")
	wantKind(t, err, presage.ErrNotFound)

	must(t, s.MoveCase(ctx, c.ID, presage.CaseChange{}, fromTo(presage.CaseOpen, presage.CaseWithheld, presage.CaseEvent{At: noon()})))
	must(t, s.CreateCase(ctx, second, presage.CaseEvent{}))
	// Back to life is refused while the vehicle has another case that waits.
	wantKind(t, s.MoveCase(ctx, c.ID, presage.CaseChange{}, fromTo(presage.CaseWithheld, presage.CaseOpen, presage.CaseEvent{})),
		presage.ErrConflict)
}

func caseMoves(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := mustOpen(t, s, 1)
	at, due := noon().Add(time.Hour), noon().Add(48*time.Hour)
	change := presage.CaseChange{
		DueAt: due, Owner: "adviser", Components: []presage.ComponentID{presage.TyreLeak, presage.BrakePadsFront},
		Decision: json.RawMessage(`{"draw": 0.5}`),
	}
	ev := presage.CaseEvent{At: at, Who: "outreach", Reason: because("offer sent")}
	must(t, s.MoveCase(ctx, c.ID, change, fromTo(presage.CaseOpen, presage.CaseOffered, ev)))
	want := c
	want.State, want.UpdatedAt, want.DueAt, want.Owner = presage.CaseOffered, at, due, "adviser"
	want.Components, want.Decision = change.Components, change.Decision
	got, err := s.Case(ctx, c.ID)
	must(t, err)
	same(t, "case", got, want)

	for _, m := range []struct {
		id       string
		from, to presage.CaseState
		want     error
	}{
		{c.ID, presage.CaseOpen, presage.CaseOffered, presage.ErrConflict},     // moved on
		{c.ID, presage.CaseOffered, presage.CaseWithheld, presage.ErrConflict}, // not allowed
		{"case-9", presage.CaseOpen, presage.CaseOffered, presage.ErrNotFound},
	} {
		wantKind(t, s.MoveCase(ctx, m.id, presage.CaseChange{}, fromTo(m.from, m.to, ev)), m.want)
	}
	must(t, s.ChangeCase(ctx, c.ID, presage.CaseChange{Owner: "workshop"}, at))
	wantKind(t, s.ChangeCase(ctx, "case-9", presage.CaseChange{}, at), presage.ErrNotFound)
	must(t, s.MoveCase(ctx, c.ID, presage.CaseChange{DueAt: due}, fromTo(presage.CaseOffered, presage.CaseDeclined, ev)))
	got, err = s.Case(ctx, c.ID)
	must(t, err)
	same(t, "an ended case has no timer", got.DueAt, time.Time{})
	same(t, "owner", got.Owner, "workshop")

	es, err := s.CaseEvents(ctx, c.ID)
	must(t, err)
	same(t, "events", es, []presage.CaseEvent{
		{CaseID: c.ID, At: c.OpenedAt, Who: "policy", To: presage.CaseOpen, Reason: because("due")},
		{CaseID: c.ID, At: at, Who: "outreach", From: presage.CaseOpen, To: presage.CaseOffered, Reason: because("offer sent")},
		{CaseID: c.ID, At: at, Who: "outreach", From: presage.CaseOffered, To: presage.CaseDeclined, Reason: because("offer sent")},
	})
}

func caseLists(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for i := 1; i <= 5; i++ {
		mustOpen(t, s, i)
	}
	must(t, s.MoveCase(ctx, "case-2", presage.CaseChange{Owner: "adviser"},
		fromTo(presage.CaseOpen, presage.CaseEscalated, presage.CaseEvent{At: noon()})))
	must(t, s.MoveCase(ctx, "case-1", presage.CaseChange{},
		fromTo(presage.CaseOpen, presage.CaseSuppressed, presage.CaseEvent{At: noon()})))
	for _, c := range []struct {
		name string
		f    presage.CaseFilter
		want []string
	}{
		{"all, newest first", presage.CaseFilter{}, []string{"case-5", "case-4", "case-3", "case-2", "case-1"}},
		{"first page", presage.CaseFilter{Limit: 2}, []string{"case-5", "case-4"}},
		{"next page", presage.CaseFilter{Limit: 2, BeforeID: "case-4"}, []string{"case-3", "case-2"}},
		{"state", presage.CaseFilter{State: presage.CaseOpen, CustomerID: "c1"}, []string{"case-5", "case-4", "case-3"}},
		{"owner", presage.CaseFilter{Owner: "adviser", WorkshopID: "w1"}, []string{"case-2"}},
		{"vehicle", presage.CaseFilter{VIN: vin(3)}, []string{"case-3"}},
		{"none", presage.CaseFilter{WorkshopID: "w9"}, nil},
	} {
		got, err := s.Cases(ctx, c.f)
		must(t, err)
		same(t, c.name, caseIDs(got), c.want)
	}
	some, err := s.CasesIn(ctx, presage.CaseSuppressed, presage.CaseEscalated)
	must(t, err)
	same(t, "in two states", caseIDs(some), []string{"case-2", "case-1"})
	last, err := s.LastCases(ctx, vin(1), 1)
	must(t, err)
	same(t, "last cases", caseIDs(last), []string{"case-1"})
	// case-i is due an hour after it was opened, i minutes past noon; case-1 is ended.
	overdue, err := s.CasesDue(ctx, noon().Add(time.Hour+4*time.Minute), 0)
	must(t, err)
	same(t, "due", caseIDs(overdue), []string{"case-2", "case-3", "case-4"})
}

func caseIDs(cs []presage.Case) []string {
	var ids []string
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	return ids
}

func offers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := mustOpen(t, s, 1)
	o := presage.Offer{
		ID: "offer-1", CaseID: c.ID, VIN: c.VIN, CreatedAt: noon(), ExpiresAt: noon().AddDate(0, 0, 3),
		Slots:  []presage.Slot{{ID: "w1@1", WorkshopID: "w1", Start: noon().AddDate(0, 0, 1), End: noon().AddDate(0, 0, 2)}},
		Reason: presage.Text{ZH: "刹车片", EN: "pads"},
	}
	due, ev := noon().Add(24*time.Hour), presage.CaseEvent{At: noon(), Who: "outreach", Reason: because("offer")}
	must(t, s.CreateOffer(ctx, o, []presage.Message{message(1)}, due, ev))
	got, err := s.Offer(ctx, o.ID)
	must(t, err)
	same(t, "offer", got, o)
	moved, err := s.Case(ctx, c.ID)
	must(t, err)
	same(t, "case state", moved.State, presage.CaseOffered)
	same(t, "case due", moved.DueAt, due)
	ms, err := s.Messages(ctx, presage.MessageFilter{CaseID: c.ID})
	must(t, err)
	same(t, "messages", ms, []presage.Message{message(1)})

	second := o
	second.ID = "offer-2"
	ev.From = presage.CaseOpen
	wantKind(t, s.CreateOffer(ctx, second, []presage.Message{message(2)}, due, ev), presage.ErrConflict)
	ms, err = s.Messages(ctx, presage.MessageFilter{})
	must(t, err)
	same(t, "no message of the refused offer", len(ms), 1)

	must(t, s.AnswerOffer(ctx, o.ID, noon().Add(2*time.Hour), "declined"))
	o.AnsweredAt, o.Answer = noon().Add(2*time.Hour), "declined"
	all, err := s.OffersOf(ctx, c.ID)
	must(t, err)
	same(t, "offers of the case", all, []presage.Offer{o})
	wantKind(t, s.AnswerOffer(ctx, "none", noon(), "booked"), presage.ErrNotFound)
	_, err = s.Offer(ctx, "none")
	wantKind(t, err, presage.ErrNotFound)
}

// because is a note, as a person writes it.
func because(text string) presage.Reason { return presage.Because(presage.WhyNote, "text", text) }

// fromTo is an event from one state to another.
func fromTo(from, to presage.CaseState, ev presage.CaseEvent) presage.CaseEvent {
	ev.From, ev.To = from, to
	return ev
}
