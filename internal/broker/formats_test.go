package broker_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/ingest/ovms"
	"presage/ingest/tesla"
	"presage/internal/broker"
)

// foreign are the templates of both formats.
var foreign = []string{"telemetry/{vin}/#", "ovms/{vin}/#"}

const dispatcher = presage.Secret("a long random secret")

// withFormats lets vehicles publish in them, and one gateway below telemetry/.
// Foreign values are counted, not told apart: none may come again because its
// acknowledgement took a second.
func withFormats(c *broker.Config) {
	c.VehicleTopics, c.AckWait = foreign, patience
	c.Gateways = []broker.Gateway{{Username: "fleet", Password: dispatcher, Topics: []string{"telemetry/+/v/+", "telemetry/+/alerts/#"}}}
}

// startFormats runs a pipeline that reads both formats until stop is called.
func startFormats(t *testing.T, b *broker.Server, m *memory, more ...string) (stop func()) {
	t.Helper()
	dec, err := tesla.New(tesla.DefaultBase)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.New(
		ingest.Config{RetryMin: 10 * time.Millisecond, RetryMax: 50 * time.Millisecond},
		ingest.Deps{Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{dec, ovms.New()}})
	if err != nil {
		t.Fatal(err)
	}
	user, password := b.Credentials()
	sub, err := mqtt.New(mqtt.Config{
		Broker: b.URL(), Username: user, Password: password, Now: time.Now,
		RetryMin: 10 * time.Millisecond, RetryMax: 50 * time.Millisecond,
		Topics: append([]string{"presage/v1/+/telemetry", "presage/v1/+/event", "telemetry/+/#", "ovms/+/#"}, more...),
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = p.Run(ctx) })
	running.Go(func() { _ = sub.Run(ctx) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	m.until(t, "a subscription", func() bool { return sub.Ready(t.Context()) == nil })
	return stop
}

// aside is one more client of vinA: a session that is taken over again and
// again is held back by the broker.
func aside(t *testing.T, b *broker.Server) *mqtt.Publisher {
	t.Helper()
	p, err := publisher(t, b, func(c *mqtt.PublisherConfig) { c.ClientID = string(vinA) + "-" + rand() })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// own are topics of foreign formats.
func own(vin presage.VIN) []string {
	return []string{
		"telemetry/" + string(vin) + "/v/Soc", "ovms/" + string(vin) + "/blue/metric/v/b/soc",
		"ovms/" + string(vin) + "/" + string(vin) + "/metric/v/b/soh",
	}
}

// Over real sockets: vehicle A publishes in foreign formats for itself alone.
func TestForeignFormatsHoldAVehicleToItsVIN(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, withFormats), newMemory()
	startFormats(t, b, m)
	for _, topic := range own(vinA) {
		if err := aside(t, b).Publish(t.Context(), topic, []byte("50")); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
	m.until(t, "A's own values", func() bool { return m.readings(vinA) == 3 })
	for _, topic := range append(own(vinB), "telemetry/"+string(vinB)+"/alerts/X/current", "telemetry/x", "ovms/"+string(vinA)) {
		if err := aside(t, b).Publish(t.Context(), topic, []byte("50")); !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("%s was taken from %s: %v", topic, vinA, err)
		}
	}
	// The way that the broker leaves open: A's topic, B's name further down.
	for topic, payload := range map[string]string{
		"ovms/" + string(vinA) + "/" + string(vinB) + "/metric/v/b/soc": "50",
		"ovms/" + string(vinA) + "/blue/metric/v/vin":                   string(vinB),
		"telemetry/" + string(vinA) + "/" + string(vinB) + "/v/Soc":     "50",
	} {
		if err := aside(t, b).Publish(t.Context(), topic, []byte(payload)); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
	m.until(t, "three dead letters", func() bool { return len(m.deadLetters()) == 3 })
	reasons := map[string]int{}
	for _, l := range m.deadLetters() {
		reasons[l.Reason]++
	}
	if diff := cmp.Diff(map[string]int{ingest.ReasonForeignVIN: 2, ingest.ReasonBadTopic: 1}, reasons); diff != "" {
		t.Error(diff)
	}
	if n := m.readings(vinB); n != 0 {
		t.Errorf("%d readings of B", n)
	}
}

// A last will is published by the broker in the vehicle's name: it is held to
// the same rules.
func TestWillForAnotherVehicle(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, withFormats), newMemory()
	startFormats(t, b, m)
	for _, will := range []string{
		ingest.TelemetryTopic(vinB), own(vinB)[0], own(vinB)[1], own(vinA)[1],
	} {
		payload := "50"
		if strings.HasPrefix(will, "presage/") {
			payload = string(speed)
		}
		o := paho.NewClientOptions().AddBroker(b.URL()).SetClientID("will-" + rand()).SetUsername(string(vinA)).SetPassword("x")
		o.SetWill(will, payload, 1, false).SetAutoReconnect(false).SetConnectRetry(false)
		c := paho.NewClient(o)
		if token := c.Connect(); !token.WaitTimeout(patience) {
			t.Fatal("no answer to CONNECT")
		}
		if c.IsConnected() { // cut the connection by a publish that is not allowed: the will is due
			c.Publish(ingest.TelemetryTopic(vinB), 1, false, speed)
			m.until(t, "the end of the connection", func() bool { return !c.IsConnected() })
		}
	}
	m.until(t, "A's own will", func() bool { return m.readings(vinA) == 1 })
	if n := m.readings(vinB); n != 0 {
		t.Errorf("%d readings of B by A's last will", n)
	}
}

func TestForeignFormatsAllowNoSubscription(t *testing.T) {
	t.Parallel()
	b := startBroker(t, withFormats)
	startFormats(t, b, newMemory())
	for user, password := range map[string]presage.Secret{string(vinA): "x", "fleet": dispatcher} {
		o := paho.NewClientOptions().AddBroker(b.URL()).SetClientID("s-" + rand()).SetAutoReconnect(false)
		c := paho.NewClient(o.SetUsername(user).SetPassword(password.Reveal()))
		if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		defer c.Disconnect(0)
		for _, filter := range append(own(vinB), "telemetry/#", "ovms/+/#", "ovms/"+string(vinB)+"/#", "#") {
			token, _ := c.Subscribe(filter, 1, nil).(*paho.SubscribeToken)
			if token == nil || !token.WaitTimeout(patience) || token.Result()[filter] != 0x80 {
				t.Errorf("%s subscribed to %s", user, filter)
			}
		}
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, func(c *broker.Config) { withFormats(c); c.Open = false }), newMemory()
	startFormats(t, b, m)
	connect := func(password presage.Secret, clientID string) (*mqtt.Publisher, error) {
		return publisher(t, b, func(c *mqtt.PublisherConfig) { c.VIN, c.Password, c.ClientID = "fleet", password, clientID })
	}
	for _, tt := range []struct {
		password presage.Secret
		clientID string
	}{{"guess", "d"}, {"", "d"}, {dispatcher, string(vinA)}, {dispatcher, "presage-ingest"}} {
		if _, err := connect(tt.password, tt.clientID); !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("%q as %q: %v", tt.password, tt.clientID, err)
		}
	}
	p, err := connect(dispatcher, "dispatcher-"+rand())
	if err != nil {
		t.Fatal(err)
	}
	for _, vin := range []presage.VIN{vinA, vinB} {
		if err := p.Publish(t.Context(), own(vin)[0], []byte("50")); err != nil {
			t.Error(err)
		}
	}
	m.until(t, "both vehicles", func() bool { return m.readings(vinA) == 1 && m.readings(vinB) == 1 })
	for _, topic := range []string{own(vinA)[1], ingest.TelemetryTopic(vinA), "telemetry/" + string(vinA) + "/connectivity"} {
		p, err := connect(dispatcher, "dispatcher-"+rand())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context(), topic, []byte("50")); !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("%s was taken: %v", topic, err)
		}
	}
}

