//go:build integration

package mqtt_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/procs"
	"presage/internal/sqlstore/sqltest"
)

// inbox is a vehicle that subscribes to its commands with a persistent session.
func inbox(t *testing.T, url string, vin presage.VIN, clean bool) (<-chan paho.Message, paho.Client) {
	t.Helper()
	got := make(chan paho.Message, 1000)
	o := paho.NewClientOptions().AddBroker(url).SetClientID(string(vin)).SetCleanSession(clean).SetAutoReconnect(false)
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { got <- m })
	c := paho.NewClient(o)
	for _, token := range []func() paho.Token{
		c.Connect, func() paho.Token { return c.Subscribe(ingest.CommandTopic(vin), 1, nil) },
	} {
		if token := token(); !token.WaitTimeout(20*time.Second) || token.Error() != nil {
			t.Fatal(token.Error())
		}
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return got, c
}

func next(t *testing.T, got <-chan paho.Message) (payload string, retained bool) {
	t.Helper()
	select {
	case m := <-got:
		return string(m.Payload()), m.Retained()
	case <-time.After(30 * time.Second):
		t.Fatal("no command within 30 s")
	}
	return "", false
}

// Commands reach a vehicle in order through a real Mosquitto, over a kill of the
// broker, and a retained one whoever subscribes later.
func TestForwarderThroughMosquitto(t *testing.T) {
	t.Parallel()
	if _, err := procs.FindMosquitto(); err != nil {
		t.Skip(err)
	}
	address, err := procs.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// A command above 1,000 bytes costs the connection.
	begin := func() *procs.Proc {
		p, err := procs.StartMosquitto(t.Context(), dir, address, "max_packet_size 1000")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	broker := begin()
	t.Cleanup(func() { broker.Kill() })

	sql := sqltest.Open(t)
	if err := sql.PutVehicles(t.Context(), []presage.Vehicle{{VIN: car}, {VIN: truck}}); err != nil {
		t.Fatal(err)
	}
	put := func(vin presage.VIN, payload string, retain bool) int64 {
		t.Helper()
		text, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		c, err := sql.PutCommand(t.Context(), presage.Command{VIN: vin, Payload: text, Retain: retain, CreatedAt: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	f := mqtt.NewForwarder(mqtt.ForwarderConfig{
		Owner: "test",
		Dial:  mqtt.DialCommands(mqtt.PublisherConfig{Broker: "tcp://" + address, ClientID: "presage-commands", Timeout: 5 * time.Second}),
		Now:   time.Now, Poll: 20 * time.Millisecond, RetryMax: time.Second,
	}, sql)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})

	got, _ := inbox(t, "tcp://"+address, car, true)
	for i := range 200 {
		put(car, fmt.Sprint(i), false)
	}
	for i := range 200 {
		if payload, _ := next(t, got); payload != fmt.Sprintf("%q", fmt.Sprint(i)) {
			t.Fatalf("command %d is %s", i, payload)
		}
	}
	tooLarge := put(truck, strings.Repeat("x", 2000), false)
	put(car, "after it", true)
	if payload, _ := next(t, got); payload != `"after it"` {
		t.Errorf("behind a command that costs the connection came %s", payload)
	}

	broker.Kill()
	last := put(car, "while it was down", false)
	broker = begin()
	again, _ := inbox(t, "tcp://"+address, car, true)
	for seen := false; !seen; { // a retained one may come before, if Mosquitto had saved it
		payload, _ := next(t, again)
		seen = payload == `"while it was down"`
	}
	for done := false; !done; {
		cs, err := sql.Commands(t.Context(), presage.CommandFilter{VIN: car, State: presage.CommandDone, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		done = len(cs) == 1 && cs[0].ID == last
	}
	put(car, "for later", true)
	if payload, _ := next(t, again); payload != `"for later"` {
		t.Error(payload)
	}
	late, _ := inbox(t, "tcp://"+address, car, true)
	if payload, retained := next(t, late); payload != `"for later"` || !retained {
		t.Errorf("a later subscriber got %s, retained %v", payload, retained)
	}
	if err := sql.WithdrawCommand(t.Context(), truck, tooLarge, time.Now()); err != nil {
		t.Error(errors.Join(errors.New("the command that does not fit is not open"), err))
	}
}
