package credential_test

import (
	"context"
	"testing"
	"time"

	"presage"
	"presage/internal/credential"
)

// changes are the credentials of a store that keeps microseconds.
type changes map[presage.VIN]presage.Credential

func (c changes) Credentials(_ context.Context, f presage.CredentialFilter) (cs []presage.Credential, err error) {
	for _, one := range c {
		one.IssuedAt, one.RevokedAt = one.IssuedAt.Truncate(time.Microsecond), one.RevokedAt.Truncate(time.Microsecond)
		if !one.IssuedAt.Before(f.ChangedSince) || !one.RevokedAt.Before(f.ChangedSince) {
			cs = append(cs, one)
		}
	}
	return cs, nil
}

// What another process does to a credential is a reason to cut off once, and
// what this one has seen to already is none.
func TestEachChangeOfACredentialIsSeenOnce(t *testing.T) {
	t.Parallel()
	const vin presage.VIN = "1M8GDM9AXKP042788" // the example of 49 CFR part 565
	now := time.Date(2026, 11, 20, 12, 0, 0, 123456789, time.UTC)
	store, cut, gone := changes{}, 0, 0
	c := credential.CutOff{
		Changes: store, Now: func() time.Time { return now },
		Changed: func(presage.VIN) { cut++ }, Revoked: func(presage.VIN) { gone++ },
	}
	issue := func(at time.Time) presage.Credential {
		store[vin] = presage.Credential{VIN: vin, Hash: "x", IssuedAt: at, RevokedAt: store[vin].RevokedAt}
		return store[vin]
	}
	want := func(what string, cuts, ends int) {
		t.Helper()
		if err := c.Look(t.Context()); err != nil || cut != cuts || gone != ends {
			t.Errorf("%s: %d cut off, %d revoked, %v; want %d, %d", what, cut, gone, err, cuts, ends)
		}
	}
	issue(now.Add(-time.Hour))
	want("long ago", 0, 0)
	issue(now.Add(-time.Second))
	if err := c.Skip(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("before the first login", 0, 0)
	issue(now)
	want("issued", 1, 0)
	want("the same", 1, 0)
	issue(now.Add(time.Second))
	want("rotated", 2, 0)
	store[vin] = presage.Credential{VIN: vin, IssuedAt: store[vin].IssuedAt, RevokedAt: now.Add(2 * time.Second)}
	want("revoked", 2, 1)
	want("the same", 2, 1)
	c.AfterProvision([]presage.Credential{issue(now.Add(3 * time.Second))})
	want("by this process", 3, 1)
	now = now.Add(time.Hour)
	want("an hour later", 3, 1)
}
