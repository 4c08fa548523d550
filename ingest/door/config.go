package door

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
	"presage/internal/certfile"
)

// Sink takes messages in. SubmitAll may block; from.Durable is called once
// messages are durable. *ingest.Pipeline is one.
type Sink interface {
	SubmitAll(ctx context.Context, ms []ingest.Message, from ingest.Source) error
}

// Admission tells whether a vehicle may connect. The errors never hold a VIN
// or a secret. ErrNotFound: nothing is known against it and it has nothing to
// show; Config.Open decides. Any other error keeps it out; ErrUnavailable says
// that it may try again.
type Admission interface {
	// Password checks the secret that a vehicle presents from source.
	Password(ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr) error
	// Certificate checks a vehicle whose certificate, valid from issued on,
	// Config.TLS.ClientCA signed.
	Certificate(ctx context.Context, vin presage.VIN, issued time.Time) error
}

// Config tells where to listen and whom to let in. Addr, Sink and Now are
// needed; the zero value of the rest means its default.
type Config struct {
	Addr string // HOST:PORT of MQTT, plain or TLS, TCP and websockets; port 0 picks a free one
	// Open lets in vehicles without a credential, and anonymous clients.
	// Allowed on loopback addresses only.
	Open bool
	// VehicleTopics are the filters that a vehicle may publish to besides the
	// native topics, with {vin} for its VIN: "ovms/{vin}/#".
	VehicleTopics []string
	// Gateways are the accounts of servers that publish for many vehicles.
	Gateways []Gateway
	// Admission checks passwords and certificates; nil means that no vehicle
	// has either.
	Admission Admission
	// TLS makes the server speak TLS alone; the zero value means none. Its
	// ClientCA are the authorities whose client certificates prove a vehicle's
	// VIN; a vehicle without a certificate needs its secret.
	TLS  certfile.Files
	Sink Sink
	// Commands are what vehicles subscribe to; nil means that there are none.
	Commands Commands
	// Sessions keeps subscriptions over a lost connection and a restart; nil
	// keeps them for as long as the connection.
	Sessions Sessions
	// Claims let several doors share one database: a client that comes to another
	// door is cut off here within a second. nil for a door that is alone.
	Claims Claims
	// SessionExpiry is how long a session is kept without a connection;
	// default 7 days. MQTT 5 clients may ask for less.
	SessionExpiry time.Duration
	// ReceiveMaximum is how many messages of a connection may be on their way
	// to the store; default 1,024. MQTT 5 clients are told; of others nothing
	// more is read until there is room.
	ReceiveMaximum int
	// MaxPayload is the largest payload that reaches the sink whole, in bytes;
	// default ingest.MaxPayload. Of a larger one the sink gets the first 4 KiB and
	// the size, and makes a letter of it.
	MaxPayload int
	// Connections, and of these at most ConnectionsPerAddress from one address
	// (IPv6: one /64 network) and ConnectionsPerVehicle of one vehicle, stand
	// at the same time; default 100,000, 20,000 and 8. Beyond the first two a
	// new connection is closed, beyond the last the vehicle's own that has been
	// silent longest.
	Connections           int
	ConnectionsPerAddress int
	ConnectionsPerVehicle int
	// ConnectTimeout is how long a client may take from its first byte to a
	// whole CONNECT, TLS included; default 10 s.
	ConnectTimeout time.Duration
	// WriteTimeout is how long a client may read nothing while something is
	// being written to it; default 30 s.
	WriteTimeout time.Duration
	Now          func() time.Time // stamps arrivals
	Logger       *slog.Logger     // nil means none
	Registerer   prometheus.Registerer
}

// Validate names every fault by its field.
func (c Config) Validate() error {
	var faults []error
	fault := func(field, want string) {
		faults = append(faults, fmt.Errorf("mqtt.%s: %w: want %s", field, presage.ErrInvalid, want))
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		fault("Addr", "HOST:PORT")
	}
	if c.Open && !loopback(host) {
		fault("Open", "a loopback address to listen on: vehicles without secrets are let in")
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		fault("TLS", "a certificate and its key together")
	}
	if c.TLS.ClientCA != "" && c.TLS.Cert == "" {
		fault("TLS.ClientCA", "a certificate of the server's own as well: client certificates are shown over TLS")
	}
	if c.Sink == nil {
		fault("Sink", "who takes messages in")
	}
	if c.Now == nil {
		fault("Now", "a clock")
	}
	c.checkBounds(fault)
	faults = append(faults, topicFaults(c.VehicleTopics)...)
	faults = append(faults, gatewayFaults(c.Gateways)...)
	return errors.Join(faults...)
}

func (c Config) checkBounds(fault func(field, want string)) {
	for _, f := range []struct {
		name       string
		value, max int64
		want       string
	}{
		{"SessionExpiry", int64(c.SessionExpiry), int64(100 * 365 * 24 * time.Hour), "0 to 100 years"},
		{"ReceiveMaximum", int64(c.ReceiveMaximum), 65_535, "at most 65,535"},
		{"MaxPayload", int64(c.MaxPayload), 64 << 20, "at most 64 MiB"},
		{"Connections", int64(c.Connections), 10_000_000, "at most 10,000,000"},
		{"ConnectionsPerAddress", int64(c.ConnectionsPerAddress), 10_000_000, "at most 10,000,000"},
		{"ConnectionsPerVehicle", int64(c.ConnectionsPerVehicle), 10_000, "at most 10,000"},
		{"ConnectTimeout", int64(c.ConnectTimeout), int64(time.Hour), "at most an hour"},
		{"WriteTimeout", int64(c.WriteTimeout), int64(time.Hour), "at most an hour"},
	} {
		if f.value < 0 || f.value > f.max {
			fault(f.name, f.want)
		}
	}
}

func (c Config) withDefaults() Config {
	if c.Admission == nil {
		c.Admission = nobody{}
	}
	c.SessionExpiry = cmp.Or(c.SessionExpiry, 7*24*time.Hour)
	c.ReceiveMaximum = cmp.Or(c.ReceiveMaximum, 1024)
	c.MaxPayload = cmp.Or(c.MaxPayload, ingest.MaxPayload)
	c.Connections = cmp.Or(c.Connections, 100_000)
	c.ConnectionsPerAddress = cmp.Or(c.ConnectionsPerAddress, 20_000)
	c.ConnectionsPerVehicle = cmp.Or(c.ConnectionsPerVehicle, 8)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 10*time.Second)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 30*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// nobody has a credential.
type nobody struct{}

func (nobody) Password(context.Context, presage.VIN, presage.Secret, netip.Addr) error {
	return fmt.Errorf("%w: the vehicle has no secret", presage.ErrNotFound)
}

func (nobody) Certificate(context.Context, presage.VIN, time.Time) error { return nil }

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
