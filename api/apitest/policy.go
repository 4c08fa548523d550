package apitest

import (
	"context"
	"fmt"
	"sync"

	"presage"
)

// Policies keeps policies in memory and refuses a document that is "bad".
type Policies struct {
	mu   sync.Mutex
	list []presage.Policy // version by version
}

// Policy is the world's policies, none stored yet.
func (w *World) Policy() *Policies { return &Policies{} }

// InForce implements rest.Policy.
func (p *Policies) InForce(context.Context) (presage.Policy, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.list); n > 0 {
		return p.list[n-1], nil
	}
	return presage.Policy{Document: []byte(`{"format":1}`)}, nil
}

// Policy implements rest.Policy.
func (p *Policies) Policy(_ context.Context, version int64) (presage.Policy, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if version < 1 || version > int64(len(p.list)) {
		return presage.Policy{}, fmt.Errorf("policy version %d: %w", version, presage.ErrNotFound)
	}
	return p.list[version-1], nil
}

// Policies implements rest.Policy.
func (p *Policies) Policies(_ context.Context, before int64, limit int) ([]presage.Policy, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []presage.Policy
	for i := len(p.list) - 1; i >= 0 && len(out) < limit; i-- {
		if before == 0 || p.list[i].Version < before {
			out = append(out, p.list[i])
		}
	}
	return out, nil
}

// Put implements rest.Policy.
func (p *Policies) Put(_ context.Context, x presage.Policy) (presage.Policy, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if string(x.Document) == "bad" {
		return x, fmt.Errorf("cap.offers: %w: want 0-100\nquiet_hours.from: %w: want 0-23", presage.ErrInvalid,
			presage.ErrInvalid)
	}
	if x.Version != int64(len(p.list)) {
		return x, fmt.Errorf("%w: version %d is in force", presage.ErrConflict, len(p.list))
	}
	x.Version++
	p.list = append(p.list, x)
	return x, nil
}
