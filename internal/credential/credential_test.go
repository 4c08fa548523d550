package credential_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"presage"
	"presage/internal/credential"
)

const vin presage.VIN = "1M8GDM9AXKP042788" // the example of 49 CFR part 565

// table keeps credentials and counts how often it was asked.
type table struct {
	mu   sync.Mutex
	rows map[presage.VIN]presage.Credential
	fail error
}

func newTable() *table { return &table{rows: map[presage.VIN]presage.Credential{}} }

func (s *table) Credential(_ context.Context, v presage.VIN) (presage.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[v], s.fail
}

func (s *table) PutCredentials(_ context.Context, cs []presage.Credential) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range cs {
		c.Registered, c.RevokedAt = true, s.rows[c.VIN].RevokedAt
		s.rows[c.VIN] = c
	}
	return s.fail
}

func (s *table) RevokeCredential(_ context.Context, v presage.VIN, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[v] = presage.Credential{VIN: v, RevokedAt: at, Registered: true}
	return s.fail
}

func noon() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

func home() netip.Addr { return netip.MustParseAddr("192.0.2.1") }

// world is an issuer and a verifier over one table, with a clock that is set by hand.
type world struct {
	*table
	credential.Issuer
	*credential.Verifier
	clock time.Time
}

func start(t *testing.T, change func(*credential.VerifierConfig)) *world {
	t.Helper()
	w := &world{table: newTable(), clock: noon()}
	cfg := credential.VerifierConfig{
		Lookup: w.table, Now: func() time.Time { return w.clock }, Cost: credential.MinCost,
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if w.Verifier, err = credential.NewVerifier(cfg); err != nil {
		t.Fatal(err)
	}
	w.Issuer = credential.Issuer{Store: w.table, Cost: credential.MinCost, Now: func() time.Time { return w.clock }}
	return w
}

func (w *world) provision(t *testing.T) presage.Secret {
	t.Helper()
	issued, err := w.Provision(t.Context(), []presage.VIN{vin})
	if err != nil {
		t.Fatal(err)
	}
	return issued[0].Secret
}

func want(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
	if err != nil && strings.Contains(err.Error(), string(vin)) {
		t.Errorf("%s: the VIN is in the error", what)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, nil)
	want(t, "nothing provisioned", w.Password(ctx, vin, "x", home()), presage.ErrNotFound)
	secret := w.provision(t)
	if len(secret) != 32 || w.rows[vin].Hash == secret.Reveal() {
		t.Fatalf("a secret of %d characters, kept as %q", len(secret), w.rows[vin].Hash)
	}
	if cost, err := bcrypt.Cost([]byte(w.rows[vin].Hash)); err != nil || cost != 4 {
		t.Errorf("bcrypt cost %d, %v", cost, err)
	}
	want(t, "right", w.Password(ctx, vin, secret, home()), nil)
	want(t, "right again", w.Password(ctx, vin, secret, home()), nil)
	want(t, "wrong", w.Password(ctx, vin, secret+"x", home()), presage.ErrForbidden)
	want(t, "none", w.Password(ctx, vin, "", home()), presage.ErrForbidden)
	want(t, "too long", w.Password(ctx, vin, presage.Secret(strings.Repeat("x", 100)), home()), presage.ErrForbidden)

	anew := w.provision(t)
	want(t, "the one before", w.Password(ctx, vin, secret, home()), presage.ErrForbidden)
	want(t, "the new one", w.Password(ctx, vin, anew, home()), nil)
	if err := w.Revoke(ctx, vin); err != nil {
		t.Fatal(err)
	}
	want(t, "revoked, although it was remembered", w.Password(ctx, vin, anew, home()), presage.ErrForbidden)
	w.fail = errors.New("down")
	want(t, "store down", w.Password(ctx, vin, anew, home()), presage.ErrUnavailable)
}

func TestCertificate(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, func(c *credential.VerifierConfig) { c.RegisteredOnly = true })
	want(t, "not registered", w.Certificate(ctx, vin, noon()), presage.ErrForbidden)
	w.rows[vin] = presage.Credential{VIN: vin, Registered: true}
	want(t, "registered", w.Certificate(ctx, vin, noon()), nil)
	if err := w.Revoke(ctx, vin); err != nil {
		t.Fatal(err)
	}
	want(t, "issued before the revocation", w.Certificate(ctx, vin, noon()), presage.ErrForbidden)
	w.provision(t)
	want(t, "a new secret does not bring it back", w.Certificate(ctx, vin, noon()), presage.ErrForbidden)
	want(t, "issued after", w.Certificate(ctx, vin, noon().Add(time.Second)), nil)
}

