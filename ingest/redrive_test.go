package ingest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// box lists m's open letters two at a time, as they are now.
func box(m *memory, now time.Time) ingest.LetterBox {
	return ingest.LetterBox{
		List: func(_ context.Context, after int64) ([]presage.DeadLetter, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			var out []presage.DeadLetter
			for _, l := range m.letters {
				if l.ID > after && l.Redriven.IsZero() && len(out) < 2 {
					out = append(out, l)
				}
			}
			return out, nil
		},
		Mark: func(_ context.Context, id int64, at time.Time) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			i := slices.IndexFunc(m.letters, func(l presage.DeadLetter) bool { return l.ID == id })
			m.letters[i].Redriven = at
			return nil
		},
		Now: func() time.Time { return now },
	}
}

func TestRedrive(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := start(t, m, ingest.Config{})
	const future = `{"ts":1732203200123,"signals":{"Vehicle.Speed":1}}` // 3 h 40 min ahead
	for _, payload := range []string{
		future, `{"broken`, `{"samples":[` + future + `,{"ts":1732190000123,"signals":{"Vehicle.Speed":7}}]}`,
		`{"ts":1732190000123,"signals":{"Vehicle.Speed":"fast","Vehicle.IsMoving":true}}`,
	} {
		submit(t, p, message([]byte(payload)))
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := []string{"future_time", "malformed_json", "future_time", "bad_value"}
	if diff := cmp.Diff(before, m.reasons()); diff != "" {
		t.Fatal(diff)
	}
	if n := len(m.stored()); n != 2 { // speed 7, and IsMoving beside the bad value
		t.Fatalf("%d samples stored", n)
	}

	later := arrival.Add(24 * time.Hour) // the future has come
	for range 2 {                        // the second time changes nothing
		if _, err := ingest.Redrive(t.Context(), p, box(m, later)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ingest.Redrive(t.Context(), p, box(m, later))
	want := ingest.Redriven{Refused: map[string]int{"malformed_json": 1, "bad_value": 1}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if diff := cmp.Diff(before, m.reasons()); diff != "" {
		t.Error("letters were multiplied: ", diff)
	}
	for _, l := range m.letters {
		if marked := !l.Redriven.IsZero(); marked != (l.Reason == "future_time") {
			t.Errorf("letter %d (%s): marked %v", l.ID, l.Reason, marked)
		}
	}
}
