package main

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/mqtt"
)

// Who is told to stop says so first, and takes in what still comes.
func TestStopsAfterItSaidSo(t *testing.T) {
	t.Parallel()
	s := serve(t, append(embedded(t).args, "--set", "drain=5s")...)
	car, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{Broker: s.broker, VIN: wearing, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer car.Close()
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	last := ""
	s.eventually("not ready", func() bool {
		r, err := ask(s.url + "/readyz")
		if err != nil {
			t.Fatalf("it closed before it said so: %v", err)
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		last = string(body)
		return r.StatusCode == http.StatusServiceUnavailable && strings.Contains(last, "the process stops")
	}, func() string { return last })
	if r, err := ask(s.url + "/livez"); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("not alive while it drains: %v", err)
	} else {
		r.Body.Close()
	}
	if err := car.Publish(t.Context(), ingest.TelemetryTopic(wearing), []byte(`{"ts":`+
		strconv.FormatInt(time.Now().UnixMilli(), 10)+`,"signals":{"Vehicle.Speed":50}}`)); err != nil {
		t.Errorf("while it drains: %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
