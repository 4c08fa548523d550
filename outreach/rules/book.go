package rules

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"presage"
)

// Store keeps policies by version, from 1. ErrNotFound for an unknown one.
type Store interface {
	// PolicyAfter is the newest policy if its version is above the one that is
	// known, else ErrNotFound.
	PolicyAfter(ctx context.Context, version int64) (presage.Policy, error)
	Policy(ctx context.Context, version int64) (presage.Policy, error)
	// Policies lists the versions below before, all for 0, the newest first.
	Policies(ctx context.Context, before int64, limit int) ([]presage.Policy, error)
	// PutPolicy keeps the next version if the newest is still p.Version; else ErrConflict.
	PutPolicy(ctx context.Context, p presage.Policy) (presage.Policy, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
}

// Book tells which rules are in force: the newest stored policy over the
// configuration, or the configuration alone. Make it with NewBook.
type Book struct {
	store     Store
	catalogue *presage.Catalogue
	base      Config

	mu  sync.Mutex
	now Config
}

// NewBook begins with the configuration; Refresh reads what is stored.
func NewBook(base Config, s Store, cat *presage.Catalogue) *Book {
	base.PolicyVersion = 0
	return &Book{store: s, catalogue: cat, base: base, now: base}
}

// Current is what is in force as this process knows it. It never waits for a store.
func (b *Book) Current() Config {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// Refresh takes up a policy that was stored since, by this process or another.
// On an error the rules stay as they are.
func (b *Book) Refresh(ctx context.Context) error {
	p, err := b.store.PolicyAfter(ctx, b.Current().PolicyVersion)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("policy in force: %w", err)
	}
	d, err := Read(p.Document)
	if err != nil {
		return fmt.Errorf("policy version %d, put by %s, is not followed by this process: %w", p.Version, p.By, err)
	}
	next := d.Over(b.base)
	next.PolicyVersion = p.Version
	b.mu.Lock()
	defer b.mu.Unlock()
	if next.PolicyVersion > b.now.PolicyVersion {
		b.now = next
	}
	return nil
}

// Policy is one version; 0 is the one that the configuration makes, in force as
// long as none is stored. ErrNotFound.
func (b *Book) Policy(ctx context.Context, version int64) (presage.Policy, error) {
	if version != 0 {
		return b.store.Policy(ctx, version)
	}
	raw, err := DocumentOf(b.base).Marshal()
	return presage.Policy{Document: raw}, err
}

// InForce is the newest version.
func (b *Book) InForce(ctx context.Context) (presage.Policy, error) {
	p, err := b.store.PolicyAfter(ctx, 0)
	if errors.Is(err, presage.ErrNotFound) {
		return b.Policy(ctx, 0)
	}
	return p, err
}

// Policies lists the stored versions below before, all for 0, the newest first.
func (b *Book) Policies(ctx context.Context, before int64, limit int) ([]presage.Policy, error) {
	return b.store.Policies(ctx, before, limit)
}

// Put stores a policy as the next version, from the next decision on in force in
// this process, and in others from their next pass. p.Version is the one that
// its author looked at: ErrConflict when it is not the newest any more. What
// says the same as the newest changes nothing. ErrInvalid names every fault, and
// then nothing is stored.
func (b *Book) Put(ctx context.Context, p presage.Policy) (presage.Policy, error) {
	d, err := Read(p.Document)
	if err != nil {
		return presage.Policy{}, err
	}
	if err := b.fits(ctx, d); err != nil {
		return presage.Policy{}, err
	}
	if p.Document, err = d.Marshal(); err != nil {
		return presage.Policy{}, err
	}
	last, err := b.InForce(ctx)
	if err != nil {
		return presage.Policy{}, err
	}
	if last.Version > 0 && same(last.Document, p.Document) {
		return last, b.Refresh(ctx)
	}
	kept, err := b.store.PutPolicy(ctx, p)
	if err != nil {
		return presage.Policy{}, err
	}
	return kept, b.Refresh(ctx)
}

// fits checks what a document alone cannot tell.
func (b *Book) fits(ctx context.Context, d Document) error {
	var faults []error
	if jobs := b.catalogue.Jobs; len(jobs) > 0 {
		faults = append(faults, d.PricedIn(jobs[0].Price.Currency, "in which the catalogue prices jobs"))
	}
	if len(d.Pilot.Workshops)+len(d.Coupons) == 0 {
		return errors.Join(faults...)
	}
	known, err := b.store.Workshops(ctx)
	if err != nil {
		return err
	}
	ids := make([]string, len(known))
	for i, w := range known {
		ids[i] = w.ID
	}
	return errors.Join(append(faults, d.KnowsWorkshops(ids), d.CouponsFit(b.catalogue, ids))...)
}

// same tells whether two stored documents say the same: what one leaves out is
// at its default.
func same(a, b []byte) bool {
	x, errX := canonical(a)
	y, errY := canonical(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func canonical(raw []byte) ([]byte, error) {
	d, err := Read(raw)
	if err != nil {
		return nil, err
	}
	return d.Marshal()
}
