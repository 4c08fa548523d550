package apitest

import (
	"context"
	"fmt"
	"sync"

	"presage"
	"presage/outreach/rules"
)

// policies keeps policies in memory.
type policies struct {
	*World

	lock sync.Mutex
	list []presage.Policy // version by version
}

// Policy is the world's policy, none stored yet.
func (w *World) Policy() *rules.Book {
	return rules.NewBook(rules.Default(), &policies{World: w}, w.catalogue)
}

// PolicyAfter implements rules.Store.
func (p *policies) PolicyAfter(_ context.Context, version int64) (presage.Policy, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if n := int64(len(p.list)); n > version {
		return p.list[n-1], nil
	}
	return presage.Policy{}, fmt.Errorf("policy above version %d: %w", version, presage.ErrNotFound)
}

// Policy implements rules.Store.
func (p *policies) Policy(_ context.Context, version int64) (presage.Policy, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if version < 1 || version > int64(len(p.list)) {
		return presage.Policy{}, fmt.Errorf("policy version %d: %w", version, presage.ErrNotFound)
	}
	return p.list[version-1], nil
}

// Policies implements rules.Store.
func (p *policies) Policies(_ context.Context, before int64, limit int) ([]presage.Policy, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	var out []presage.Policy
	for i := len(p.list) - 1; i >= 0 && len(out) < limit; i-- {
		if before == 0 || p.list[i].Version < before {
			out = append(out, p.list[i])
		}
	}
	return out, nil
}

// PutPolicy implements rules.Store.
func (p *policies) PutPolicy(_ context.Context, x presage.Policy) (presage.Policy, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if x.Version != int64(len(p.list)) {
		return x, fmt.Errorf("%w: version %d is in force", presage.ErrConflict, len(p.list))
	}
	x.Version++
	p.list = append(p.list, x)
	return x, nil
}
