package gbt32960

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// Sink takes messages in. Submit may block; Ack of the message is called once
// it is durable. *ingest.Pipeline is one.
type Sink interface {
	Submit(ctx context.Context, m ingest.Message) error
}

// Lock judges who may log in, for every door alike. ErrForbidden keeps a vehicle
// out; ErrUnavailable says that nobody can tell now. *credential.Verifier is one.
type Lock interface {
	Claim(ctx context.Context, vin presage.VIN) error
}

// Config tunes a Gateway. Listener, Sink and Now are needed; the zero value of
// the rest means its default.
type Config struct {
	Listener net.Listener // the Gateway closes it
	Sink     Sink
	// Lock turns vehicles away at login; nil lets every one in. The pipeline's
	// policy for unknown ones holds behind it.
	Lock Lock
	// Allow are the networks that terminals come from; others are closed at
	// once. Empty allows all.
	Allow []netip.Prefix
	// IdleTimeout closes a connection that sends nothing; default 5 min. The
	// standard's terminals send every 30 s at the least.
	IdleTimeout time.Duration
	// FrameTimeout is how long a frame may take from its first byte to its last;
	// default 30 s.
	FrameTimeout time.Duration
	// LoginTimeout closes a connection that has not logged in by then; default
	// 30 s. Until the login, frames have 1 KiB at most.
	LoginTimeout time.Duration
	// WriteTimeout bounds the sending of a response; default 10 s.
	WriteTimeout time.Duration
	// Connections bounds those at the same time; one more is closed at once.
	// Default 10,000.
	Connections int
	// PerVehicle bounds the connections that are logged in for one vehicle:
	// nobody can prove to be the vehicle, and therefore none is cut off for a new
	// one. At the bound the one that has been silent the longest gives way if
	// that is StaleAfter, for a terminal that lost its line does not say goodbye;
	// else the login is refused. Default 4 and 1 min: terminals send every 30 s.
	PerVehicle int
	StaleAfter time.Duration
	// FrameBytes bounds a frame; default frame.MaxBytes (65,556), at least 64.
	FrameBytes int
	// InFlight bounds the frames of a connection that have no response yet;
	// nothing more is read until there is room. Default 64.
	InFlight int
	// Faults is how many pieces of noise and refused frames close a connection;
	// default 20. A good frame starts the count anew.
	Faults int
	// Oldest is the earliest time that a frame may have: an older one is of a
	// clock that was never set. Default 2010-01-01.
	Oldest     time.Time
	Now        func() time.Time      // stamps arrivals, tells terminals the time
	Logger     *slog.Logger          // nil means none
	Registerer prometheus.Registerer // nil means no metrics
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
		{"Listener", c.Listener != nil, "not nil"},
		{"Sink", c.Sink != nil, "not nil"},
		{"Now", c.Now != nil, "not nil"},
		{"IdleTimeout", c.IdleTimeout > 0, "above 0"},
		{"FrameTimeout", c.FrameTimeout > 0, "above 0"},
		{"LoginTimeout", c.LoginTimeout > 0, "above 0"},
		{"WriteTimeout", c.WriteTimeout > 0, "above 0"},
		{"Connections", c.Connections > 0, "above 0"},
		{"PerVehicle", c.PerVehicle > 0, "above 0"},
		{"StaleAfter", c.StaleAfter > 0, "above 0"},
		{"FrameBytes", c.FrameBytes >= 64 && c.FrameBytes <= frame.MaxBytes, fmt.Sprintf("64-%d", frame.MaxBytes)},
		{"InFlight", c.InFlight > 0, "above 0"},
		{"Faults", c.Faults > 0, "above 0"},
	} {
		if !f.ok {
			faults = append(faults, fmt.Errorf("gbt32960.%s: %w: want %s", f.name, presage.ErrInvalid, f.want))
		}
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 5*time.Minute)
	c.FrameTimeout = cmp.Or(c.FrameTimeout, 30*time.Second)
	c.LoginTimeout = cmp.Or(c.LoginTimeout, 30*time.Second)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 10*time.Second)
	c.Connections = cmp.Or(c.Connections, 10_000)
	c.PerVehicle = cmp.Or(c.PerVehicle, 4)
	c.StaleAfter = cmp.Or(c.StaleAfter, time.Minute)
	c.FrameBytes = cmp.Or(c.FrameBytes, frame.MaxBytes)
	c.InFlight = cmp.Or(c.InFlight, 64)
	c.Faults = cmp.Or(c.Faults, 20)
	if c.Oldest.IsZero() {
		c.Oldest = earliest()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
