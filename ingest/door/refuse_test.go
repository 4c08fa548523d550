package door_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
)

var speed = []byte(`{"ts":1732190000123,"signals":{"Vehicle.Speed":50}}`)

// nowhere is a sink that nothing reaches.
type nowhere struct{}

func (nowhere) SubmitAll(context.Context, []ingest.Message, ingest.Source) error {
	return presage.ErrUnavailable
}

func TestForeignVINIsDropped(t *testing.T) {
	t.Parallel()
	var lines logLines
	m := newMemory()
	b := startDoor(t, m, func(c *door.Config) { c.Logger = slog.New(slog.NewTextHandler(&lines, nil)) })
	p := mustPublisher(t, b)
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vinB), speed); err != nil {
		t.Errorf("a message for another vehicle is not acknowledged: %v", err)
	}
	if !lines.has("not the client's own") || lines.has(string(vinB)) || lines.has(string(vinA)) {
		t.Error("the log does not tell, or tells a VIN")
	}
	publishAll(t, p, samples(0, 1), 1) // comes after the refused one
	if l := m.deadLetters(); len(l) != 0 || m.rows() != 1 {
		t.Errorf("%d rows, letters %+v", m.rows(), l)
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	secret := presage.Secret("a long random secret")
	knows := &guests{secrets: map[presage.VIN]presage.Secret{vinA: secret}}
	open := startDoor(t, newMemory(), func(c *door.Config) { c.Admission = knows })
	closed := startDoor(t, newMemory(), func(c *door.Config) { c.Admission, c.Open = knows, false })
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
		"an ID like the service's":    {vinA, secret, "presage-ingest", true, true},
		"an ID of another vehicle":    {vinA, secret, string(vinB) + "-1", true, true},
		"VIN in small letters":        {presage.VIN(strings.ToLower(string(vinA))), secret, "", true, true},
		"a second client of the same": {vinA, secret, string(vinA) + "-2", true, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for b, want := range map[*door.Server]bool{open: tt.open, closed: tt.closed} {
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
	m := newMemory()
	b := startDoor(t, m, nil)
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
	b := startDoor(t, newMemory(), nil)
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
		{string(vinA), "$SYS/#", 0x80},
		{string(vinA), "presage/v1/" + strings.ToLower(string(vinA)) + "/command", 1},
		{"", "presage/v1/" + string(vinA) + "/command", 0x80},
		{"", "#", 0x80},
	} {
		if got := subscribe(tt.user, tt.filter); got != tt.want {
			t.Errorf("%q to %q: SUBACK %#x, want %#x", tt.user, tt.filter, got, tt.want)
		}
	}
}

// A payload beyond the bound is acknowledged and becomes one letter; what
// comes behind it on the same connection is stored.
func TestLargePayloads(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := mustPublisher(t, startDoor(t, m, nil))
	for _, n := range []int{ingest.MaxPayload + 1, 3 * ingest.MaxPayload} {
		if err := p.Publish(t.Context(), ingest.TelemetryTopic(vinA), bytes.Repeat([]byte("x"), n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range m.deadLetters() {
		if l.Reason != ingest.ReasonTooLarge {
			t.Errorf("a letter %s", l.Reason)
		}
	}
	publishAll(t, p, samples(0, 10), 10)
	if len(m.deadLetters()) != 2 || m.rows() != 10 {
		t.Errorf("%d letters, %d rows", len(m.deadLetters()), m.rows())
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
	_, err = door.New(t.Context(), door.Config{Addr: l.Addr().String(), Sink: nowhere{}, Now: time.Now})
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
	err := door.Config{
		Addr: "0.0.0.0:1883", Open: true, SessionExpiry: -time.Second, ReceiveMaximum: 70_000, Connections: -1,
	}.Validate()
	for _, field := range []string{
		"mqtt.Sink", "mqtt.Now", "mqtt.Open", "mqtt.SessionExpiry", "mqtt.ReceiveMaximum", "mqtt.Connections",
	} {
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(field)) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}
