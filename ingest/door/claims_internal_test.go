package door

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"presage"
)

// forgotten claims everything and knows no node: each was given up.
type forgotten struct{ released int }

func (forgotten) ClaimSession(context.Context, presage.MQTTClaim) (int64, bool, error) {
	return 7, false, nil
}

func (f *forgotten) ReleaseSession(context.Context, string, string, int64) error {
	f.released++
	return nil
}

func (forgotten) LostSessions(context.Context, string) ([]presage.MQTTLoss, error) { return nil, nil }

func (forgotten) KeepNode(context.Context, string, time.Time) (bool, error) { return true, nil }

func (forgotten) ForgetNodes(context.Context, time.Time) error { return nil }

func (forgotten) LeaveNode(context.Context, string) error { return nil }

// A door that others gave up, because it stood still, cuts its clients off: each
// of them may be at another door by now.
func TestDoorThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(t.Context(), Config{
			Addr: "127.0.0.1:0", Open: true, Sink: &instant{}, Now: time.Now, Claims: &forgotten{},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.lookForLost(t.Context()) // the first time nobody can know it
		c := s.newConn(s.base, &script{})
		c.user = user{vin: fuzzVIN}
		if _, err := s.register(t.Context(), c, hello{clientID: "box", expiry: time.Hour}); err != nil {
			t.Fatal(err)
		}
		s.lookForLost(t.Context())
		if why := c.reason.Load(); why != nil {
			t.Errorf("cut off within %v: %v", keptEvery, why)
		}
		time.Sleep(keptEvery) // of the bubble
		s.lookForLost(t.Context())
		if why := c.reason.Load(); why == nil || why.reason != reasonTakenOver {
			t.Errorf("reason %v, want taken over", why)
		}
		if s.registry.leave(c) {
			t.Error("the session is still the connection's own")
		}
		_ = s.Close()
	})
}

// A session that is over gives its claim back, and only its own.
func TestSessionThatIsOverReleasesItsClaim(t *testing.T) {
	t.Parallel()
	store := &forgotten{}
	s, err := New(t.Context(), Config{Addr: "127.0.0.1:0", Open: true, Sink: &instant{}, Now: time.Now, Claims: store})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for i, expiry := range []time.Duration{0, time.Hour} {
		c := s.newConn(s.base, &script{})
		c.user = user{vin: fuzzVIN}
		if _, err := s.register(t.Context(), c, hello{clientID: "box", clean: true, expiry: expiry}); err != nil {
			t.Fatal(err)
		}
		s.leave(t.Context(), c)
		s.lookForLost(t.Context())
		if store.released != 1 {
			t.Errorf("session %d: %d claims released, want that of the one without a lifetime", i, store.released)
		}
	}
}
