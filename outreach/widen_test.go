package outreach_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/visit"
)

const secondVIN presage.VIN = "LPSAAAAA1AA000002"

// booked12V has a visit for the battery, 30 minutes from Tuesday 10:00 in Shanghai.
func booked12V(t *testing.T) (*world, presage.Booking) {
	t.Helper()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	b, err := w.s.BookCase(w.ctx(), w.last().ID, tuesday(10), "link", "customer")
	w.do(err)
	w.send()
	w.now = w.now.Add(time.Hour)
	return w, b
}

// tuesday is the slot at that hour of the day after monday.
func tuesday(hour int) string {
	return booking.SlotID("w1", time.Date(2026, 11, 24, hour-8, 0, 0, 0, time.UTC))
}

// joining is the visit of the world's case with more components.
func (w *world) joining(more ...presage.ComponentID) visit.Widening {
	w.t.Helper()
	c := w.last()
	c.Components = append(c.Components, more...)
	plan, err := w.s.Agenda.PlanFor(c, presage.Vehicle{}, nil)
	w.do(err)
	return visit.Widening{Plan: plan, Change: presage.CaseChange{Components: c.Components, Severity: presage.Safety}}
}

// Pads join the battery: 30 and 60 minutes, both parts, told once, one entry in the calendar.
func TestWidenAVisit(t *testing.T) {
	t.Parallel()
	w, b := booked12V(t)
	visitCase := b.CaseID
	c, err := w.store.Case(w.ctx(), visitCase)
	w.do(err)
	c.Components = append(c.Components, presage.BrakePadsFront)
	plan, err := w.s.Agenda.PlanFor(c, presage.Vehicle{}, nil)
	w.do(err)
	wide, err := w.s.Desk.Widen(w.ctx(), b, visit.Widening{
		Plan:   plan,
		Change: presage.CaseChange{Components: c.Components, Severity: presage.Safety},
	})
	w.do(err)
	if !wide.Start.Equal(b.Start) || wide.End.Sub(wide.Start) != 90*time.Minute || wide.Sequence <= b.Sequence ||
		wide.BayID != b.BayID || wide.TechnicianID != b.TechnicianID {
		t.Errorf("visit %+v", wide)
	}
	if got := fmt.Sprint(wide.Jobs, wide.Parts); got != "[battery_12v_replace brake_pads_front_replace] [{BP-F-2041 1} {LB-12-60AGM 1}]" {
		t.Errorf("does %s", got)
	}
	c, err = w.store.Case(w.ctx(), visitCase)
	w.do(err)
	if c.State != presage.CaseBooked || c.Severity != presage.Safety || len(c.Components) != 2 {
		t.Errorf("case %+v", c)
	}
	w.send()
	w.now = b.Start.Add(-2 * time.Hour)
	w.send()
	told := map[string]string{}
	for _, m := range w.messagesOf(visitCase) {
		if m.State == presage.MessageSent {
			told[m.Kind] += m.Body
		}
	}
	joined := told["joined"]
	if !strings.Contains(joined, "Tue 24 Nov 10:00") || !strings.Contains(joined, "brake pads") ||
		strings.Contains(joined, "12 V battery") || strings.Count(joined, "in all") != 1 {
		t.Errorf("told %q", joined)
	}
	if strings.Count(told["reminder"], "Tue 24 Nov 10:00") != 1 || !strings.Contains(told["reminder"], "brake pads") {
		t.Errorf("recalled %q", told["reminder"])
	}
}

// Nothing joins a visit for which there is no room, no part or no technician: it
// stands as it is, and nobody is told anything.
func TestWidenWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(w *world)
		joins   presage.ComponentID
		want    error
	}{
		"room: another car is in the bay at 10:30": {func(w *world) {
			w.vehicle(secondVIN)
			w.prognosis(secondVIN, presage.Battery12V, presage.StatusDue)
			w.decide()
			_, err := w.s.BookCase(w.ctx(), w.newestOf(secondVIN).ID, booking.SlotID("w1",
				time.Date(2026, 11, 24, 2, 30, 0, 0, time.UTC)), "link", "customer")
			w.do(err)
		}, presage.BrakePadsFront, presage.ErrConflict},
		"parts: none before the visit": {func(w *world) {
			w.do(w.store.PutStock(w.ctx(), []presage.Stock{{DepotID: "d1", Part: "BP-F-2041"}}))
		}, presage.BrakePadsFront, presage.ErrConflict},
		"nobody has the skill": {func(w *world) {
			ws, err := w.store.Workshop(w.ctx(), "w1")
			w.do(err)
			ws.Technicians[0].Skills = nil
			w.do(w.store.PutWorkshops(w.ctx(), []presage.Workshop{ws}))
		}, presage.HVBattery, booking.ErrImpossible},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := booked12V(t)
			x := w.joining(tc.joins)
			tc.prepare(w)
			before := len(w.messagesOf(b.CaseID))
			_, err := w.s.Desk.Widen(w.ctx(), b, x)
			w.wantErr(err, tc.want)
			got, err := w.store.Booking(w.ctx(), b.ID)
			w.do(err)
			if got.State != presage.BookingConfirmed || !got.End.Equal(b.End) || len(w.messagesOf(b.CaseID)) != before {
				t.Errorf("visit %+v, %d messages, want %d", got, len(w.messagesOf(b.CaseID)), before)
			}
		})
	}
}

// A visit that has moved, was cancelled or has begun is not widened by what somebody remembers of it.
func TestWidenAVisitThatIsNotThatOneAnyMore(t *testing.T) {
	t.Parallel()
	w, b := booked12V(t)
	x := w.joining("cabin_filter")
	moved, err := w.s.BookCase(w.ctx(), b.CaseID, tuesday(14), "link", "customer")
	w.do(err)
	_, err = w.s.Desk.Widen(w.ctx(), b, x)
	w.wantErr(err, presage.ErrStale)
	w.wantErr(err, presage.ErrConflict)
	w.now = moved.Start
	_, err = w.s.Desk.Widen(w.ctx(), moved, x)
	w.wantErr(err, presage.ErrConflict)
}

func (w *world) messagesOf(caseID string) []presage.Message {
	w.t.Helper()
	ms, err := w.store.MessagesOf(w.ctx(), caseID)
	w.do(err)
	return ms
}

// newestOf is the newest case of a vehicle.
func (w *world) newestOf(v presage.VIN) presage.Case {
	w.t.Helper()
	cs, err := w.store.LastCases(w.ctx(), v, 1)
	w.do(err)
	if len(cs) == 0 {
		w.t.Fatalf("no case of %s", v)
	}
	return cs[0]
}
