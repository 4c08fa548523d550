package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
)

// What to do with vehicles that the fleet does not know.
const (
	UnknownRegister = "register" // make them known by their first message
	UnknownReject   = "reject"   // dead letter unknown_vehicle
	// Dead letter unknown_vehicle, which the caller drives again once the
	// vehicle is registered.
	UnknownQuarantine = "quarantine"
)

// Config tunes a Pipeline. The zero value of a number means its default.
type Config struct {
	// QueueMessages and QueueBytes bound what was submitted and is not durable
	// yet; Submit blocks when either is reached. Default 20,000 and 64 MiB.
	QueueMessages int
	QueueBytes    int64
	// MaxPayload is the largest payload taken in, in bytes, as sent and after
	// gunzip; a larger one becomes a dead letter too_large that keeps its head.
	// 64 KiB to 16 MiB, at most QueueBytes. Default 4 MiB.
	MaxPayload int
	// Oldest is the earliest time that a sample or an event may have; before it,
	// the vehicle's clock was never set. Default 2016-01-01.
	Oldest time.Time
	// JudgeAlone refuses what is in the future by the service's own clock, even
	// when most vehicles say that it is behind. Default false: such messages
	// wait, unacknowledged, until the clock is set (see fleetclock.go).
	JudgeAlone bool
	// A batch is written when it holds BatchMessages or BatchBytes after gunzip,
	// or Linger after its first message if the store is idle; while the store
	// is busy it goes on growing. Default 5,000, 4 MiB and 10 ms.
	BatchMessages int
	BatchBytes    int64
	Linger        time.Duration
	// Writers is how many batches are written at the same time; all but the
	// first one are full. Default 4.
	Writers int
	// RetryMin and RetryMax bound the wait after a store error: it doubles,
	// with jitter. RetryMax is also how long a store that came back may wait to
	// be noticed. Default 100 ms and 2 s.
	RetryMin time.Duration
	RetryMax time.Duration
	// Unknown is UnknownRegister (default), UnknownReject or UnknownQuarantine.
	Unknown string
	// RegisterTotal is about how many vehicles may make themselves known with
	// UnknownRegister; the others are dead letters unknown_vehicle. 0 means no
	// bound, as does a Fleet that is not a SelfRegistered. See register.go.
	RegisterTotal int
	// RatePerVehicle is how many messages a second one vehicle may send in the
	// long run, and RateBurst how many at once after a silence; what is beyond
	// becomes dead letters rate_limited. 0 means no limit. See rate.go.
	RatePerVehicle float64
	RateBurst      int
}

// Default is the configuration that a zero Config stands for.
func Default() Config {
	return Config{
		QueueMessages: 20_000, QueueBytes: 64 << 20, MaxPayload: MaxPayload, Oldest: Oldest(),
		BatchMessages: 5_000, BatchBytes: 4 << 20, Linger: 10 * time.Millisecond, Writers: 4,
		RetryMin: 100 * time.Millisecond, RetryMax: 2 * time.Second,
		Unknown: UnknownRegister,
	}
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
		{"QueueMessages", c.QueueMessages > 0, "above 0"},
		{"QueueBytes", c.QueueBytes >= int64(c.MaxPayload), "at least MaxPayload"},
		{"MaxPayload", c.MaxPayload >= 64<<10 && c.MaxPayload <= 16<<20, "64 KiB to 16 MiB"},
		{"BatchMessages", c.BatchMessages > 0, "above 0"},
		{"BatchBytes", c.BatchBytes > 0, "above 0"},
		{"Linger", c.Linger > 0, "above 0"},
		{"Writers", c.Writers > 0, "above 0"},
		{"RetryMin", c.RetryMin > 0, "above 0"},
		{"RetryMax", c.RetryMax >= c.RetryMin, "at least RetryMin"},
		{
			"Unknown", c.Unknown == UnknownRegister || c.Unknown == UnknownReject || c.Unknown == UnknownQuarantine,
			`"register", "reject" or "quarantine"`,
		},
		{"RegisterTotal", c.RegisterTotal >= 0, "0 or more"},
		{"RatePerVehicle", c.RatePerVehicle >= 0 && c.RatePerVehicle <= maxRate, "0 to 1,000,000"},
		{"RateBurst", c.RateBurst >= 0 && (c.RateBurst > 0 || c.RatePerVehicle == 0), "above 0 with RatePerVehicle"},
	} {
		if !f.ok {
			faults = append(faults, fmt.Errorf("ingest.%s: %w: want %s", f.name, presage.ErrInvalid, f.want))
		}
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	d := Default()
	c.QueueMessages = cmp.Or(c.QueueMessages, d.QueueMessages)
	c.QueueBytes = cmp.Or(c.QueueBytes, d.QueueBytes)
	c.MaxPayload = cmp.Or(c.MaxPayload, d.MaxPayload)
	c.Oldest = cmp.Or(c.Oldest, d.Oldest)
	c.BatchMessages = cmp.Or(c.BatchMessages, d.BatchMessages)
	c.BatchBytes = cmp.Or(c.BatchBytes, d.BatchBytes)
	c.Linger = cmp.Or(c.Linger, d.Linger)
	c.Writers = cmp.Or(c.Writers, d.Writers)
	c.RetryMin = cmp.Or(c.RetryMin, d.RetryMin)
	c.RetryMax = cmp.Or(c.RetryMax, d.RetryMax)
	c.Unknown = cmp.Or(c.Unknown, d.Unknown)
	return c
}

