package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"time"

	"presage/internal/procs"
)

// inflict carries f out and returns when everything runs again, with the
// moment from which recovery counts.
func (r *rig) inflict(ctx context.Context, f fault) (time.Time, error) {
	switch f.Act {
	case killPresage:
		return r.restart(ctx, r.presage, f.For, r.startPresage)
	case killHeld:
		r.gate.hold()
		if err := pause(ctx, f.For); err != nil {
			return time.Time{}, err
		}
		r.weigh()
		r.presage.Kill()
		r.gate.drop()
		began := time.Now()
		return began, r.startPresage(ctx)
	case killStore:
		return r.restart(ctx, r.store, f.For, r.startStore)
	case killBroker:
		return r.restart(ctx, r.broker, f.For, r.startBroker)
	case outage:
		return r.takeStoreAway(ctx, f.For)
	}
	return time.Time{}, fmt.Errorf("no such fault: %q", f.Act)
}

// restart kills p, waits, and starts it again.
func (r *rig) restart(
	ctx context.Context, p *procs.Proc, away time.Duration, start func(context.Context) error,
) (time.Time, error) {
	r.weigh()
	began := time.Now()
	p.Kill()
	if err := pause(ctx, away); err != nil {
		return began, err
	}
	return began, start(ctx)
}

// takeStoreAway is a store outage. InfluxDB is killed for its first half, in the
// middle of which presage is killed too, and does not answer for the second.
// Of the embedded stores the database is locked by another process.
func (r *rig) takeStoreAway(ctx context.Context, away time.Duration) (time.Time, error) {
	defer func() { r.weigh() }()
	if r.Store == storeEmbedded {
		return r.lockDatabase(ctx, away)
	}
	r.store.Kill()
	if err := pause(ctx, away/4); err != nil {
		return time.Time{}, err
	}
	if _, err := r.restart(ctx, r.presage, 0, r.startPresage); err != nil {
		return time.Time{}, err
	}
	if err := pause(ctx, away/4); err != nil {
		return time.Time{}, err
	}
	if err := r.startStore(ctx); err != nil {
		return time.Time{}, err
	}
	if err := r.store.Signal(syscall.SIGSTOP); err != nil {
		return time.Time{}, err
	}
	if err := pause(ctx, away/2); err != nil {
		return time.Time{}, err
	}
	return time.Now(), r.store.Signal(syscall.SIGCONT)
}

func (r *rig) lockDatabase(ctx context.Context, away time.Duration) (time.Time, error) {
	unlock, err := r.lock(ctx)
	if err != nil {
		return time.Now(), err
	}
	err = errors.Join(pause(ctx, away), unlock())
	return time.Now(), err
}

// lock keeps presage from writing its database until unlock.
func (r *rig) lock(ctx context.Context) (unlock func() error, err error) {
	db, err := sql.Open("sqlite", "file:"+r.file("data/presage.db")+"?_txlock=immediate&_pragma=busy_timeout(20000)")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
