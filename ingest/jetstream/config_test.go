package jetstream_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest/jetstream"
)

func TestEveryFaultIsNamed(t *testing.T) {
	t.Parallel()
	_, err := jetstream.New(jetstream.Config{
		Servers: []string{"nats://a", "mqtt://b", "nats://presage:hunter2@c", "nats://d/e"}, Consumer: "a.b",
		AckWait: -1, Window: -1,
	}, nil)
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"jetstream.Servers[1]", "jetstream.Servers[2]", "jetstream.Servers[3]", "jetstream.Consumer", "jetstream.Topics",
		"jetstream.Now", "jetstream.AckWait", "jetstream.Window",
	} {
		if !strings.Contains(err.Error(), want+":") {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "Servers[0]") {
		t.Error(err)
	}
}

func TestNotReadyBeforeItRuns(t *testing.T) {
	t.Parallel()
	s, err := jetstream.New(jetstream.Config{
		Servers: []string{"tls://a"}, Topics: []string{"presage/v1/+/telemetry"}, Now: time.Now,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "tls://a") {
		t.Error(err)
	}
}
