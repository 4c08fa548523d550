package app

import (
	"context"
	"maps"
	"sync"
	"time"

	"presage"
)

// changedWithin is how far the clock of another process may differ.
const changedWithin = 5 * time.Minute

// credentialChanges remembers which changes of credentials need no cut any
// more, in microseconds as the store keeps them.
type credentialChanges struct {
	mu   sync.Mutex
	seen map[presage.VIN]changeTimes
}

type changeTimes struct{ issued, revoked int64 }

// note notes a change and tells whether it is a new one since then.
func (c *credentialChanges) note(now presage.Credential, since time.Time) (anew bool) {
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
func (c *credentialChanges) forget(since time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.seen, func(_ presage.VIN, at changeTimes) bool {
		return max(at.issued, at.revoked) < since.UnixMicro()
	})
}

// provisioned ends the connections that stand by secrets of before.
func (a *App) provisioned(cs []presage.Credential) {
	for _, c := range cs {
		a.edge.changes.note(c, c.IssuedAt)
		a.cutOff(c.VIN)
	}
	a.edge.wake()
}

// revoked ends the connections of a vehicle.
func (a *App) revoked(vin presage.VIN, at time.Time) {
	a.edge.changes.note(presage.Credential{VIN: vin, RevokedAt: at}, at)
	a.cutOff(vin)
	if a.gateway != nil { // nobody stands there by a secret: new ones cut nobody off
		a.gateway.Disconnect(vin)
	}
}

// cutOff ends the connections of a vehicle whose credentials have changed.
func (a *App) cutOff(vin presage.VIN) {
	if a.edge.verifier != nil {
		a.edge.verifier.Forget(vin)
	}
	if a.door != nil {
		a.door.Disconnect(vin)
	}
}

// changedCredentials are those that were revoked or made anew lately, each
// change once.
func (a *App) changedCredentials(ctx context.Context) (changed []presage.Credential, err error) {
	since := wallClock().Add(-changedWithin)
	found, err := a.SQL.Credentials(ctx, presage.CredentialFilter{ChangedSince: since})
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if a.edge.changes.note(c, since) {
			changed = append(changed, c)
		}
	}
	a.edge.changes.forget(since)
	return changed, nil
}

// cutOffChanged cuts off whose credentials other processes changed.
func (a *App) cutOffChanged(ctx context.Context) error {
	if a.edge.verifier == nil {
		return nil // no door of ours
	}
	changed, err := a.changedCredentials(ctx)
	for _, c := range changed {
		if c.Hash == "" {
			a.revoked(c.VIN, c.RevokedAt)
		} else {
			a.cutOff(c.VIN)
		}
	}
	return err
}
