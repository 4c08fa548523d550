package broker_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/broker"
)

var speed = []byte(`{"ts":1732190000123,"signals":{"Vehicle.Speed":50}}`)

func TestForeignVINIsRefused(t *testing.T) {
	t.Parallel()
	var lines logLines
	b := startBroker(t, func(c *broker.Config) {
		c.Logger = slog.New(slog.NewTextHandler(&lines, nil))
	})
	m := newMemory()
	startIngest(t, b, m)
	p := mustPublisher(t, b)
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vinB), speed); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("a message for another vehicle: %v", err)
	}
	if !lines.has("publish to a topic of another refused") || lines.has(string(vinB)) || lines.has(string(vinA)) {
		t.Error("the log does not tell, or tells a VIN")
	}
	if n := b.Refused().Publishes; n != 2 { // two attempts
		t.Errorf("%d refused publishes counted", n)
	}
	publishAll(t, mustPublisher(t, b), samples(0, 1), 1) // comes after the refused one
	m.until(t, "one row", func() bool { return m.rows() == 1 })
	if l := m.deadLetters(); len(l) != 0 {
		t.Errorf("it was stored as a dead letter: %+v", l)
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	secret := presage.Secret("a long random secret")
	knows := &guests{secrets: map[presage.VIN]presage.Secret{vinA: secret}}
	open := startBroker(t, func(c *broker.Config) { c.Admission = knows })
	closed := startBroker(t, func(c *broker.Config) { c.Admission, c.Open = knows, false })
	startIngest(t, open, newMemory())
	startIngest(t, closed, newMemory())
	tests := map[string]struct {
		vin      presage.VIN
		password presage.Secret
		clientID string
		open     bool // gets in where Open is set
		closed   bool // gets in where it is not
	}{
		"right secret":                {vinA, secret, "", true, true},
		"wrong secret":                {vinA, "guess", "", false, false},
		"no secret":                   {vinA, "", "", false, false},
		"vehicle without a secret":    {vinB, "anything", "", true, false},
		"anonymous":                   {"", "", "tool", true, false},
		"no VIN":                      {"admin", "x", "", false, false},
		"the service's name":          {"presage", "guess", "", false, false},
		"the service's session":       {vinA, secret, "presage-ingest", false, false},
		"session of another vehicle":  {vinA, secret, string(vinB) + "-1", false, false},
		"anonymous as a vehicle's":    {"", "", string(vinB), false, false},
		"a second client of the same": {vinA, secret, string(vinA) + "-2", true, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for b, want := range map[*broker.Server]bool{open: tt.open, closed: tt.closed} {
				_, err := publisher(t, b, func(c *mqtt.PublisherConfig) {
					c.VIN, c.Password = tt.vin, tt.password
					if tt.clientID != "" {
						c.ClientID = tt.clientID
					}
				})
				if (err == nil) != want || err != nil && !errors.Is(err, presage.ErrForbidden) {
					t.Errorf("open %v: %v", b == open, err)
				}
			}
		})
	}
}

func TestAnonymousPublishesForAnyVehicle(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	startIngest(t, b, m)
	p, err := publisher(t, b, func(c *mqtt.PublisherConfig) { c.VIN, c.ClientID = "", "bench" })
	if err != nil {
		t.Fatal(err)
	}
	for _, vin := range []presage.VIN{vinA, vinB} {
		if err := p.Publish(t.Context(), ingest.TelemetryTopic(vin), speed); err != nil {
			t.Fatal(err)
		}
	}
	m.until(t, "two rows", func() bool { return m.rows() == 2 })
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	b := startBroker(t, nil)
	startIngest(t, b, newMemory())
	subscribe := func(user, filter string) byte {
		o := paho.NewClientOptions().AddBroker(b.URL()).SetClientID("sub-" + rand()).SetAutoReconnect(false)
		if user != "" {
			o.SetUsername(user).SetPassword("x")
		}
		c := paho.NewClient(o)
		if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		defer c.Disconnect(0)
		token := c.Subscribe(filter, 1, nil)
		if !token.WaitTimeout(patience) {
			t.Fatal("no SUBACK")
		}
		if sub, ok := token.(*paho.SubscribeToken); ok {
			return sub.Result()[filter]
		}
		return 0x80
	}
	for _, tt := range []struct {
		user, filter string
		want         byte
	}{
		{string(vinA), "presage/v1/" + string(vinA) + "/command", 1},
		{string(vinA), "presage/v1/" + string(vinB) + "/command", 0x80},
		{string(vinA), "presage/v1/+/command", 0x80},
		{string(vinA), "presage/v1/" + string(vinB) + "/telemetry", 0x80},
		{string(vinA), "#", 0x80},
		{string(vinA), "$MQTT/sub/#", 0x80},
		{string(vinA), "$MQTT/msgs/#", 0x80},
		{"", "presage/v1/" + string(vinA) + "/command", 0x80},
		{"", "#", 0x80},
	} {
		if got := subscribe(tt.user, tt.filter); got != tt.want {
			t.Errorf("%q to %q: SUBACK %#x, want %#x", tt.user, tt.filter, got, tt.want)
		}
	}
}

func TestLargePayloads(t *testing.T) {
	t.Parallel()
	var lines logLines
	b := startBroker(t, func(c *broker.Config) { c.Logger = slog.New(slog.NewTextHandler(&lines, nil)) })
	m := newMemory()
	startIngest(t, b, m)
	p := mustPublisher(t, b)
	publish := func(n int) error {
		return p.Publish(t.Context(), ingest.TelemetryTopic(vinA), bytes.Repeat([]byte("x"), n))
	}
	if err := publish(2 << 20); err != nil {
		t.Fatal(err)
	}
	m.until(t, "a dead letter", func() bool { return len(m.deadLetters()) == 1 })
	if l := m.deadLetters()[0]; l.Reason != ingest.ReasonTooLarge || len(l.Payload) != 4<<10 {
		t.Errorf("%s with %d bytes", l.Reason, len(l.Payload))
	}
	if err := publish(broker.MaxPayload + 1); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("beyond the broker's limit: %v", err)
	}
	if !lines.has("maximum payload") {
		t.Error("the log does not tell")
	}
}

func TestTakenPortIsNamed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, err = broker.Start(t.Context(), broker.Config{Addr: l.Addr().String(), Dir: t.TempDir()})
	if !errors.Is(err, presage.ErrConflict) {
		t.Fatal(err)
	}
	for _, part := range []string{port, "mqtt.addr", "PRESAGE_MQTT_ADDR"} {
		if !bytes.Contains([]byte(err.Error()), []byte(part)) {
			t.Errorf("%v does not name %s", err, part)
		}
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	err := broker.Config{Addr: "0.0.0.0:1883", Open: true, AckWait: -time.Second, MaxAckPending: 40_000}.Validate()
	for _, field := range []string{"broker.Dir", "broker.Open", "broker.AckWait", "broker.MaxAckPending"} {
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(field)) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}
