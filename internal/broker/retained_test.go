package broker_test

import (
	"context"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/ingest/ovms"
	"presage/internal/broker"
)

// readings counts what is stored of vin.
func (m *memory) readings(vin presage.VIN) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[vin]
}

func (m *memory) seenRetained() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.retained
}

// watching counts the retained messages on their way to a decoder.
type watching struct {
	ovms.Decoder
	m *memory
}

func (w *watching) Decode(msg ingest.Message) (ingest.Decoded, error) {
	if msg.Retained {
		w.m.mu.Lock()
		w.m.retained++
		w.m.mu.Unlock()
	}
	return w.Decoder.Decode(msg)
}

// startWith runs a pipeline that reads OVMS in a session of its own.
func startWith(t *testing.T, b *broker.Server, m *memory, session string) {
	t.Helper()
	p, err := ingest.New(ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m,
		Formats: []ingest.Format{&watching{Decoder: *ovms.New(), m: m}},
	})
	if err != nil {
		t.Fatal(err)
	}
	user, password := b.Credentials()
	sub, err := mqtt.New(mqtt.Config{
		Broker: b.URL(), ClientID: session, Username: user, Password: password, Now: time.Now, Topics: []string{"ovms/+/#"},
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go func() { _ = p.Run(ctx) }()
	go func() { _ = sub.Run(ctx) }()
}
