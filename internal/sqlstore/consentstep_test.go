package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// consentSteps: a step changes what it names and no more, in view of the consent that
// was seen; of two that saw the same one is done, and no STOP is undone by the other.
func consentSteps(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx, at := t.Context(), noon()
	reset := func() presage.Consent {
		at = at.Add(time.Hour)
		c := presage.Consent{SMS: true, Call: true, ChangedAt: at, Source: "contract"}
		must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Phone: secretPhone}}))
		must(t, s.SetConsent(ctx, "c1", c))
		return c
	}
	read := func() presage.Consent {
		c, err := s.Customer(ctx, "c1")
		must(t, err)
		return c.Consent
	}
	seen := reset().ChangedAt
	step := presage.ConsentStep{
		Open: presage.Channels{Push: true}, Close: presage.Channels{Call: true}, Seen: &seen,
		At: at.Add(time.Minute), Source: "link", Evidence: "offer o1",
	}
	must(t, s.ChangeConsent(ctx, "c1", step))
	same(t, "opened and closed", read(), presage.Consent{
		Push: true, SMS: true, ChangedAt: at.Add(time.Minute), Source: "link", Stopped: presage.Channels{Call: true},
	})
	wantKind(t, s.ChangeConsent(ctx, "c1", step), presage.ErrStale)
	wantKind(t, s.ChangeConsent(ctx, "c1", step), presage.ErrConflict)
	wantKind(t, s.ChangeConsent(ctx, "nobody", step), presage.ErrNotFound)

	stop := presage.ConsentStep{
		Close: presage.Channels{Push: true, SMS: true, Email: true}, At: at.Add(2 * time.Minute), Source: "sms STOP",
	}
	for range 20 {
		seen = reset().ChangedAt
		step.Open, step.Close, step.At = presage.Channels{Push: true, Email: true}, presage.Channels{}, at.Add(time.Minute)
		stop.At = at.Add(2 * time.Minute)
		var wg sync.WaitGroup
		var chosen, stopped error
		wg.Go(func() { chosen = s.ChangeConsent(ctx, "c1", step) })
		wg.Go(func() { stopped = s.ChangeConsent(ctx, "c1", stop) })
		wg.Wait()
		must(t, stopped)
		if chosen != nil {
			wantKind(t, chosen, presage.ErrStale)
		}
		if c := read(); c.Push || c.SMS || c.Email || !c.Stopped.SMS || !c.Stopped.Push || !c.Stopped.Email {
			t.Fatalf("the STOP is gone after %v: %+v", chosen, c)
		}
	}
}
