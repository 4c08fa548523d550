//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"encoding/json"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func dirtyDays(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	a, b := presage.VehicleDay{VIN: vin(1), Day: 20000}, presage.VehicleDay{VIN: vin(2), Day: 20000}
	must(t, s.MarkDirty(ctx, nil))
	must(t, s.MarkDirty(ctx, []presage.VehicleDay{a}))
	must(t, s.MarkDirty(ctx, []presage.VehicleDay{b, b}))
	oldest, some, err := s.OldestDirtyDay(ctx, 19999)
	must(t, err)
	if _, later, err := s.OldestDirtyDay(ctx, 20001); err != nil || later || !some || oldest != 20000 {
		t.Errorf("oldest %d, %v; one from 20001 on: %v, %v", oldest, some, later, err)
	}
	read, err := s.DirtyDays(ctx, 0)
	must(t, err)
	same(t, "queue", []presage.VehicleDay{read[0].VehicleDay, read[1].VehicleDay}, []presage.VehicleDay{a, b})

	must(t, s.MarkDirty(ctx, []presage.VehicleDay{a})) // new data while the roll-up is made
	must(t, s.ClearDirty(ctx, read))
	left, err := s.DirtyDays(ctx, 0)
	must(t, err)
	if len(left) != 1 || left[0].VehicleDay != a || left[0].Seq <= read[0].Seq {
		t.Fatalf("left = %v, want %v with a newer seq than %d", left, a, read[0].Seq)
	}
	must(t, s.ClearDirty(ctx, left))
	must(t, s.MarkDirty(ctx, []presage.VehicleDay{a}))
	must(t, s.ClearDirty(ctx, left)) // stale, although the row was made anew
	left, err = s.DirtyDays(ctx, 1)
	must(t, err)
	same(t, "rows left", len(left), 1)
}

func deadLetters(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	in := []presage.DeadLetter{
		{Received: noon(), Topic: "presage/v1/x/telemetry", Payload: []byte("{\x00\xff"), Reason: "malformed_json", Detail: "at 1"},
		{Received: noon(), Topic: "bad\x00\xfftopic", Payload: nil, Reason: "bad_topic", Detail: "nul\x00"},
		{Received: noon(), Payload: []byte("b"), Reason: "malformed_json"},
	}
	must(t, s.PutDeadLetters(ctx, in))
	all, err := s.DeadLetters(ctx, presage.DeadLetterFilter{})
	must(t, err)
	same(t, "IDs", []int64{all[0].ID, all[1].ID, all[2].ID}, []int64{1, 2, 3})
	same(t, "payload", all[0].Payload, in[0].Payload)
	same(t, "received", all[0].Received, noon())
	same(t, "topic", all[1].Topic, "bad\uFFFDtopic")
	same(t, "no payload", len(all[1].Payload), 0)

	must(t, s.MarkRedriven(ctx, 1, noon()))
	wantKind(t, s.MarkRedriven(ctx, 77, noon()), presage.ErrNotFound)
	counts, err := s.DeadLetterCounts(ctx)
	must(t, err)
	same(t, "counts", counts, map[string]int64{"malformed_json": 1, "bad_topic": 1})
	open, err := s.DeadLetters(ctx, presage.DeadLetterFilter{Reason: "malformed_json", OnlyOpen: true})
	must(t, err)
	same(t, "open ones", len(open), 1)
	page, err := s.DeadLetters(ctx, presage.DeadLetterFilter{AfterID: 1, Limit: 1})
	must(t, err)
	same(t, "page", page[0].ID, int64(2))
}

