package apitest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"presage"
)

// credentials implements port.Credentials over a world.
type credentials struct{ w *World }

// Provision implements port.Credentials: the secret is the VIN read backwards.
func (c credentials) Provision(_ context.Context, vins []presage.VIN) ([]presage.Issued, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	var out []presage.Issued
	for _, vin := range vins {
		text := []byte(strings.ToLower(string(vin)))
		slices.Reverse(text)
		c.w.credentials[vin] = presage.Credential{
			VIN: vin, Hash: "hash-of-" + string(text), IssuedAt: c.w.now, Registered: true,
			RevokedAt: c.w.credentials[vin].RevokedAt,
		}
		out = append(out, presage.Issued{VIN: vin, Secret: presage.Secret(text)})
	}
	return out, c.w.Err
}

// Revoke implements port.Credentials.
func (c credentials) Revoke(_ context.Context, vin presage.VIN) error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if _, ok := c.w.credentials[vin]; !ok {
		return fmt.Errorf("credential: %w", presage.ErrNotFound)
	}
	c.w.credentials[vin] = presage.Credential{VIN: vin, RevokedAt: c.w.now, Registered: true}
	return c.w.Err
}

// Credential implements port.Credentials.
func (c credentials) Credential(_ context.Context, vin presage.VIN) (presage.Credential, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.w.credentials[vin], c.w.Err
}

// Credentials implements port.Credentials.
func (c credentials) Credentials(_ context.Context, f presage.CredentialFilter) ([]presage.Credential, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	var out []presage.Credential
	for vin, one := range c.w.credentials {
		if vin > f.After {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b presage.Credential) int { return strings.Compare(string(a.VIN), string(b.VIN)) })
	return out[:min(f.Limit, len(out))], c.w.Err
}

// HeldLetters implements port.DeadLetters.
func (w *World) HeldLetters(context.Context, string, int) ([]presage.HeldLetters, error) {
	return []presage.HeldLetters{
		{VIN: VIN(42), Reason: "rate_limited", Kept: 1000, Bytes: 120_000, TurnedAway: 5400, Last: w.now},
	}, w.Err
}