// A wrong password costs a try; who knows the right one has them given back,
// and is let in from memory even when there is none left.
func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, func(c *credential.VerifierConfig) { c.VehicleTries = 3 })
	secret := w.provision(t)
	for range 10 {
		want(t, "right", w.Password(ctx, vin, secret, home()), nil)
		w.Forget(vin)
	}
	refusals := func() (looked int) {
		for range 10 {
			err := w.Password(ctx, vin, "guess", home())
			want(t, "guess", err, presage.ErrForbidden)
			if strings.Contains(err.Error(), "wrong password") && !strings.Contains(err.Error(), "too many") {
				looked++
			}
		}
		return looked
	}
	if n := refusals(); n != 3 {
		t.Errorf("%d guesses were hashed, want 3", n)
	}
	want(t, "not remembered, no tries left", w.Password(ctx, vin, secret, home()), presage.ErrForbidden)
	w.clock = w.clock.Add(10 * time.Second) // one try comes back
	want(t, "later", w.Password(ctx, vin, secret, home()), nil)
	if n := refusals(); n != 1 {
		t.Errorf("%d guesses were hashed, want 1", n)
	}
	want(t, "remembered", w.Password(ctx, vin, secret, home()), nil)
}

// A login as a vehicle without a secret costs tries as a wrong password does,
// so that the answers do not tell which VINs are known.
func TestUnknownVehiclesCostTries(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, func(c *credential.VerifierConfig) {
		c.VehicleTries, c.SourceTries, c.RegisteredOnly = 1, 3, true
	})
	secret := w.provision(t)
	unknown := presage.VIN("11111111111111111")
	for _, other := range []presage.VIN{unknown, vin} {
		want(t, "the first", w.Password(ctx, other, "guess", home()), presage.ErrForbidden)
		if err := w.Password(ctx, other, "guess", home()); err == nil || !strings.Contains(err.Error(), "too many") {
			t.Errorf("the second: %v", err)
		}
	}
	w.rows[vin+"x"] = presage.Credential{Registered: true}
	want(t, "no secret", w.Password(ctx, vin+"x", "guess", home()), presage.ErrNotFound)
	w.Forget(vin)
	if err := w.Password(ctx, vin, secret, home()); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("three tries of the source are spent: %v", err)
	}
	want(t, "another source", w.Password(ctx, vin, secret, netip.MustParseAddr("2001:db8::1")), nil)

	open := start(t, func(c *credential.VerifierConfig) { c.Open, c.VehicleTries = true, 1 })
	for range 3 { // is let in: nothing to guess
		want(t, "open", open.Password(ctx, unknown, "x", home()), presage.ErrNotFound)
	}
}

func TestSourcesAreBounded(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, func(c *credential.VerifierConfig) { c.VehicleTries, c.SourceTries = 100, 2 })
	secret := w.provision(t)
	for range 2 {
		want(t, "guess", w.Password(ctx, vin, "guess", home()), presage.ErrForbidden)
	}
	want(t, "the source has none left", w.Password(ctx, vin, secret, home()), presage.ErrForbidden)
	want(t, "another source", w.Password(ctx, vin, secret, netip.MustParseAddr("2001:db8::1")), nil)
}

