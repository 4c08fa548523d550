package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func claimOf(node string) presage.MQTTClaim {
	return presage.MQTTClaim{Account: string(vin(0)), ClientID: "tbox", Node: node, Proven: true, At: noon()}
}

func mustClaim(t *testing.T, s *sqlstore.Store, c presage.MQTTClaim, movedWanted bool) int64 {
	t.Helper()
	number, moved, err := s.ClaimSession(t.Context(), c)
	must(t, err)
	if moved != movedWanted {
		t.Errorf("claimed by %s: moved %v", c.Node, moved)
	}
	return number
}

func mqttClaims(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutFleet(ctx, presage.Fleet{Vehicles: []presage.Vehicle{{VIN: vin(0)}}}))
	lost := func(node string, want ...presage.MQTTLoss) {
		t.Helper()
		got, err := s.LostSessions(ctx, node)
		must(t, err)
		same(t, "lost by "+node, got, want)
	}
	session := presage.MQTTSession{VIN: vin(0), ClientID: "tbox", QoS: 1, ExpiresAt: noon().Add(time.Hour)}
	for _, node := range []string{"a", "b"} {
		anew, err := s.KeepNode(ctx, node, noon())
		must(t, err)
		if !anew {
			t.Errorf("%s was known", node)
		}
	}

	first := mustClaim(t, s, claimOf("a"), false)
	again := mustClaim(t, s, claimOf("a"), false)
	if again <= first {
		t.Errorf("claim %d after %d", again, first)
	}
	session.Claim = first
	wantKind(t, s.PutSession(ctx, session), presage.ErrConflict)
	session.Claim = again
	must(t, s.PutSession(ctx, session))

	taken := mustClaim(t, s, claimOf("b"), true)
	wantKind(t, s.PutSession(ctx, session), presage.ErrConflict)
	wantKind(t, s.DeleteSession(ctx, session), presage.ErrConflict)
	must(t, s.ReleaseSession(ctx, string(vin(0)), "tbox", again)) // of a: b's stays
	lost("b")
	lost("a", presage.MQTTLoss{Account: string(vin(0)), ClientID: "tbox", Number: taken})
	lost("a")
	session.Claim = taken
	must(t, s.DeleteSession(ctx, session))

	stranger := claimOf("a")
	stranger.Proven = false
	_, _, err := s.ClaimSession(ctx, stranger)
	wantKind(t, err, presage.ErrForbidden)
	stranger.Node = ""
	_, _, err = s.ClaimSession(ctx, stranger)
	wantKind(t, err, presage.ErrInvalid)

	anew := claimOf("a")
	anew.Clean = true
	back := mustClaim(t, s, anew, true)
	lost("b", presage.MQTTLoss{Account: string(vin(0)), ClientID: "tbox", Number: back, Clean: true})

	// a falls silent: its claims are given up, and it learns so.
	_, err = s.KeepNode(ctx, "b", noon().Add(time.Hour))
	must(t, err)
	must(t, s.ForgetNodes(ctx, noon().Add(time.Minute)))
	next := mustClaim(t, s, claimOf("b"), false)
	lost("a")
	known, err := s.KeepNode(ctx, "a", noon().Add(time.Hour))
	must(t, err)
	if !known {
		t.Error("a was not told that it had been given up")
	}
	must(t, s.LeaveNode(ctx, "b"))
	session.Claim = next
	wantKind(t, s.PutSession(ctx, session), presage.ErrConflict)
	mustClaim(t, s, claimOf("a"), false)
}

// Many doors claim one session at once: the numbers are all different, the last
// one holds it, and each of the others is told of a later claim.
func claimedAtOnce(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	nodes := []string{"a", "b", "c", "d"}
	numbers := make([]int64, len(nodes))
	mustClaim(t, s, claimOf("z"), false)
	var claiming sync.WaitGroup
	for i, node := range nodes {
		claiming.Go(func() {
			number, _, err := s.ClaimSession(t.Context(), claimOf(node))
			if err != nil {
				t.Error(err)
			}
			numbers[i] = number
		})
	}
	claiming.Wait()
	holders := 0
	for i, node := range nodes {
		lost, err := s.LostSessions(t.Context(), node)
		must(t, err)
		switch {
		case len(lost) == 0:
			holders++
		case lost[0].Number <= numbers[i]:
			t.Errorf("%s claimed with %d and lost to %d", node, numbers[i], lost[0].Number)
		}
	}
	if holders != 1 {
		t.Errorf("%d hold the session: %v", holders, numbers)
	}
}
