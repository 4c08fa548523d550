//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// letter is the n-th message of a vehicle that became one.
func letter(i, n int, reason string, bytes int) presage.DeadLetter {
	return presage.DeadLetter{
		VIN: vin(i), Received: noon(), Topic: fmt.Sprintf("%s/%d", vin(i), n), Reason: reason, Payload: make([]byte, bytes),
	}
}

func heldLetters(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	bound := sqlstore.Bound{Vehicle: 2, Total: 3}
	put := func(want int, ds ...presage.DeadLetter) {
		t.Helper()
		away, err := s.HoldDeadLetters(ctx, ds, bound)
		must(t, err)
		same(t, "turned away", away["unknown_vehicle"], want)
		same(t, "others turned away", len(away) > 1, false)
	}
	const unknown = "unknown_vehicle"
	first := letter(1, 1, unknown, 10)
	put(0, first, first)                                                    // a repeat takes no room
	put(1, first, letter(1, 2, unknown, 10), letter(1, 3, unknown, 10))     // two of one vehicle at the most
	put(0, letter(1, 1, "bad_value", 10), letter(2, 1, unknown, 10), first) // a bound of its own; the third of all; a repeat
	put(1, letter(3, 1, unknown, 10))                                       // a made-up VIN: no row either
	held := func(i int, kept, bytes, away int64) presage.HeldLetters {
		return presage.HeldLetters{VIN: vin(i), Reason: unknown, Kept: kept, Bytes: bytes, TurnedAway: away, Last: noon()}
	}
	got, err := s.HeldLetters(ctx, unknown, 0)
	must(t, err)
	same(t, "held", got, []presage.HeldLetters{held(1, 2, 20, 1), held(2, 1, 10, 0)})
	same(t, "stored", counts(t, s), map[string]int64{unknown: 3, "bad_value": 1})

	known, err := s.Released(ctx, unknown)
	must(t, err)
	same(t, "registered", len(known), 0)
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1)}}))
	known, err = s.Released(ctx, unknown)
	must(t, err)
	same(t, "registered", known, []presage.HeldLetters{held(1, 2, 20, 1)})

	mine, err := s.DeadLetters(ctx, presage.DeadLetterFilter{Reason: unknown, VIN: vin(1), OnlyOpen: true})
	must(t, err)
	same(t, "of the vehicle", len(mine), 2)
	for range 2 { // marking twice counts once
		must(t, s.MarkRedriven(ctx, mine[0].ID, noon()))
	}
	must(t, s.MarkRedriven(ctx, mine[1].ID, noon()))
	got, err = s.HeldLetters(ctx, unknown, 1)
	must(t, err)
	same(t, "after they went in", got, []presage.HeldLetters{held(1, 0, 0, 1)})
	put(0, letter(3, 2, unknown, 10), letter(4, 1, unknown, 2*16<<10)) // room again: 2 x 16 KiB is a vehicle's bound in bytes
	put(1, letter(4, 2, unknown, 1))
}

// Letters of no vehicle have the bound of all together.
func heldOfNobody(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	nobody := func(n int) presage.DeadLetter {
		return presage.DeadLetter{Received: noon(), Topic: fmt.Sprint("x/", n), Reason: "bad_topic", Payload: []byte("x")}
	}
	put := func(want int, ds ...presage.DeadLetter) {
		t.Helper()
		away, err := s.HoldDeadLetters(ctx, ds, sqlstore.Bound{Vehicle: 1, Total: 2})
		must(t, err)
		same(t, "turned away", away["bad_topic"], want)
	}
	put(1, nobody(1), nobody(2), nobody(3))
	put(0, nobody(1)) // a repeat
	refused := nobody(4)
	refused.Reason = "store_rejected"
	put(0, refused)
	open, err := s.DeadLetters(ctx, presage.DeadLetterFilter{})
	must(t, err)
	must(t, s.MarkRedriven(ctx, open[0].ID, noon()))
	put(1, nobody(5), nobody(6)) // room for one again

	n, err := s.PurgeRedriven(ctx, noon())
	must(t, err)
	same(t, "purged too early", n, int64(0))
	n, err = s.PurgeRedriven(ctx, noon().Add(time.Second))
	must(t, err)
	same(t, "purged", n, int64(1))
	same(t, "open", counts(t, s), map[string]int64{"bad_topic": 2, "store_rejected": 1})
}

func counts(t *testing.T, s *sqlstore.Store) map[string]int64 {
	t.Helper()
	n, err := s.DeadLetterCounts(t.Context())
	must(t, err)
	return n
}

