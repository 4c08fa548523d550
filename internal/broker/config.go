package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"presage"
)

// MaxPayload is the largest message that the broker takes in, in bytes.
const MaxPayload = 4 << 20

// Config tells where to listen and where to keep messages. Addr and Dir are
// needed; the zero value of the rest means its default.
type Config struct {
	Addr string // HOST:PORT of MQTT; port 0 picks a free one
	Dir  string // of the message files; reopened by the next start
	// Open lets in vehicles without a credential, and anonymous clients.
	// Allowed on loopback addresses only.
	Open bool
	// VehicleTopics are the filters that a vehicle may publish to besides the
	// native topics, with {vin} for its VIN: "ovms/{vin}/#". Vehicles are let in
	// when a persistent session has subscribed to each of them with + for {vin}.
	VehicleTopics []string
	// Gateways are the accounts of servers that publish for many vehicles.
	Gateways []Gateway
	// Admission checks passwords and certificates; nil means that no vehicle
	// has either.
	Admission Admission
	// TLS makes the broker speak TLS alone; the zero value means none.
	TLS TLS
	// MaxStore bounds the message files, in bytes; default 8 GiB.
	MaxStore int64
	// SyncEvery is how often the message files are synced to disk. 0, the
	// default: each message before its PUBACK. Otherwise messages of the last
	// interval may be lost when the machine loses power; killing the process
	// loses none, since they are with the operating system.
	SyncEvery time.Duration
	// MaxAckPending is how many messages of each filter may be on their way to a
	// subscriber without an acknowledgement; default 10,000, or 7,500 with
	// VehicleTopics: a session has 65,535 packet identifiers, a filter that ends
	// with # counts twice, and filters that an older start made keep their number.
	// At most 32,000.
	MaxAckPending uint16
	// AckWait is after how long an unacknowledged message is sent again on the
	// same connection or the next; default 15 s.
	AckWait time.Duration
	// SubscriberWait is how long a vehicle's CONNECT waits for the first
	// subscription to telemetry; default 10 s.
	SubscriberWait time.Duration
	Logger         *slog.Logger // nil means none
}

// Admission tells whether a vehicle may connect. The errors never hold a VIN
// or a secret. ErrNotFound: nothing is known against it and it has nothing to
// show; Config.Open decides. Any other error keeps it out.
type Admission interface {
	// Password checks the secret that a vehicle presents from source.
	Password(ctx context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr) error
	// Certificate checks a vehicle whose certificate, valid from issued on,
	// Config.TLS.ClientCA signed.
	Certificate(ctx context.Context, vin presage.VIN, issued time.Time) error
}

// Validate names every fault by its field.
func (c Config) Validate() error {
	var faults []error
	fault := func(field, want string) {
		faults = append(faults, fmt.Errorf("broker.%s: %w: want %s", field, presage.ErrInvalid, want))
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		fault("Addr", "HOST:PORT")
	}
	if c.Dir == "" {
		fault("Dir", "a directory")
	}
	if c.Open && !loopback(host) {
		fault("Open", "a loopback address to listen on: vehicles without secrets are let in")
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		fault("TLS", "a certificate and its key together")
	}
	if c.TLS.ClientCA != "" && c.TLS.Cert == "" {
		fault("TLS.ClientCA", "a certificate of the broker's own as well: client certificates are shown over TLS")
	}
	c.checkBounds(fault)
	faults = append(faults, topicFaults(c.VehicleTopics)...)
	faults = append(faults, gatewayFaults(c.Gateways)...)
	return errors.Join(faults...)
}

func (c Config) checkBounds(fault func(field, want string)) {
	if c.SyncEvery < 0 || c.SyncEvery > time.Minute {
		fault("SyncEvery", "0 to 1 minute")
	}
	if c.MaxStore < 0 {
		fault("MaxStore", "0 or more")
	}
	if c.MaxAckPending > 32_000 {
		fault("MaxAckPending", "at most 32,000: a session has two subscriptions and 65,535 packet identifiers")
	}
	if c.AckWait < 0 {
		fault("AckWait", "0 or more")
	}
	if c.SubscriberWait < 0 {
		fault("SubscriberWait", "0 or more")
	}
}

func (c Config) withDefaults() Config {
	if c.Admission == nil {
		c.Admission = nobody{}
	}
	if c.TLS.Check == 0 {
		c.TLS.Check = time.Minute
	}
	if c.MaxStore == 0 {
		c.MaxStore = 8 << 30
	}
	if c.MaxAckPending == 0 {
		c.MaxAckPending = 10_000
		if len(c.VehicleTopics) > 0 {
			c.MaxAckPending = 7_500
		}
	}
	if c.AckWait == 0 {
		c.AckWait = 15 * time.Second
	}
	if c.SubscriberWait == 0 {
		c.SubscriberWait = 10 * time.Second
	}
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
