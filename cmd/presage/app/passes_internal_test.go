package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/models/scoring"
)

// passWorld is what passes work with, in memory.
type passWorld struct {
	passes

	now     time.Time
	judged  []presage.VIN // by the next pass over what is new; nil: it fails before it judges any
	unread  error         // of a day
	refuse  error         // deciding fails
	decided []presage.VIN
	all     int // decisions on the whole fleet
	plans   int
	took    time.Duration // a plan
}

func newPassWorld() *passWorld {
	w := &passWorld{now: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	w.passes = passes{
		scoreAll: func(context.Context) (scoring.Report, error) { return scoring.Report{Vehicles: 9}, w.unread },
		scoreNew: func(context.Context) (scoring.Report, error) {
			return scoring.Report{Vehicles: len(w.judged), VINs: w.judged}, w.unread
		},
		decideAll: func(context.Context) error { w.all++; return w.refuse },
		decideFor: func(_ context.Context, vins []presage.VIN) error {
			w.decided = slices.Clone(vins)
			return w.refuse
		},
		plan: func(context.Context) error { w.plans++; w.now = w.now.Add(w.took); return nil },
		wall: func() time.Time { return w.now },
	}
	return w
}

// A day that cannot be read keeps neither decisions nor plans waiting.
func TestUnreadDayHoldsNothingUp(t *testing.T) {
	t.Parallel()
	w := newPassWorld()
	w.unread, w.judged = errors.New("a day stays dirty"), []presage.VIN{}
	for n := range 3 {
		if err := w.fresh(t.Context()); !errors.Is(err, w.unread) || w.plans != n+1 {
			t.Errorf("pass %d: %v, %d plans", n, err, w.plans)
		}
	}
}

// Vehicles that could not be decided for are decided for with the next pass, until it works.
func TestDecisionsThatFailedAreMadeUpFor(t *testing.T) {
	t.Parallel()
	w := newPassWorld()
	w.refuse = presage.ErrUnavailable
	for _, step := range []struct {
		judged, want []presage.VIN
		refuse       error
	}{
		{[]presage.VIN{"B", "A"}, []presage.VIN{"A", "B"}, presage.ErrUnavailable},
		{[]presage.VIN{"B", "C"}, []presage.VIN{"A", "B", "C"}, presage.ErrUnavailable},
		{[]presage.VIN{}, []presage.VIN{"A", "B", "C"}, nil},
		{[]presage.VIN{"D"}, []presage.VIN{"D"}, nil},
	} {
		w.judged, w.refuse = step.judged, step.refuse
		if err := w.fresh(t.Context()); !errors.Is(err, step.refuse) || !slices.Equal(w.decided, step.want) {
			t.Errorf("judged %v: decided for %v, %v", step.judged, w.decided, err)
		}
	}
	w.refuse, w.judged = presage.ErrUnavailable, []presage.VIN{"E"}
	_ = w.fresh(t.Context())
	w.refuse = nil
	if err := w.night(t.Context()); err != nil || w.all != 1 || len(w.undecided) > 0 {
		t.Errorf("night: %v, %d left", err, len(w.undecided))
	}
}

// A plan of a second is made at every pass; one of a minute takes a tenth of the time.
func TestLongPlansRest(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]int{time.Second: 60, time.Minute: 6} {
		w := newPassWorld()
		w.took, w.judged = took, []presage.VIN{}
		begun := w.now
		for w.now.Sub(begun) < time.Hour {
			before := w.now
			if err := w.fresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.now = before.Add(max(time.Minute, w.now.Sub(before)))
		}
		if w.plans != want {
			t.Errorf("plans that take %s: %d an hour, want %d", took, w.plans, want)
		}
	}
}