func credentials(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	none, err := s.Credential(ctx, vin(1))
	must(t, err)
	same(t, "nothing known", none, presage.Credential{VIN: vin(1)})
	wantKind(t, s.RevokeCredential(ctx, vin(1), noon()), presage.ErrNotFound)

	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(2), Make: "VW"}}))
	issued := func(i int, hash string) presage.Credential {
		return presage.Credential{VIN: vin(i), Hash: hash, IssuedAt: noon(), Registered: true}
	}
	must(t, s.PutCredentials(ctx, []presage.Credential{issued(2, "b"), issued(1, "a")}))
	v, err := s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "registered by its credential", v, presage.Vehicle{VIN: vin(1)})
	v, err = s.Vehicle(ctx, vin(2))
	must(t, err)
	same(t, "known before", v.Make, "VW")
	all, err := s.Credentials(ctx, presage.CredentialFilter{})
	must(t, err)
	same(t, "all", all, []presage.Credential{issued(1, "a"), issued(2, "b")})

	must(t, s.RevokeCredential(ctx, vin(1), noon()))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(3)}}))
	must(t, s.RevokeCredential(ctx, vin(3), noon().Add(time.Hour))) // has a certificate alone
	must(t, s.PutCredentials(ctx, []presage.Credential{{VIN: vin(2), Hash: "b", IssuedAt: noon().Add(-time.Second)}}))
	revoked, err := s.Credentials(ctx, presage.CredentialFilter{ChangedSince: noon()})
	must(t, err)
	same(t, "revoked", revoked, []presage.Credential{
		{VIN: vin(1), RevokedAt: noon(), Registered: true},
		{VIN: vin(3), RevokedAt: noon().Add(time.Hour), Registered: true},
	})
	must(t, s.PutCredentials(ctx, []presage.Credential{issued(1, "again")}))
	changed, err := s.Credentials(ctx, presage.CredentialFilter{ChangedSince: noon().Add(-time.Second), Limit: 2})
	must(t, err)
	same(t, "issued lately", []string{changed[0].Hash, changed[1].Hash}, []string{"again", "b"})
	c, err := s.Credential(ctx, vin(1))
	must(t, err)
	want := issued(1, "again")
	want.RevokedAt = noon()
	same(t, "anew; old certificates stay out", c, want)
}

func silent(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	daily := presage.Vehicle{VIN: vin(1), ExpectedInterval: presage.Interval(24 * time.Hour), LastSeen: noon()}
	plain := presage.Vehicle{VIN: vin(2), LastSeen: noon()}
	never := presage.Vehicle{VIN: vin(3)}
	must(t, s.PutVehicles(ctx, []presage.Vehicle{daily, plain, never}))
	for _, c := range []struct {
		after time.Duration
		want  []presage.Vehicle
	}{
		{24 * time.Hour, []presage.Vehicle{never}},
		{25 * time.Hour, []presage.Vehicle{daily, never}},
		{73 * time.Hour, []presage.Vehicle{daily, plain, never}},
	} {
		now := presage.Silence{Now: noon().Add(c.after), After: 72 * time.Hour}
		got, err := s.Vehicles(ctx, presage.VehicleFilter{Silent: now})
		must(t, err)
		same(t, "silent after "+c.after.String(), got, c.want)
		n, err := s.SilentVehicles(ctx, now)
		must(t, err)
		same(t, "counted", n, len(c.want))
		for _, v := range []presage.Vehicle{daily, plain, never} {
			_, silent := now.Since(v)
			same(t, "judged alike", silent, containsVIN(c.want, v.VIN))
		}
	}
	off, err := s.SilentVehicles(ctx, presage.Silence{Now: noon().AddDate(1, 0, 0)})
	must(t, err)
	same(t, "no measure, nobody is silent", off, 0)
}

func containsVIN(vs []presage.Vehicle, vin presage.VIN) bool {
	for _, v := range vs {
		if v.VIN == vin {
			return true
		}
	}
	return false
}

// largeLetters: a list holds the heads of large letters, and a page of whole
// ones ends by their sizes.
func largeLetters(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	var ds []presage.DeadLetter
	for n := range 5 {
		ds = append(ds, letter(n, n, "too_much", 10_000+n))
	}
	must(t, s.PutDeadLetters(ctx, ds))
	f := presage.DeadLetterFilter{Reason: "too_much"}
	heads, err := s.DeadLetterHeads(ctx, f)
	must(t, err)
	for n, d := range heads {
		same(t, "head", len(d.Payload), 4096)
		same(t, "size", d.Size, 10_000+n)
	}
	for bytes, want := range map[int64]int{1: 1, 20_000: 1, 20_001: 2, 1 << 20: 5} { // 10,000 + 10,001 bytes
		page, err := s.DeadLetterPage(ctx, f, bytes)
		must(t, err)
		same(t, "letters in a page", len(page), want)
		same(t, "whole", len(page[0].Payload), 10_000)
	}
	f.AfterID = heads[4].ID
	page, err := s.DeadLetterPage(ctx, f, 1)
	must(t, err)
	same(t, "at the end", len(page), 0)
}
