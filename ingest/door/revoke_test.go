package door_test

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
)

// box connects by hand, so that a test sees the connection end.
func box(t *testing.T, b *door.Server, o *paho.ClientOptions, config *tls.Config) (paho.Client, <-chan error) {
	t.Helper()
	lost := make(chan error, 1)
	c := paho.NewClient(o.AddBroker(b.URL()).SetAutoReconnect(false).SetTLSConfig(config).
		SetConnectionLostHandler(func(_ paho.Client, err error) { lost <- err }))
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c, lost
}

func TestRevokedVehicleIsCutOff(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	certified := a.vehicle(commonName(string(vinB)))
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinA: "right"}}
	b := secured(t, a, g, newMemory(), nil)
	anyone := &tls.Config{InsecureSkipVerify: true}
	_, lostA := box(t, b, paho.NewClientOptions().SetClientID("a").SetUsername(string(vinA)).SetPassword("right"), anyone)
	cB, lostB := box(t, b, paho.NewClientOptions().SetClientID("b"), certified)

	cut := func(vin presage.VIN, lost <-chan error) {
		t.Helper()
		g.revoke(vin)
		b.Disconnect(vin)
		select {
		case <-lost:
		case <-time.After(patience):
			t.Fatal("the connection stands")
		}
	}
	cut(vinA, lostA)
	if !cB.IsConnectionOpen() {
		t.Error("another vehicle was cut off")
	}
	cut(vinB, lostB)
	for name, change := range map[string]func(*mqtt.PublisherConfig){
		"secret":      func(c *mqtt.PublisherConfig) { c.VIN, c.Password, c.TLS = vinA, "right", anyone },
		"certificate": func(c *mqtt.PublisherConfig) { c.VIN, c.ClientID, c.TLS = "", "b", certified },
	} {
		if _, err := publisher(t, b, change); !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("%s: comes back: %v", name, err)
		}
	}
	b.Disconnect(vinA) // nobody is there: nothing happens
}

// A session belongs to a vehicle and a client ID together: the same ID of
// another vehicle is another session, and nobody is in anybody's way.
func TestClientIDOfAnotherVehicle(t *testing.T) {
	t.Parallel()
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinA: "a", vinB: "b"}}
	m := newMemory()
	b := startDoor(t, m, func(c *door.Config) { c.Open, c.Admission = false, g })
	c, lost := box(t, b, paho.NewClientOptions().SetClientID("tbox").SetUsername(string(vinA)).SetPassword("a"), nil)
	p, err := publisher(t, b, func(cfg *mqtt.PublisherConfig) { cfg.VIN, cfg.Password, cfg.ClientID = vinB, "b", "tbox" })
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vinB), speed); err != nil {
		t.Error(err)
	}
	if token := c.Publish(ingest.TelemetryTopic(vinA), 1, false, speed); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Error("the first one was thrown out")
	}
	select {
	case err := <-lost:
		t.Error(err)
	default:
	}
	if m.rows() != 2 {
		t.Errorf("%d rows", m.rows())
	}
}

// One vehicle with its own secret tries everything that could reach another.
func TestVehicleSpeaksForItselfAlone(t *testing.T) {
	t.Parallel()
	var lines logLines
	secret := presage.Secret("k7w2m9x4c6v8b3n5z2q7r4t6y9p2s5d8")
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinA: secret, vinB: "b"}}
	m := newMemory()
	b := startDoor(t, m, func(c *door.Config) {
		c.Open, c.Admission, c.Logger = false, g, slog.New(slog.NewTextHandler(&lines, nil))
	})
	p, err := publisher(t, b, func(c *mqtt.PublisherConfig) { c.Password = secret })
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{
		ingest.TelemetryTopic(vinB), ingest.EventTopic(vinB), "presage/v1/" + string(vinB) + "/command", "other",
		"$presage/probe", "$SYS/broker", "presage/v1//telemetry", "presage/v1/x/telemetry",
	} {
		if err := p.Publish(t.Context(), topic, speed); err != nil { // acknowledged, or it would come for ever
			t.Errorf("%s: %v", topic, err)
		}
	}
	if n := m.rows() + len(m.deadLetters()); n != 0 {
		t.Errorf("%d of them were taken in", n)
	}
	foreign := []byte(`{"vin":"` + string(vinB) + `","ts":1732190000123,"signals":{"Vehicle.Speed":50}}`)
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vinA), foreign); err != nil {
		t.Fatal(err)
	}
	if l := m.deadLetters()[0]; l.Reason != ingest.ReasonForeignVIN || l.VIN != vinA || m.rows() != 0 {
		t.Errorf("a payload for another vehicle: %+v, %d rows", l, m.rows())
	}
	for _, never := range []string{secret.Reveal(), string(vinA), string(vinB)} {
		if lines.has(never) {
			t.Errorf("the log holds %q", never)
		}
	}
}
