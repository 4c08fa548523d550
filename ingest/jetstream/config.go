package jetstream

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"time"

	"presage"
	"presage/ingest"
)

// Sink takes many messages at once and says of many at once, by calling
// from.Durable, that they are durable. *ingest.Pipeline is one.
type Sink interface {
	SubmitAll(ctx context.Context, ms []ingest.Message, from ingest.Source) error
}

// Gauge shows how much is held. It is called by one goroutine at a time.
type Gauge interface {
	Set(messages int, bytes int64)
}

// Config tells where to pull and what. Servers and Now are needed; the zero value
// of the rest means its default.
type Config struct {
	// Servers are nodes of the cluster, nats://HOST[:PORT], or tls:// for TLS. The
	// others are found through them.
	Servers  []string
	Username string
	Password presage.Secret
	TLS      *tls.Config // nil means the system's roots
	// Consumer is the name of the durable consumer, the same for all processes
	// that share the messages: letters, digits, hyphens and underscores, 64 at the
	// most; default "presage".
	Consumer string
	// Topics are MQTT filters of what is wanted, the same for all processes.
	Topics []string
	// Prepare makes the gateway create its stream, which it does when the first
	// client logs in. It is called when there is none; nil: it is waited for.
	Prepare func(ctx context.Context) error
	// AckWait is how long the cluster waits for a sign of a message before it gives
	// it to another process; default 10 s.
	AckWait time.Duration
	// Timeout bounds one request to the cluster; default 5 s.
	Timeout time.Duration
	// RetryMin and RetryMax bound the doubling wait after a failure; default
	// 200 ms and 5 s.
	RetryMin time.Duration
	RetryMax time.Duration
	// Window and WindowBytes bound what was received and is not acknowledged yet;
	// default 2,048 messages and 64 MiB. At least one message is taken.
	Window      int
	WindowBytes int64
	// MaxPayload is the largest payload handed over whole, in bytes; of a larger
	// one the head is, with its size. Default ingest.MaxPayload.
	MaxPayload int
	Now        func() time.Time // stamps arrivals
	Logger     *slog.Logger     // nil means none
	Held       Gauge            // nil means none
	Metrics    *Metrics         // nil means none
}

var consumerName = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// Validate names every fault by its field.
func (c Config) Validate() error {
	var faults []error
	fault := func(field string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("jetstream.%s: %w", field, err))
		}
	}
	if len(c.Servers) == 0 {
		fault("Servers", fmt.Errorf("%w: none", presage.ErrInvalid))
	}
	for i, s := range c.Servers {
		fault(fmt.Sprintf("Servers[%d]", i), CheckServer(s))
	}
	fault("Consumer", CheckConsumer(c.Consumer))
	_, err := subjects(c.Topics)
	fault("Topics", err)
	if c.Now == nil {
		fault("Now", fmt.Errorf("%w: nil", presage.ErrInvalid))
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"AckWait", int64(c.AckWait)},
		{"Timeout", int64(c.Timeout)},
		{"RetryMin", int64(c.RetryMin)},
		{"RetryMax", int64(c.RetryMax)},
		{"Window", int64(c.Window)},
		{"WindowBytes", c.WindowBytes},
		{"MaxPayload", int64(c.MaxPayload)},
	} {
		if f.value < 0 {
			fault(f.name, fmt.Errorf("%w: negative", presage.ErrInvalid))
		}
	}
	return errors.Join(faults...)
}

// CheckConsumer is nil for the name of a consumer, or none, else an ErrInvalid.
func CheckConsumer(name string) error {
	if !consumerName.MatchString(name) {
		return fmt.Errorf("%w: want letters, digits, - and _, 64 at the most", presage.ErrInvalid)
	}
	return nil
}

// CheckServer is nil for the address of a NATS node, else an ErrInvalid that does
// not repeat it: a password may be in it.
func CheckServer(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "nats" && u.Scheme != "tls" || u.Path != "" || u.RawQuery != "":
		return fmt.Errorf("%w: want nats://HOST:PORT, or tls://HOST:PORT for TLS", presage.ErrInvalid)
	case u.User != nil:
		return fmt.Errorf("%w: holds a user or a password, which are settings of their own", presage.ErrInvalid)
	}
	return nil
}

func (c Config) withDefaults() Config {
	c.Consumer = cmp.Or(c.Consumer, "presage")
	c.AckWait = cmp.Or(c.AckWait, 10*time.Second)
	c.Timeout = cmp.Or(c.Timeout, 5*time.Second)
	c.RetryMin = cmp.Or(c.RetryMin, 200*time.Millisecond)
	c.RetryMax = cmp.Or(c.RetryMax, 5*time.Second)
	c.Window = cmp.Or(c.Window, 2048)
	c.WindowBytes = cmp.Or(c.WindowBytes, 64<<20)
	c.MaxPayload = cmp.Or(c.MaxPayload, ingest.MaxPayload)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
