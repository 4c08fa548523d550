package credential

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"presage"
	"presage/internal/throttle"
)

// Lookup finds what is known of a vehicle's right to connect.
type Lookup interface {
	Credential(ctx context.Context, vin presage.VIN) (presage.Credential, error)
}

// VerifierConfig tunes a Verifier. Lookup and Now are needed; the zero value of
// the rest means its default.
type VerifierConfig struct {
	Lookup Lookup
	Now    func() time.Time // wall time: certificates know no other
	// RegisteredOnly refuses who is not registered, whatever else holds.
	RegisteredOnly bool
	// Open says that who has no secret is let in. Otherwise a login without one
	// to compare costs what a wrong password costs, in time and in tries, so
	// that nobody learns which VINs are known.
	Open bool
	// Cost is bcrypt's for the secrets made now; default DefaultCost.
	Cost int
	// Remembered is how many verified secrets are kept in memory; default
	// 100,000 (some 20 MB).
	Remembered int
	// VehicleTries and SourceTries are how many wrong passwords in a row a
	// vehicle and a source address have; one more comes back every
	// VehicleEvery and SourceEvery. Default 5, every 10 s, and 60, every
	// second: a whole fleet may stand behind one address.
	VehicleTries, SourceTries int
	VehicleEvery, SourceEvery time.Duration
	// Patience is how long a login waits for its turn at bcrypt; default 8 s.
	Patience time.Duration
}

func (c VerifierConfig) withDefaults() VerifierConfig {
	c.Cost = cmp.Or(c.Cost, DefaultCost)
	c.Remembered = cmp.Or(c.Remembered, 100_000)
	c.VehicleTries = cmp.Or(c.VehicleTries, 5)
	c.SourceTries = cmp.Or(c.SourceTries, 60)
	c.VehicleEvery = cmp.Or(c.VehicleEvery, 10*time.Second)
	c.SourceEvery = cmp.Or(c.SourceEvery, time.Second)
	c.Patience = cmp.Or(c.Patience, 8*time.Second)
	return c
}

// Verifier checks who may connect. All methods may be called at the same time.
type Verifier struct {
	cfg   VerifierConfig
	key   [32]byte // of the digests; of this process alone
	turns chan struct{}
	decoy string // the hash of no secret

	mu       sync.Mutex
	verified *throttle.Recent[presage.VIN, proof]
	vehicles throttle.Tries[presage.VIN]
	sources  throttle.Tries[netip.Addr]
}

// proof is a secret that bcrypt found to be right for a hash.
type proof struct {
	digest [sha256.Size]byte
	hash   string
}

// maxSecret is what bcrypt reads of a password, in bytes.
const maxSecret = 72

// NewVerifier returns a verifier; cfg.Lookup or cfg.Now being nil is an ErrInvalid.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	if cfg.Lookup == nil || cfg.Now == nil {
		return nil, fmt.Errorf("credential: %w: VerifierConfig without Lookup or Now", presage.ErrInvalid)
	}
	cfg = cfg.withDefaults()
	v := &Verifier{
		cfg: cfg, turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		verified: throttle.NewRecent[presage.VIN, proof](cfg.Remembered),
		vehicles: throttle.NewTries[presage.VIN](cfg.VehicleTries, cfg.VehicleEvery),
		sources:  throttle.NewTries[netip.Addr](cfg.SourceTries, cfg.SourceEvery),
	}
	_, _ = rand.Read(v.key[:]) // never fails: the program would have been stopped
	if !cfg.Open {
		decoy, err := bcrypt.GenerateFromPassword([]byte(secretText()), cfg.Cost)
		if err != nil {
			return nil, fmt.Errorf("credential: VerifierConfig.Cost: %w: %w", presage.ErrInvalid, err)
		}
		v.decoy = string(decoy)
	}
	return v, nil
}

// Password checks a vehicle's secret as presented from source. ErrForbidden:
// it stays out. ErrNotFound: it has no secret, and nobody took one away; the
// caller decides. ErrUnavailable: nobody can tell now. No error text holds a
// VIN or a secret.
func (v *Verifier) Password(ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr) error {
	c, err := v.known(ctx, vin)
	switch {
	case err != nil:
	case c.Hash == "" && !c.RevokedAt.IsZero():
		err = errRevoked
	case c.Hash == "":
		err = fmt.Errorf("%w: the vehicle has no secret: provision it", presage.ErrNotFound)
	case secret == "" || len(secret) > maxSecret:
		err = errWrong
	}
	if err != nil {
		return v.refuse(ctx, vin, secret, source, err)
	}
	shown := proof{digest: v.digest(vin, secret), hash: c.Hash}
	if v.remembers(vin, shown) {
		return nil
	}
	return v.try(ctx, vin, secret, source, shown)
}

