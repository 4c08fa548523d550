package rollout_test

import (
	"testing"

	"presage"
	"presage/outreach/rollout"
)

// Of ten answers one failure in twenty may be: 0 of 10 goes on, 1 of 10 halts.
func TestJudge(t *testing.T) {
	t.Parallel()
	r := presage.Rollout{Rings: []float64{1, 10, 100}, PassShare: 0.9, HaltShare: 0.05, MinAnswers: 10, State: presage.RolloutRunning}
	last := r
	last.Ring = 2
	done := last
	done.State = presage.RolloutDone
	ring := func(installed, failed, lately, fails int) presage.RolloutRing {
		return presage.RolloutRing{
			All: 99, Cars: 20, Installed: installed, Failed: failed, Lately: lately, LateFails: fails,
		}
	}
	for _, c := range []struct {
		name  string
		r     presage.Rollout
		x     presage.RolloutRing
		state presage.RolloutState
		ring  int
		moves bool
	}{
		{"no cars yet", r, presage.RolloutRing{}, "running", 0, false},
		{"a ring without cars passes", r, presage.RolloutRing{All: 3}, "running", 1, true},
		{"too few have installed it", r, presage.RolloutRing{All: 99, Cars: 10, Installed: 8, Lately: 8}, "running", 0, false},
		{"nine of ten", r, presage.RolloutRing{All: 99, Cars: 10, Installed: 9, Lately: 9}, "running", 1, true},
		{"failures, but few answers", r, ring(5, 4, 9, 4), "running", 0, false},
		{"one of ten fails", r, ring(9, 1, 10, 1), "halted", 0, true},
		{"failures before it was started again", r, ring(9, 9, 1, 0), "running", 0, false},
		{"the last ring", last, presage.RolloutRing{All: 9, Cars: 9, Installed: 9}, "done", 2, true},
		{"done stays done", done, presage.RolloutRing{All: 9, Cars: 9, Installed: 9}, "done", 2, false},
		{"done may still halt", done, presage.RolloutRing{All: 99, Cars: 99, Lately: 10, LateFails: 2}, "halted", 2, true},
	} {
		step, moves := rollout.Judge(c.r, c.x)
		if moves != c.moves || step.To != c.state || step.Ring != c.ring {
			t.Errorf("%s: %s in ring %d, %t; want %s in ring %d, %t", c.name, step.To, step.Ring, moves, c.state, c.ring, c.moves)
		}
	}
}
