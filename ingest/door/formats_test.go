package door_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
)

// foreign are the templates of both formats.
var foreign = []string{"telemetry/{vin}/#", "ovms/{vin}/#"}

const dispatcher = presage.Secret("a long random secret")

// withFormats lets vehicles publish in them, and one gateway below telemetry/.
func withFormats(c *door.Config) {
	c.VehicleTopics = foreign
	c.Gateways = []door.Gateway{
		{Username: "fleet", Password: dispatcher, Topics: []string{"telemetry/+/v/+", "telemetry/+/alerts/#"}},
	}
}

func (m *memory) readings(vin presage.VIN) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[vin]
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
	m := newMemory()
	b := startDoor(t, m, withFormats)
	p := mustPublisher(t, b)
	for _, topic := range own(vinA) {
		if err := p.Publish(t.Context(), topic, []byte("50")); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
	m.until(t, "A's own values", func() bool { return m.readings(vinA) == 3 })
	for _, topic := range append(own(vinB), "telemetry/"+string(vinB)+"/alerts/X/current", "telemetry/x") {
		if err := p.Publish(t.Context(), topic, []byte("50")); err != nil {
			t.Errorf("%s is not acknowledged: %v", topic, err)
		}
	}
	if n := len(m.deadLetters()) + m.readings(vinB); n != 0 {
		t.Errorf("%d of them were taken in", n)
	}
	// The way that is left open: A's topic, B's name further down.
	for topic, payload := range map[string]string{
		"ovms/" + string(vinA) + "/" + string(vinB) + "/metric/v/b/soc": "50",
		"ovms/" + string(vinA) + "/blue/metric/v/vin":                   string(vinB),
		"telemetry/" + string(vinA) + "/" + string(vinB) + "/v/Soc":     "50",
	} {
		if err := p.Publish(t.Context(), topic, []byte(payload)); err != nil {
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

func TestForeignFormatsAllowNoSubscription(t *testing.T) {
	t.Parallel()
	b := startDoor(t, newMemory(), withFormats)
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
	m := newMemory()
	s := startDoor(t, m, func(c *door.Config) { withFormats(c); c.Open = false })
	connect := func(password presage.Secret, clientID string) (*mqtt.Publisher, error) {
		return publisher(t, s, func(c *mqtt.PublisherConfig) { c.VIN, c.Password, c.ClientID = "fleet", password, clientID })
	}
	for _, password := range []presage.Secret{"guess", ""} {
		if _, err := connect(password, "d"); !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("%q: %v", password, err)
		}
	}
	p, err := connect(dispatcher, "dispatcher")
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{
		own(vinA)[0], own(vinB)[0], // its own; the rest is acknowledged and dropped
		own(vinA)[1], ingest.TelemetryTopic(vinA), "telemetry/" + string(vinA) + "/connectivity",
	} {
		if err := p.Publish(t.Context(), topic, []byte("50")); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
	if m.readings(vinA) != 1 || m.readings(vinB) != 1 || len(m.deadLetters()) != 0 {
		t.Errorf("%d and %d readings, %d letters", m.readings(vinA), m.readings(vinB), len(m.deadLetters()))
	}
}

func TestFormatConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	gateway := func(user string, password presage.Secret, topics ...string) door.Gateway {
		return door.Gateway{Username: user, Password: password, Topics: topics}
	}
	for want, c := range map[string]door.Config{
		"VehicleTopics":      {VehicleTopics: []string{"ovms/#"}},
		"want {vin} as one":  {VehicleTopics: []string{"ovms/x{vin}/#"}},
		"an empty level":     {Gateways: []door.Gateway{gateway("g", dispatcher, "a//b")}},
		"level 2":            {Gateways: []door.Gateway{gateway("g", dispatcher, "a/b+")}},
		"level 1":            {Gateways: []door.Gateway{gateway("g", dispatcher, "#")}},
		"topics under $":     {Gateways: []door.Gateway{gateway("g", dispatcher, "$SYS/x/#")}},
		"16 characters":      {Gateways: []door.Gateway{gateway("g", "short", "a/#")}},
		"a VIN is a vehicle": {Gateways: []door.Gateway{gateway(string(vinA), dispatcher, "a/#")}},
		"the service's own":  {Gateways: []door.Gateway{gateway("Presage", dispatcher, "a/#")}},
		"without spaces":     {Gateways: []door.Gateway{gateway("", dispatcher, "a/#")}},
		"topics: none":       {Gateways: []door.Gateway{gateway("g", dispatcher)}},
		"Gateways[1]":        {Gateways: []door.Gateway{gateway("g", dispatcher, "a/#"), gateway("g", dispatcher, "b/#")}},
	} {
		c.Addr, c.Sink, c.Now = "127.0.0.1:0", nowhere{}, time.Now
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), string(vinA)) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}