func TestManyVehiclesStayBounded(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), start(t, func(c *credential.VerifierConfig) { c.Remembered = 2 })
	secret := w.provision(t)
	for n := range 50 {
		w.rows[presage.VIN(string(rune('A'+n%26)))] = w.rows[vin]
		want(t, "right", w.Password(ctx, presage.VIN(string(rune('A'+n%26))), secret, home()), nil)
	}
	want(t, "forgotten, hashed again", w.Password(ctx, vin, secret, home()), nil)
}

func BenchmarkLogin(b *testing.B) {
	for _, cost := range []int{4, 6, 8, 10} {
		b.Run("first at cost "+string(rune('0'+cost/10))+string(rune('0'+cost%10)), func(b *testing.B) {
			hash, err := bcrypt.GenerateFromPassword([]byte(strings.Repeat("x", 32)), cost)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				_ = bcrypt.CompareHashAndPassword(hash, []byte(strings.Repeat("x", 32)))
			}
		})
	}
	b.Run("remembered", func(b *testing.B) {
		rows := newTable()
		issuer := credential.Issuer{Store: rows, Cost: 4, Now: noon}
		issued, err := issuer.Provision(b.Context(), []presage.VIN{vin})
		if err != nil {
			b.Fatal(err)
		}
		v, err := credential.NewVerifier(credential.VerifierConfig{Lookup: rows, Now: noon})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := v.Password(b.Context(), vin, issued[0].Secret, home()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A door without passwords judges registration and revocation as the others do.
func TestClaim(t *testing.T) {
	t.Parallel()
	for _, registeredOnly := range []bool{false, true} {
		w := start(t, func(c *credential.VerifierConfig) { c.RegisteredOnly = registeredOnly })
		err := w.Claim(t.Context(), vin)
		if known := err == nil; known == registeredOnly || registeredOnly && !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("a stranger: %v, with registered vehicles only: %v", err, registeredOnly)
		}
		if _, err := w.Provision(t.Context(), []presage.VIN{vin}); err != nil {
			t.Fatal(err)
		}
		if err := w.Claim(t.Context(), vin); err != nil {
			t.Errorf("provisioned: %v", err)
		}
		if err := w.Revoke(t.Context(), vin); err != nil {
			t.Fatal(err)
		}
		if err := w.Claim(t.Context(), vin); !errors.Is(err, presage.ErrForbidden) || strings.Contains(err.Error(), string(vin)) {
			t.Errorf("revoked: %v", err)
		}
		if _, err := w.Provision(t.Context(), []presage.VIN{vin}); err != nil {
			t.Fatal(err)
		}
		if err := w.Claim(t.Context(), vin); err != nil {
			t.Errorf("provisioned again: %v", err)
		}
		w.fail = presage.ErrUnavailable
		if err := w.Claim(t.Context(), vin); !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("the store is down: %v", err)
		}
	}
}

// An IPv6 source is throttled by its /64: it has that many addresses.
func TestSourcesOfOneNetwork(t *testing.T) {
	t.Parallel()
	w := start(t, func(c *credential.VerifierConfig) { c.SourceTries, c.VehicleTries = 3, 1000 })
	if _, err := w.Provision(t.Context(), []presage.VIN{vin}); err != nil {
		t.Fatal(err)
	}
	refused := ""
	for n := range 4 {
		addr := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: byte(n)})
		refused = w.Password(t.Context(), vin, "wrong", addr).Error()
	}
	if !strings.Contains(refused, "too many") {
		t.Errorf("the fourth address of a /64: %s", refused)
	}
	other := netip.MustParseAddr("2001:db8:0:1::")
	if err := w.Password(t.Context(), vin, "wrong", other); strings.Contains(err.Error(), "too many") {
		t.Errorf("another /64: %v", err)
	}
}
