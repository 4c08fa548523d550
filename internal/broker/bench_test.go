package broker_test

import (
	"context"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/broker"
)

// nothing is a store that keeps nothing.
type nothing struct{ memory }

func (*nothing) Write(context.Context, []presage.Sample) error { return nil }

// BenchmarkBrokerToPipeline publishes 5,000 messages with QoS 1 as one vehicle
// and waits until the last one is acknowledged by the pipeline.
func BenchmarkBrokerToPipeline(b *testing.B) {
	srv, err := broker.Start(b.Context(), broker.Config{Addr: "127.0.0.1:0", Dir: b.TempDir(), Open: true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = srv.Close() }()
	m := &nothing{memory: *newMemory()}
	p, err := ingest.New(ingest.Config{}, ingest.Deps{Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m})
	if err != nil {
		b.Fatal(err)
	}
	arrived := make(chan struct{}, 1<<20)
	user, password := srv.Credentials()
	sub, err := mqtt.New(mqtt.Config{Broker: srv.URL(), Username: user, Password: password, Now: time.Now},
		counting{p, arrived})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _ = p.Run(ctx) }()
	go func() { _ = sub.Run(ctx) }()
	pub, err := mqtt.NewPublisher(b.Context(), mqtt.PublisherConfig{Broker: srv.URL(), VIN: vinA, InFlight: 500})
	if err != nil {
		b.Fatal(err)
	}
	const n = 5_000
	for b.Loop() {
		if _, err := pub.PublishAll(b.Context(), samples(0, n)); err != nil {
			b.Fatal(err)
		}
		for range n {
			<-arrived
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "msgs/s")
}

// counting tells of every message that the sink acknowledges.
type counting struct {
	sink    mqtt.Sink
	arrived chan<- struct{}
}

func (c counting) Submit(ctx context.Context, m ingest.Message) error {
	ack := m.Ack
	m.Ack = func() { ack(); c.arrived <- struct{}{} }
	return c.sink.Submit(ctx, m)
}
