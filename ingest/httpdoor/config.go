package httpdoor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
)

// Sink makes messages durable: the pipeline.
type Sink interface {
	Submit(ctx context.Context, m ingest.Message) error
	// Ready is nil while messages are being made durable.
	Ready(ctx context.Context) error
}

// Lock checks a vehicle's secret, as it does for MQTT. Any error keeps it out;
// ErrUnavailable says that nobody can tell now.
type Lock interface {
	Password(ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr) error
}

// Gateway is the account of a server that sends for many vehicles.
type Gateway struct {
	Username string
	Password presage.Secret
}

// Config tells how to make a Door. Sink, Lock and Now are needed.
type Config struct {
	Sink     Sink
	Lock     Lock
	Gateways []Gateway
	// Now is the arrival by which the times of samples are judged.
	Now func() time.Time
	// MaxBody bounds a body in bytes, as sent and after gunzip; default 4 MiB.
	MaxBody int64
	// MaxMemory bounds what all requests hold at the same time; default 16 bodies.
	MaxMemory int64
	// ReadTimeout is how long a body may take to arrive; default 20 s.
	ReadTimeout time.Duration
	// Wait is how long a request waits for the durable write; default 20 s.
	Wait       time.Duration
	Registerer prometheus.Registerer // nil for no metrics
}

// copies is how often a body's bytes are held at the most: as read, as the
// samples found in it, and as the documents made of them.
const copies = 3

func (c Config) withDefaults() (Config, error) {
	if c.Sink == nil || c.Lock == nil || c.Now == nil {
		return c, fmt.Errorf("httpdoor: %w: Config without Sink, Lock or Now", presage.ErrInvalid)
	}
	c.MaxBody = cmp.Or(c.MaxBody, 4<<20)
	c.MaxMemory = cmp.Or(c.MaxMemory, 16*c.MaxBody)
	c.ReadTimeout = cmp.Or(c.ReadTimeout, 20*time.Second)
	c.Wait = cmp.Or(c.Wait, 20*time.Second)
	if c.MaxMemory < (copies+1)*c.MaxBody {
		return c, errors.New("httpdoor: Config.MaxMemory: below four times MaxBody: the largest body never fits")
	}
	return c, nil
}
