package mqtt_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
)

// closed is a sink that nothing reaches.
type closed struct{}

func (closed) Submit(context.Context, ingest.Message) error { return presage.ErrUnavailable }

func TestNewNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := mqtt.New(mqtt.Config{Broker: "http://broker", Window: -1, KeepAlive: -time.Second}, closed{})
	for _, field := range []string{"mqtt.Broker", "mqtt.Now", "mqtt.Window", "mqtt.KeepAlive"} {
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	const nobody = "tcp://user:secret@127.0.0.1:1" // port 1 is tcpmux: nobody listens
	s, err := mqtt.New(mqtt.Config{Broker: nobody, Now: time.Now}, closed{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Ready(t.Context())
	if !errors.Is(err, presage.ErrUnavailable) || strings.Contains(err.Error(), "secret") {
		t.Errorf("Ready: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
	if _, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{Broker: nobody, Timeout: time.Second}); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("NewPublisher: %v", err)
	}
}
