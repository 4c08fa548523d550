package mqtt

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
)

// Sink takes messages in. Submit may block; Ack of the message is called once
// it is durable. *ingest.Pipeline is one.
type Sink interface {
	Submit(ctx context.Context, m ingest.Message) error
}

// RunSink is a Sink that takes many messages at once and says of many at once,
// by calling from.Durable, that they are durable. *ingest.Pipeline is one.
type RunSink interface {
	SubmitAll(ctx context.Context, ms []ingest.Message, from ingest.Source) error
}

// Config tells where and how to subscribe. Broker and Now are needed; the zero
// value of the rest means its default.
type Config struct {
	// Broker is tcp://, mqtt://, ssl://, mqtts://, ws:// or wss://HOST[:PORT];
	// user information in it is used when Username is empty.
	Broker   string
	ClientID string // of the persistent session; default "presage-ingest"
	Username string
	Password presage.Secret
	TLS      *tls.Config // nil means the system's roots
	// Topics are the filters subscribed to with QoS 1; default NativeTopics.
	Topics []string
	// KeepAlive is how often an idle connection is probed; default 30 s.
	KeepAlive time.Duration
	// ConnectTimeout bounds connecting and subscribing; default 10 s.
	ConnectTimeout time.Duration
	// RetryMin and RetryMax bound the doubling wait before the next attempt to
	// connect; default 200 ms and 5 s.
	RetryMin time.Duration
	RetryMax time.Duration
	// Window and WindowBytes bound what was received and is not acknowledged
	// yet (see the package comment); default 65,535 messages, which is all that
	// MQTT allows, and 64 MiB.
	Window      int
	WindowBytes int64
	// MaxPayload is the largest payload handed over whole, in bytes; of a larger
	// one the head is, with its size. Default ingest.MaxPayload.
	MaxPayload int
	// Memory keeps until when everything was taken over, so that what the broker
	// kept over a restart can be told from what is live; nil means that it cannot.
	Memory  Memory
	Now     func() time.Time // stamps arrivals
	Logger  *slog.Logger     // nil means none
	Metrics *Metrics         // nil means none
}

// Validate names every fault by its field.
func (c Config) Validate() error {
	var faults []error
	if _, err := brokerURL(c.Broker); err != nil {
		faults = append(faults, fmt.Errorf("mqtt.Broker: %w", err))
	}
	if c.Now == nil {
		faults = append(faults, fmt.Errorf("mqtt.Now: %w: nil", presage.ErrInvalid))
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"KeepAlive", int64(c.KeepAlive)},
		{"ConnectTimeout", int64(c.ConnectTimeout)},
		{"RetryMin", int64(c.RetryMin)},
		{"RetryMax", int64(c.RetryMax)},
		{"Window", int64(c.Window)},
		{"WindowBytes", c.WindowBytes},
		{"MaxPayload", int64(c.MaxPayload)},
	} {
		if f.value < 0 {
			faults = append(faults, fmt.Errorf("mqtt.%s: %w: negative", f.name, presage.ErrInvalid))
		}
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	c.ClientID = cmp.Or(c.ClientID, "presage-ingest")
	c.KeepAlive = cmp.Or(c.KeepAlive, 30*time.Second)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 10*time.Second)
	c.RetryMin = cmp.Or(c.RetryMin, 200*time.Millisecond)
	c.RetryMax = cmp.Or(c.RetryMax, 5*time.Second)
	c.Window = cmp.Or(c.Window, 65_535)
	c.WindowBytes = cmp.Or(c.WindowBytes, 64<<20)
	c.MaxPayload = cmp.Or(c.MaxPayload, ingest.MaxPayload)
	if len(c.Topics) == 0 {
		c.Topics = NativeTopics()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// NativeTopics are the filters of the native format.
func NativeTopics() []string { return []string{"presage/v1/+/telemetry", "presage/v1/+/event"} }

// brokerURL reads a broker's address and adds the port that its scheme implies.
func brokerURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("%w: want tcp://HOST:PORT, mqtts://HOST or the like", presage.ErrInvalid)
	}
	ports := map[string]string{
		"tcp": "1883", "mqtt": "1883", "ssl": "8883", "tls": "8883", "mqtts": "8883", "ws": "80", "wss": "443",
	}
	port, ok := ports[u.Scheme]
	if !ok {
		return nil, fmt.Errorf("%w scheme %q: want tcp, mqtt, ssl, tls, mqtts, ws or wss", presage.ErrInvalid, u.Scheme)
	}
	if u.Port() == "" {
		u.Host += ":" + port
	}
	return u, nil
}

// clientOptions are what subscriber and publisher share: one connection a
// client, without the library's own reconnecting.
func clientOptions(u *url.URL, clientID string, timeout time.Duration, config *tls.Config) *paho.ClientOptions {
	o := paho.NewClientOptions().AddBroker(u.String()).SetClientID(clientID)
	o.SetAutoReconnect(false).SetConnectRetry(false).SetProtocolVersion(4)
	o.SetConnectTimeout(timeout).SetWriteTimeout(timeout).SetTLSConfig(config)
	o.SetOrderMatters(true)
	return o
}

// wait waits for the library's token, ctx or the timeout.
func wait(ctx context.Context, t paho.Token, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case <-t.Done():
		return t.Error()
	case <-ctx.Done():
		return fmt.Errorf("%w: no answer: %w", presage.ErrUnavailable, ctx.Err())
	}
}
