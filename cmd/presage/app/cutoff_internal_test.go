package app

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore/sqltest"
)

// What another process does to a credential is a reason to cut off once, and
// what this one has seen to already is none.
func TestEachChangeOfACredentialIsSeenOnce(t *testing.T) {
	t.Parallel()
	sql := sqltest.Open(t)
	a := &App{SQL: sql}
	const vin presage.VIN = "1M8GDM9AXKP042788" // the example of 49 CFR part 565
	now := time.Now()
	issue := func(at time.Time) presage.Credential {
		t.Helper()
		c := presage.Credential{VIN: vin, Hash: "x", IssuedAt: at}
		if err := sql.PutCredentials(t.Context(), []presage.Credential{c}); err != nil {
			t.Fatal(err)
		}
		return c
	}
	want := func(what string, n int) {
		t.Helper()
		if got, err := a.changedCredentials(t.Context()); len(got) != n || err != nil {
			t.Errorf("%s: %d changes, %v; want %d", what, len(got), err, n)
		}
	}
	issue(now.Add(-time.Hour))
	want("long ago", 0)
	issue(now)
	want("issued", 1)
	want("the same", 0)
	issue(now.Add(time.Second))
	want("rotated", 1)
	if err := sql.RevokeCredential(t.Context(), vin, now.Add(2*time.Second)); err != nil {
		t.Fatal(err)
	}
	want("revoked", 1)
	a.edge.known = make(chan struct{}, 1)
	a.provisioned([]presage.Credential{issue(now.Add(3 * time.Second))})
	want("by this process", 0)
}