// QoS 0 and retained, as OVMS publishes: live messages arrive once, retained
// copies after a new subscription are not stored.
func TestRetainedCopiesAreNoFreshValues(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, withFormats), newMemory()
	stop := startFormats(t, b, m)
	const n = 20
	messages := func(yield func(mqtt.Outgoing) bool) {
		for i := range n {
			topic := own(vinA)[1] + "/" + string(rune('a'+i))
			if !yield(mqtt.Outgoing{Topic: topic, Payload: []byte("50"), QoS0: true, Retained: true}) {
				return
			}
		}
	}
	if _, err := aside(t, b).PublishAll(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	m.until(t, "all metrics", func() bool { return m.readings(vinA) == n })
	stop()
	startFormats(t, b, m) // subscribes again: the broker sends 20 retained copies
	publishAll(t, aside(t, b), samples(0, 1), 1)
	m.until(t, "the message after them", func() bool { return m.readings(vinA) > n })
	stopped := newMemory()
	startWith(t, b, stopped, "fresh-session") // another session gets them all as retained
	m.until(t, "20 retained copies", func() bool { return stopped.seenRetained() == n })
	if rows := m.readings(vinA); rows != n+1 || stopped.readings(vinA) != 0 {
		t.Errorf("%d readings, %d of the new session", rows, stopped.readings(vinA))
	}
}

func TestFormatConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	gateway := func(user string, password presage.Secret, topics ...string) broker.Gateway {
		return broker.Gateway{Username: user, Password: password, Topics: topics}
	}
	for want, c := range map[string]broker.Config{
		"VehicleTopics":      {VehicleTopics: []string{"ovms/#"}},
		"want {vin} as one":  {VehicleTopics: []string{"ovms/x{vin}/#"}},
		"an empty level":     {Gateways: []broker.Gateway{gateway("g", dispatcher, "a//b")}},
		"level 2":            {Gateways: []broker.Gateway{gateway("g", dispatcher, "a/b+")}},
		"level 1":            {Gateways: []broker.Gateway{gateway("g", dispatcher, "#")}},
		"the broker's own":   {Gateways: []broker.Gateway{gateway("g", dispatcher, "$MQTT/msgs/#")}},
		"16 characters":      {Gateways: []broker.Gateway{gateway("g", "short", "a/#")}},
		"a VIN is a vehicle": {Gateways: []broker.Gateway{gateway(string(vinA), dispatcher, "a/#")}},
		"the service's own":  {Gateways: []broker.Gateway{gateway("Presage", dispatcher, "a/#")}},
		"without spaces":     {Gateways: []broker.Gateway{gateway("", dispatcher, "a/#")}},
		"topics: none":       {Gateways: []broker.Gateway{gateway("g", dispatcher)}},
		"Gateways[1]":        {Gateways: []broker.Gateway{gateway("g", dispatcher, "a/#"), gateway("g", dispatcher, "b/#")}},
	} {
		c.Addr, c.Dir = "127.0.0.1:0", "x"
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), string(vinA)) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}
