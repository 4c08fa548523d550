package credential

import (
	"context"
	"maps"
	"sync"
	"time"

	"presage"
)

// Changes lists credentials; only ChangedSince of the filter is set.
type Changes interface {
	Credentials(ctx context.Context, f presage.CredentialFilter) ([]presage.Credential, error)
}

// CutOff ends the connections that were made with credentials of before. An
// Issuer tells it of this process's changes; Look finds those of others, each
// change once. All methods may be called at the same time.
type CutOff struct {
	Changes Changes
	Now     func() time.Time
	// Changed ends the connections made with a secret, Revoked all of them.
	Changed, Revoked func(vin presage.VIN)

	mu   sync.Mutex
	seen map[presage.VIN]changeTimes
}

// changeTimes are in microseconds, as a store keeps them.
type changeTimes struct{ issued, revoked int64 }

// changedWithin is how far the clock of another process may differ.
const changedWithin = 5 * time.Minute

// AfterProvision ends the connections made with secrets of before.
func (c *CutOff) AfterProvision(cs []presage.Credential) {
	for _, one := range cs {
		c.note(one, one.IssuedAt)
		c.Changed(one.VIN)
	}
}

// AfterRevoke ends the connections of a vehicle.
func (c *CutOff) AfterRevoke(vin presage.VIN, at time.Time) {
	c.note(presage.Credential{VIN: vin, RevokedAt: at}, at)
	c.Revoked(vin)
}

// Look ends the connections of vehicles whose credentials other processes changed.
func (c *CutOff) Look(ctx context.Context) error {
	changed, err := c.lately(ctx)
	for _, one := range changed {
		if one.Hash == "" {
			c.AfterRevoke(one.VIN, one.RevokedAt)
		} else {
			c.Changed(one.VIN)
		}
	}
	return err
}

// Skip takes the changes so far as known: before the first login nobody is to be cut off.
func (c *CutOff) Skip(ctx context.Context) error {
	_, err := c.lately(ctx)
	return err
}

// lately are the credentials that were revoked or made anew lately, each change once.
func (c *CutOff) lately(ctx context.Context) (changed []presage.Credential, err error) {
	since := c.Now().Add(-changedWithin)
	found, err := c.Changes.Credentials(ctx, presage.CredentialFilter{ChangedSince: since})
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		if c.note(one, since) {
			changed = append(changed, one)
		}
	}
	c.forget(since)
	return changed, nil
}

// note notes a change and tells whether it is a new one since then.
func (c *CutOff) note(now presage.Credential, since time.Time) (anew bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[presage.VIN]changeTimes{}
	}
	before := c.seen[now.VIN]
	after := before
	if !now.IssuedAt.Before(since) {
		after.issued = now.IssuedAt.UnixMicro()
	}
	if !now.RevokedAt.Before(since) {
		after.revoked = now.RevokedAt.UnixMicro()
	}
	c.seen[now.VIN] = after
	return after != before
}

// forget drops what was before since: it is not listed any more.
func (c *CutOff) forget(since time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.seen, func(_ presage.VIN, at changeTimes) bool {
		return max(at.issued, at.revoked) < since.UnixMicro()
	})
}
