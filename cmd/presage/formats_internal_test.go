package main

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"presage"
	"presage/ingest/mqtt"
)

// simulate publishes half a day of a small fleet and returns how many messages it took.
func simulate(t *testing.T, s *service, format string) int {
	t.Helper()
	out := newTerminal()
	err := run(t.Context(), []string{
		"simulate", "--broker", s.broker, "--vehicles", "12", "--format", format, "--for", "12h", "--pace", "20000",
		"--start", "2026-01-13T00:00:00Z", // a Tuesday from 8 in China on: by night too few cars drive
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
	s := serve(t, "--data", t.TempDir(), "--set", "ingest.formats=tesla,ovms,wican", "--set",
		fmt.Sprintf(`mqtt.gateways=[{"username":"fleet","password":%q,"topics":["telemetry/#"]}]`, password.Reveal()))
	for _, format := range []string{"tesla", "ovms", "wican"} {
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
		// It is acknowledged, so that the client goes on, and stored nowhere: see below.
		if err := publishOnce(t, s, car(1), topic, "50"); err != nil {
			t.Errorf("publishing for another: %v", err)
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

// The commands by which docs/formats.md lets people try each format, as they
// stand there but for the addresses and a fixed start: a car of the last day may
// be so new that its odometer seems to be in kilometres.
func TestDocumentedSimulations(t *testing.T) {
	t.Parallel()
	commands := strings.Split(strings.TrimSpace(documented(t, "")[1]), "\n")
	if len(commands) != 7 {
		t.Fatalf("%d commands: %q", len(commands), commands)
	}
	s := serve(t, "--data", t.TempDir(), "--set", "ingest.formats=tesla,ovms,wican", "--set", "gbt32960.addr=127.0.0.1:0")
	gateway := s.out.await(t, `GB/T 32960 (\S+)`, nil)
	addresses := strings.NewReplacer("tcp://127.0.0.1:1883", s.broker, "tcp://127.0.0.1:32960", gateway,
		"http://127.0.0.1:8080", s.url)
	posted := 0.0
	for _, command := range commands {
		words := append(strings.Fields(addresses.Replace(command)), "--start", "2026-01-13T00:00:00Z")
		if words[0] != "./presage" {
			t.Errorf("%s: want ./presage", command)
		}
		out := printed(t, words[1:]...)
		told := regexp.MustCompile(`(published|posted|sent) ([1-9]\d+) `).FindStringSubmatch(out)
		if told == nil {
			t.Errorf("%s: %s", command, out)
			continue
		}
		if told[1] == "posted" {
			posted, _ = strconv.ParseFloat(told[2], 64)
		}
	}
	if n := metric(s, `presage_ingest_http_requests_total{status="200"}`); posted == 0 || n < posted {
		t.Errorf("%g posts were counted, %g were told", n, posted)
	}
	if n := metric(s, "presage_ingest_implausible_units_total"); n > 0 {
		t.Errorf("%g readings of sound cars seem to be in another unit", n)
	}
	refused(t, nil, []string{"simulate", "--format", "http"},
		[]string{"--broker is missing", "http://127.0.0.1:8080"}, nil)
}
