package broker_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/broker"
)

// A client ID stays its first user's when that one is away, and after a
// restart: nobody else wipes its session, or locks it out.
func TestClientIDStaysItsUsers(t *testing.T) {
	t.Parallel()
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinA: "a", vinB: "b"}}
	dir := t.TempDir()
	start := func() *broker.Server {
		b := startBroker(t, func(c *broker.Config) { withFormats(c); c.Dir, c.Admission = dir, g })
		startFormats(t, b, newMemory())
		return b
	}
	b := start()
	try := func(user presage.VIN, password presage.Secret, id string, want error) {
		t.Helper()
		p, err := publisher(t, b, func(c *mqtt.PublisherConfig) { c.VIN, c.Password, c.ClientID = user, password, id })
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", id, err, want)
		}
		if err == nil {
			_ = p.Close()
		}
	}
	forbidden := presage.ErrForbidden
	try(vinA, "a", "tbox", nil)
	try("fleet", dispatcher, "tesla", nil)
	for range 2 {
		try(vinB, "b", "tbox", forbidden)
		try("", "", "tbox", forbidden)
		try(vinB, "b", "tesla", forbidden)   // would make NATS close the dispatcher
		try(vinB, "b", "fleet-7", forbidden) // by its beginning
		try(vinA, "a", "fleeting", nil)      // no gateway's
		try("fleet", dispatcher, string(vinA), forbidden)
		try(vinA, "a", "tbox", nil)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		b = start()
	}
	for n := range 20 { // a client with random IDs
		try(vinB, "b", fmt.Sprint("random-", n), nil)
	}
	try("fleet", dispatcher, "random-19", nil) // the operator's account goes first
	try(vinB, "b", "random-19", forbidden)
	try(vinA, "a", "random-0", nil) // forgotten: B has used 16 others since
	try(vinA, "a", "random-18", forbidden)
	try(vinA, "a", strings.Repeat("x", 300), forbidden)
	b.Release(vinA)
	try(vinB, "b", "tbox", nil)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "client-ids"))
	if err != nil {
		t.Fatal(err)
	}
	// What a crash cut off is no claim.
	if err := os.WriteFile(filepath.Join(dir, "client-ids"), append(text, string(vinA)+"\tcut"...), 0o600); err != nil {
		t.Fatal(err)
	}
	b = start()
	try(vinB, "b", "cut", nil)
	try(vinA, "a", "tbox", forbidden)
}

// NATS checks the topic of a QoS 2 message when it is released, by whoever
// holds the session then: without formats that need it there is no QoS 2.
func TestQoS2(t *testing.T) {
	t.Parallel()
	publish := func(b *broker.Server, topic string) error {
		c, lost := box(t, b, paho.NewClientOptions().SetClientID(string(vinA)+"-"+rand()).SetUsername(string(vinA)).SetPassword("x"), nil)
		token := c.Publish(topic, 2, false, speed)
		select {
		case <-token.Done():
			return token.Error()
		case err := <-lost:
			return err
		}
	}
	native, m := startBroker(t, nil), newMemory()
	startIngest(t, native, m)
	if err := publish(native, ingest.TelemetryTopic(vinA)); err == nil {
		t.Error("QoS 2 was taken")
	}
	formats, of := startBroker(t, withFormats), newMemory()
	startFormats(t, formats, of)
	if err := publish(formats, ingest.TelemetryTopic(vinA)); err != nil {
		t.Error(err)
	}
	of.until(t, "one row", func() bool { return of.rows() == 1 })
	if n := m.rows(); n != 0 {
		t.Errorf("%d rows by a refused publish", n)
	}
}