// A crash between the storing of letters and their acknowledgement brings the
// same messages again, in another batch and at a later time.
func letterIdentity(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	at := func(i int) time.Time { return noon().Add(time.Duration(i) * time.Second) }
	letter := func(received int, topic, payload, reason string) presage.DeadLetter {
		return presage.DeadLetter{
			Received: at(received), Topic: topic, Payload: []byte(payload), Reason: reason,
			Detail: "received at " + at(received).String(),
		}
	}
	batch := []presage.DeadLetter{
		letter(1, "a", "{", "malformed_json"),
		letter(2, "a", "{", "bad_value"),      // another reason
		letter(3, "b", "{", "malformed_json"), // another topic
		letter(4, "a{", "", "malformed_json"), // the same bytes, elsewhere
		letter(5, "a", "{", "malformed_json"), // the first once more
	}
	type row struct {
		Topic, Payload, Reason string
		Times                  int64
		First, Last            time.Time
	}
	check := func(what string, want ...row) {
		t.Helper()
		all, err := s.DeadLetters(ctx, presage.DeadLetterFilter{})
		must(t, err)
		var got []row
		for _, d := range all {
			got = append(got, row{d.Topic, string(d.Payload), d.Reason, d.Times, d.Received, d.LastReceived})
			same(t, what+": detail", d.Detail, "received at "+d.Received.String())
		}
		same(t, what, got, want)
	}
	first := row{"a", "{", "malformed_json", 2, at(1), at(5)}
	rest := []row{
		{"a", "{", "bad_value", 1, at(2), at(2)},
		{"b", "{", "malformed_json", 1, at(3), at(3)},
		{"a{", "", "malformed_json", 1, at(4), at(4)},
	}
	must(t, s.PutDeadLetters(ctx, batch))
	check("put once", append([]row{first}, rest...)...)
	must(t, s.PutDeadLetters(ctx, batch))
	check("the same put again", append([]row{first}, rest...)...)

	must(t, s.PutDeadLetters(ctx, []presage.DeadLetter{letter(60, "a", "{", "malformed_json")}))
	first.Times, first.Last = 3, at(60)
	check("delivered again", append([]row{first}, rest...)...)

	must(t, s.MarkRedriven(ctx, 1, at(70)))
	must(t, s.PutDeadLetters(ctx, []presage.DeadLetter{
		letter(80, "a", "{", "malformed_json"), letter(81, "a", "{", "malformed_json"),
	}))
	second := row{"a", "{", "malformed_json", 2, at(80), at(81)}
	check("once more after it was driven again", append(append([]row{first}, rest...), second)...)
	counts, err := s.DeadLetterCounts(ctx)
	must(t, err)
	same(t, "open ones", counts, map[string]int64{"malformed_json": 3, "bad_value": 1})
}

func events(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	dtc := presage.Event{VIN: vin(1), Time: noon(), Type: "dtc", Code: "P0A80", Data: json.RawMessage(`{"code":"P0A80"}`)}
	later := presage.Event{VIN: vin(1), Time: noon().Add(time.Millisecond), Type: "trip_end"}
	must(t, s.PutEvents(ctx, []presage.Event{dtc, later, dtc}))
	must(t, s.PutEvents(ctx, []presage.Event{dtc, {VIN: vin(2), Time: noon(), Type: "x\x00\xff"}}))
	got, err := s.Events(ctx, vin(1), 0)
	must(t, err)
	same(t, "events", got, []presage.Event{later, dtc})
	got, err = s.Events(ctx, vin(1), 1)
	must(t, err)
	same(t, "newest", got, []presage.Event{later})
}

func rollups(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	day := func(d presage.Day, pads float64) presage.Rollup {
		return presage.Rollup{
			VIN: vin(1), Day: d, Samples: 7, First: d.Start().Add(time.Hour), Last: d.Start().Add(2 * time.Hour),
			Features: map[string]float64{"pad_front": pads},
		}
	}
	other := day(100, 1)
	other.VIN = vin(2)
	must(t, s.PutRollups(ctx, []presage.Rollup{day(102, 3), day(100, 1), day(101, 2), day(103, 4), other}))
	must(t, s.PutRollups(ctx, []presage.Rollup{day(101, 2.5)}))
	got, err := s.Rollups(ctx, vin(1), 100, 102)
	must(t, err)
	same(t, "roll-ups", got, []presage.Rollup{day(100, 1), day(101, 2.5), day(102, 3)})
}
