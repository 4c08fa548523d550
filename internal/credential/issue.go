package credential

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/sync/errgroup"

	"presage"
)

// The bounds of bcrypt's cost: each step doubles the work.
const (
	MinCost     = bcrypt.MinCost // 4, about a millisecond
	MaxCost     = 14             // about a second
	DefaultCost = bcrypt.DefaultCost
)

// Store keeps credentials.
type Store interface {
	// PutCredentials replaces hashes and registers VINs that are not known; all or none.
	PutCredentials(ctx context.Context, cs []presage.Credential) error
	// RevokeCredential takes the hash away; ErrNotFound for a VIN that nobody knows.
	RevokeCredential(ctx context.Context, vin presage.VIN, at time.Time) error
}

// Issuer makes and revokes credentials.
type Issuer struct {
	Store Store
	Cost  int // MinCost to MaxCost, 0 for DefaultCost
	Now   func() time.Time
	// Provisioned and Revoked are told after the store knows, nil for nobody.
	// Of both the live connection is to be cut: it stands by an older secret.
	Provisioned func([]presage.Credential)
	Revoked     func(vin presage.VIN, at time.Time)
}

// Provision makes new secrets for vins, which must differ from each other,
// and stores their hashes: the secrets before stop working. It returns the
// secrets in the order of vins, once; nobody can read them again. When it
// returns an error nothing has changed. It hashes on all but one of the
// processors, so that messages go on being taken in.
func (i Issuer) Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error) {
	cost := i.Cost
	if cost == 0 {
		cost = DefaultCost
	}
	issued, rows := make([]presage.Issued, len(vins)), make([]presage.Credential, len(vins))
	group, hashing := errgroup.WithContext(ctx)
	group.SetLimit(max(1, runtime.GOMAXPROCS(0)-1))
	for n, vin := range vins {
		group.Go(func() error {
			if err := hashing.Err(); err != nil {
				return err
			}
			secret := secretText()
			hash, err := bcrypt.GenerateFromPassword([]byte(secret), cost)
			if err != nil {
				return fmt.Errorf("%w: %w", presage.ErrInvalid, err)
			}
			issued[n] = presage.Issued{VIN: vin, Secret: presage.Secret(secret)}
			rows[n] = presage.Credential{VIN: vin, Hash: string(hash), IssuedAt: i.Now()}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("make %d secrets: %w", len(vins), err)
	}
	if err := i.Store.PutCredentials(ctx, rows); err != nil {
		return nil, err
	}
	if i.Provisioned != nil {
		i.Provisioned(rows)
	}
	return issued, nil
}

// Revoke takes the secret away, shuts out the certificates issued so far and
// has the live connection cut. ErrNotFound: nobody knows the vehicle.
func (i Issuer) Revoke(ctx context.Context, vin presage.VIN) error {
	at := i.Now()
	if err := i.Store.RevokeCredential(ctx, vin, at); err != nil {
		return err
	}
	if i.Revoked != nil {
		i.Revoked(vin, at)
	}
	return nil
}

// secretBytes of randomness are in a secret: 160 bits.
const secretBytes = 20

// alphabet has 32 letters and digits, none of which is taken for another.
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789"

// secretText is a new secret: 32 characters of 5 bits.
func secretText() string {
	raw := make([]byte, secretBytes*8/5)
	_, _ = rand.Read(raw) // never fails: the program would have been stopped
	for i, b := range raw {
		raw[i] = alphabet[b%32]
	}
	return string(raw)
}
