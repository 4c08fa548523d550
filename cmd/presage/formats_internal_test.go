package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"testing"

	"presage"
	"presage/ingest/mqtt"
)

// simulate publishes half a day of a small fleet and returns how many messages it took.
func simulate(t *testing.T, s *service, format string) int {
	t.Helper()
	out := newTerminal()
	err := run(t.Context(), []string{
		"simulate", "--broker", s.broker, "--vehicles", "5", "--format", format, "--for", "12h", "--pace", "20000",
	}, nil, out, io.Discard)
	found := regexp.MustCompile(`samples and \d+ events as (\d+) ` + format + ` messages`).FindStringSubmatch(out.String())
	if err != nil || found == nil {
		t.Fatalf("simulate --format %s: %v\n%s", format, err, out)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A fleet that speaks in a foreign format arrives whole, and a vehicle speaks
// for itself only in it.
func TestForeignFleetsAreUnderstood(t *testing.T) {
	t.Parallel()
	const password presage.Secret = "sixteen characters"
	s := serve(t, "--data", t.TempDir(), "--set", "ingest.formats=tesla,ovms", "--set",
		fmt.Sprintf(`mqtt.gateways=[{"username":"fleet","password":%q,"topics":["telemetry/#"]}]`, password.Reveal()))
	for _, format := range []string{"tesla", "ovms"} {
		sent, got := simulate(t, s, format), 0
		s.eventually(format+" taken in", func() bool {
			got = int(metric(s, `presage_ingest_messages_total{kind="`+format+`"}`))
			return got >= sent // a repeat counts again
		}, func() string { return fmt.Sprintf("%d of %d messages", got, sent) })
		if sent < 100 {
			t.Errorf("only %d messages of %s", sent, format)
		}
	}
	if page := get[letterPage](s, "/v1/dead-letters"); len(page.Items) > 0 {
		t.Errorf("dead letters: %+v", page)
	}
	for _, topic := range []string{"telemetry/" + string(car(2)) + "/v/Soc", "ovms/" + string(car(2)) + "/x/metric/v/b/soc"} {
		if err := publishOnce(t, s, car(1), topic, "50"); !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("publishing for another gave %v, want a closed connection", err)
		}
	}
	p, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{
		Broker: s.broker, VIN: "fleet", Password: password, ClientID: "dispatcher",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, vin := range []presage.VIN{car(3), car(4)} {
		if err := p.Publish(t.Context(), "telemetry/"+string(vin)+"/v/Soc", []byte("50")); err != nil {
			t.Error(err)
		}
	}
	for _, vin := range []presage.VIN{car(3), car(4)} {
		until(s, "/v1/vehicles?limit=500", "a vehicle of the gateway is heard", func(v presage.Vehicle) bool { return v.VIN == vin })
	}
	for _, v := range get[list[presage.Vehicle]](s, "/v1/vehicles?limit=500").Items {
		if v.VIN == car(2) {
			t.Error("a vehicle spoke for another")
		}
	}
}
