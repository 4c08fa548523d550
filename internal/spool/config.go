package spool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/prometheus/client_golang/prometheus"

	"presage"
)

// Config tunes a Spool. Dir is needed; the zero value of a duration means its default.
type Config struct {
	Dir string // of the journal; made when it is missing
	// MaxBytes bounds the batches in the journal. 0 takes nothing more in and
	// only empties what is there.
	MaxBytes int64
	// Grace is for how long the store must have failed before batches go to the
	// journal. Default 5 s.
	Grace time.Duration
	// RetryMin and RetryMax bound the wait of Run after an error: it doubles,
	// with jitter. Default 200 ms and 10 s.
	RetryMin, RetryMax time.Duration
	// MinFreeBytes is how much of the disk must stay free: below it batches are
	// refused as at the bound. 256 MiB when 0, none when negative.
	MinFreeBytes int64
	// FS is where the journal is written; the machine's when nil.
	FS vfs.FS
}

// Validate names every fault by its field.
func (c Config) Validate() error {
	c = c.withDefaults()
	var faults []error
	for _, f := range []struct {
		name string
		ok   bool
		want string
	}{
		{"Dir", c.Dir != "", "a directory"},
		{"MaxBytes", c.MaxBytes >= 0, "0 or more"},
		{"Grace", c.Grace >= 0, "0 or more"},
		{"RetryMin", c.RetryMin > 0, "above 0"},
		{"RetryMax", c.RetryMax >= c.RetryMin, "at least RetryMin"},
	} {
		if !f.ok {
			faults = append(faults, fmt.Errorf("spool.%s: %w: want %s", f.name, presage.ErrInvalid, f.want))
		}
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	c.Grace = cmp.Or(c.Grace, 5*time.Second)
	c.RetryMin = cmp.Or(c.RetryMin, 200*time.Millisecond)
	c.RetryMax = cmp.Or(c.RetryMax, 10*time.Second)
	return c
}

// Store is the telemetry store behind the spool. A *presage.RejectedError of
// Write means that everything else of the call is stored.
type Store interface {
	Write(ctx context.Context, samples []presage.Sample) error
	Ready(ctx context.Context) error
}

// Dirty remembers which days of which vehicles have new data.
type Dirty interface {
	MarkDirty(ctx context.Context, days []presage.VehicleDay) error
}

// Deps are what a Spool works with. Rand (no jitter), Logger (no log) and
// Registerer (no metrics) may be nil; the rest is needed.
type Deps struct {
	Store Store
	Dirty Dirty
	// Refused keeps readings of a spooled batch that the store will never take.
	// An error makes Run try the batch again.
	Refused    func(ctx context.Context, rejected *presage.RejectedError) error
	Now        func() time.Time
	Rand       *rand.Rand // used by Run alone
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

func (d Deps) validate() error {
	var faults []error
	for _, f := range []struct {
		name    string
		missing bool
	}{
		{"Store", d.Store == nil},
		{"Dirty", d.Dirty == nil},
		{"Refused", d.Refused == nil},
		{"Now", d.Now == nil},
	} {
		if f.missing {
			faults = append(faults, fmt.Errorf("spool.Deps.%s: %w: missing", f.name, presage.ErrInvalid))
		}
	}
	return errors.Join(faults...)
}