// Store keeps telemetry. Write is durable when it returns nil, and repeating
// it is harmless. It is called by several goroutines at the same time, and in
// any order. A *presage.RejectedError names readings that will never be
// accepted: they become dead letters. Any other error holds the pipeline until
// the store recovers; one with a method RetryAfter() time.Duration says how
// long it is best left alone.
//
// Samples and their readings are the pipeline's memory, which it uses again:
// they must be neither changed nor kept after Write returns (a RejectedError
// holds copies). The texts and arrays in them may be kept.
type Store interface {
	Write(ctx context.Context, samples []presage.Sample) error
}

// DeadLetters keeps what could not be taken in.
type DeadLetters interface {
	PutDeadLetters(ctx context.Context, letters []presage.DeadLetter) error
}

// Dirty remembers which days of which vehicles have new data.
type Dirty interface {
	MarkDirty(ctx context.Context, days []presage.VehicleDay) error
}

// Fleet knows the vehicles.
type Fleet interface {
	// TouchVehicles moves LastSeen forward and registers who is not known. A
	// vehicle that was touched before may be touched again up to a second late
	// while messages queue up.
	TouchVehicles(ctx context.Context, seen map[presage.VIN]time.Time) error
	// Vehicle is asked unless everybody may register; ErrNotFound means unknown.
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
}

// Events keeps events; (vehicle, time, type, code) is the identity.
type Events interface {
	PutEvents(ctx context.Context, events []presage.Event) error
}

// Watcher sees what has just been made durable, before it is acknowledged:
// after a crash in between it sees the same again. It is called by one
// goroutine at a time, in the order of submission. An error holds the pipeline
// like that of a store. What it is handed is the pipeline's own and used again:
// samples and their readings must not be kept after Observe returns; texts,
// arrays and events may be.
type Watcher interface {
	Observe(ctx context.Context, samples []presage.Sample, events []presage.Event) error
}

// Deps are what a Pipeline works with. Registerer may be nil (no metrics),
// Logger too (no log), Watcher (nobody watches) and Formats (the native one
// alone); the rest is needed.
type Deps struct {
	Store       Store
	DeadLetters DeadLetters
	Dirty       Dirty
	Fleet       Fleet
	Events      Events
	Watcher     Watcher
	Names       Names        // nil: every name is stored
	Room        func() error // an error holds everything: the disk is nearly full; nil: not asked
	Formats     []Format     // the first that matches a topic reads the message
	Logger      *slog.Logger
	Registerer  prometheus.Registerer
	Rand        *rand.Rand       // jitter of retries; nil means none
	Now         func() time.Time // for the lag metric; nil means none
}

func (d Deps) validate() error {
	var faults []error
	for name, missing := range map[string]bool{
		"Store": d.Store == nil, "DeadLetters": d.DeadLetters == nil, "Dirty": d.Dirty == nil,
		"Fleet": d.Fleet == nil, "Events": d.Events == nil,
	} {
		if missing {
			faults = append(faults, fmt.Errorf("ingest.Deps.%s: %w: nil", name, presage.ErrInvalid))
		}
	}
	return errors.Join(faults...)
}
