package apitest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"presage"
)

// Provision implements rest.Issuer: the secret is the VIN read backwards.
func (w *World) Provision(_ context.Context, vins []presage.VIN) ([]presage.Issued, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Issued
	for _, vin := range vins {
		text := []byte(strings.ToLower(string(vin)))
		slices.Reverse(text)
		w.credentials[vin] = presage.Credential{
			VIN: vin, Hash: "hash-of-" + string(text), IssuedAt: w.now, Registered: true,
			RevokedAt: w.credentials[vin].RevokedAt,
		}
		out = append(out, presage.Issued{VIN: vin, Secret: presage.Secret(text)})
	}
	return out, w.Err
}

// Revoke implements rest.Issuer.
func (w *World) Revoke(_ context.Context, vin presage.VIN) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.credentials[vin]; !ok {
		return fmt.Errorf("credential: %w", presage.ErrNotFound)
	}
	w.credentials[vin] = presage.Credential{VIN: vin, RevokedAt: w.now, Registered: true}
	return w.Err
}

// Credential implements rest.Credentials.
func (w *World) Credential(_ context.Context, vin presage.VIN) (presage.Credential, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.credentials[vin], w.Err
}

// Credentials implements rest.Credentials.
func (w *World) Credentials(_ context.Context, f presage.CredentialFilter) ([]presage.Credential, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Credential
	for vin, one := range w.credentials {
		if vin > f.After {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b presage.Credential) int { return strings.Compare(string(a.VIN), string(b.VIN)) })
	return out[:min(f.Limit, len(out))], w.Err
}

// HeldLetters implements rest.DeadLetters.
func (w *World) HeldLetters(context.Context, string, int) ([]presage.HeldLetters, error) {
	return []presage.HeldLetters{
		{VIN: VIN(42), Reason: "rate_limited", Kept: 1000, Bytes: 120_000, TurnedAway: 5400, Last: w.now},
	}, w.Err
}