var (
	errWrong   = fmt.Errorf("%w: wrong password", presage.ErrForbidden)
	errRevoked = fmt.Errorf("%w: the vehicle's credentials were revoked: provision it again", presage.ErrForbidden)
)

// refuse returns why there is nothing to compare the secret with, after it has
// been compared all the same. A secret that nobody can have is refused at once.
func (v *Verifier) refuse(
	ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr, why error,
) error {
	if v.cfg.Open || errors.Is(why, presage.ErrUnavailable) || secret == "" || len(secret) > maxSecret {
		return why
	}
	if err := v.try(ctx, vin, secret, source, proof{hash: v.decoy}); !errors.Is(err, errWrong) {
		return err
	}
	return why
}

// Certificate checks a vehicle by a certificate that is valid from issued on
// and that the broker's authority signed. The errors are those of Password.
func (v *Verifier) Certificate(ctx context.Context, vin presage.VIN, issued time.Time) error {
	c, err := v.known(ctx, vin)
	if err == nil && !c.RevokedAt.IsZero() && !issued.After(c.RevokedAt) {
		err = fmt.Errorf("%w: the vehicle was revoked after its certificate was issued: give it a new one",
			presage.ErrForbidden)
	}
	return err
}

// Claim checks a vehicle that can only say who it is, at a door whose protocol
// has no password (GB/T 32960). ErrForbidden: its credentials were revoked and
// no new ones were made, or it is not registered and has to be. ErrUnavailable:
// nobody can tell now.
func (v *Verifier) Claim(ctx context.Context, vin presage.VIN) error {
	c, err := v.known(ctx, vin)
	if err == nil && c.Hash == "" && !c.RevokedAt.IsZero() {
		err = errRevoked
	}
	return err
}

// Forget drops what is remembered of a vehicle's secrets, right and wrong.
func (v *Verifier) Forget(vin presage.VIN) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.verified.Drop(vin)
	v.vehicles.Forget(vin)
}

func (v *Verifier) known(ctx context.Context, vin presage.VIN) (presage.Credential, error) {
	c, err := v.cfg.Lookup.Credential(ctx, vin)
	if err != nil {
		return c, fmt.Errorf("%w: credentials cannot be read: %w", presage.ErrUnavailable, err)
	}
	if v.cfg.RegisteredOnly && !c.Registered {
		return c, fmt.Errorf("%w: the vehicle is not registered (ingest.unknown=reject)", presage.ErrForbidden)
	}
	return c, nil
}

func (v *Verifier) digest(vin presage.VIN, secret presage.Secret) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, v.key[:])
	mac.Write([]byte(vin))
	mac.Write([]byte(secret.Reveal()))
	mac.Sum(sum[:0])
	return sum
}

func (v *Verifier) remembers(vin presage.VIN, shown proof) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, ok := v.verified.Get(vin)
	return ok && kept.hash == shown.hash && hmac.Equal(kept.digest[:], shown.digest[:])
}

// try spends one of the tries of vehicle and source, and gives it back if the
// secret is right: those who know it never run out.
func (v *Verifier) try(
	ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr, shown proof,
) error {
	source = throttle.Source(source)
	if !v.spend(vin, source) {
		return fmt.Errorf("%w: too many wrong passwords: try again later", presage.ErrForbidden)
	}
	ctx, cancel := context.WithTimeout(ctx, v.cfg.Patience)
	defer cancel()
	select {
	case v.turns <- struct{}{}:
	case <-ctx.Done():
		v.settle(vin, source, nil)
		return fmt.Errorf("%w: too many logins at once: try again later", presage.ErrUnavailable)
	}
	err := bcrypt.CompareHashAndPassword([]byte(shown.hash), []byte(secret.Reveal()))
	<-v.turns
	if err == nil {
		v.settle(vin, source, &shown)
		return nil
	}
	if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return errWrong
	}
	return fmt.Errorf("%w: the stored hash is damaged: provision the vehicle again", presage.ErrForbidden)
}

func (v *Verifier) spend(vin presage.VIN, source netip.Addr) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.cfg.Now()
	if !v.vehicles.Spend(vin, now) {
		return false
	}
	if !v.sources.Spend(source, now) {
		v.vehicles.GiveBack(vin)
		return false
	}
	return true
}

// settle gives the tries back, and remembers a secret that was right.
func (v *Verifier) settle(vin presage.VIN, source netip.Addr, right *proof) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.vehicles.GiveBack(vin)
	v.sources.GiveBack(source)
	if right != nil {
		v.verified.Put(vin, *right)
	}
}
