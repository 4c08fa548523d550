package eval_test

import (
	"testing"
	"time"

	"presage/cmd/presage/lab/eval"
	"presage/simulator"
)

var june = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func on(day float64) time.Time { return june.Add(time.Duration(day * 24 * float64(time.Hour))) }

// truth is a look: the share of life used and the day on which it would end.
func truth(used, failsOn float64) simulator.Truth {
	return simulator.Truth{Used: used, FailsAt: on(failsOn)}
}

func TestComponentTruth(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		tell            func(f *eval.ComponentTruth)
		fails, renewed  bool // within (day 1, day 10]
		spent           bool // on day 1
		failures, total int  // within (day 1, day 10], ever
	}{
		{name: "wears on", tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.5, 40), on(1))
			f.Look(truth(0.6, 40), on(5))
		}},
		{name: "is used up", fails: true, failures: 1, total: 1, tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.9, 6), on(1))
			f.Look(truth(1.02, 6), on(6))
			f.Look(truth(1.05, 6), on(7))
		}},
		{name: "was used up before anybody looked", spent: true, fails: true, total: 1, tell: func(f *eval.ComponentTruth) {
			f.Look(truth(1.3, 0), on(0))
			f.Look(truth(1.4, 0), on(5))
		}},
		{name: "breaks down without notice", fails: true, renewed: true, failures: 1, total: 1, tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.5, 400), on(1))
			f.Look(truth(0.1, 800), on(2)) // the new part is in, the report comes later
			f.Broke(on(2.6))
		}},
		{
			name: "breaks down at the end of its life: one failure", fails: true, renewed: true, failures: 1, total: 1,
			tell: func(f *eval.ComponentTruth) {
				f.Look(truth(0.98, 1.9), on(1))
				f.Look(truth(0, 90), on(2))
				f.Broke(on(2.9))
			},
		},
		{
			name: "breakdown told before the look that shows the new part: one failure", fails: true, renewed: true, failures: 1, total: 1,
			tell: func(f *eval.ComponentTruth) {
				f.Look(truth(0.5, 1.5), on(1))
				f.Broke(on(1.6))
				f.Look(truth(0, 900), on(2))
			},
		},
		{name: "renewed in time", renewed: true, tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.8, 30), on(1))
			f.Look(truth(0.0, 90), on(2))
		}},
		{
			name: "failed and mended between two looks", fails: true, renewed: true, failures: 1, total: 1,
			tell: func(f *eval.ComponentTruth) {
				f.Look(truth(0.97, 1.5), on(1))
				f.Look(truth(0.0, 90), on(2))
			},
		},
		{name: "a little air is not a repair", tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.15, 30), on(1))
			f.Look(truth(0.0, 90), on(2))
		}},
		{name: "fails later", total: 1, tell: func(f *eval.ComponentTruth) {
			f.Look(truth(0.5, 20), on(1))
			f.Look(truth(1.1, 20), on(20))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var f eval.ComponentTruth
			tt.tell(&f)
			from, until := on(1), on(10)
			if got := f.Spent(from); got != tt.spent {
				t.Errorf("spent %t", got)
			}
			if got := f.Fails(from, until); got != tt.fails {
				t.Errorf("fails %t", got)
			}
			if got := f.Renewed(from, until); got != tt.renewed {
				t.Errorf("renewed %t", got)
			}
			if got := len(f.Failures(from, until)); got != tt.failures {
				t.Errorf("%d failures", got)
			}
			if got := len(f.Failures(on(-1), on(100))); got != tt.total {
				t.Errorf("%d failures ever, want %d", got, tt.total)
			}
		})
	}
}

// A failure is silent when the truth before it said so, whenever it is told.
func TestComponentTruthSilent(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{true, false} {
		var before, after eval.ComponentTruth
		dying := truth(0.5, 2.5)
		dying.Silent = silent
		before.Look(dying, on(1))
		before.Broke(on(2.5))
		before.Look(truth(0, 900), on(3))
		after.Look(dying, on(1))
		after.Look(truth(0, 900), on(2))
		after.Broke(on(2.5))
		for name, f := range map[string]*eval.ComponentTruth{"told before": &before, "told after": &after} {
			at := f.Failures(on(1), on(10))
			if len(at) != 1 || f.Silent(at[0]) != silent {
				t.Errorf("%s: failures %v, silent want %t", name, at, silent)
			}
		}
	}
}
