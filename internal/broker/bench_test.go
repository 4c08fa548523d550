package broker_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/ingest/ovms"
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

// BenchmarkMetrics publishes 2,000 OVMS metrics as a module does (QoS 0,
// retained), as it could (QoS 0), and as Tesla's dispatcher does (QoS 1), and
// waits until the last one is acknowledged by the pipeline.
func BenchmarkMetrics(b *testing.B) {
	for name, m := range map[string]mqtt.Outgoing{
		"qos0-retained": {QoS0: true, Retained: true}, "qos0": {QoS0: true}, "qos1": {},
	} {
		b.Run(name, func(b *testing.B) { benchmarkMetrics(b, m) })
	}
}

func benchmarkMetrics(b *testing.B, like mqtt.Outgoing) {
	b.Helper()
	srv, err := broker.Start(b.Context(), broker.Config{
		Addr: "127.0.0.1:0", Dir: b.TempDir(), Open: true, VehicleTopics: []string{"ovms/{vin}/#"},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = srv.Close() }()
	m := &nothing{memory: *newMemory()}
	p, err := ingest.New(ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{ovms.New()},
	})
	if err != nil {
		b.Fatal(err)
	}
	arrived := make(chan struct{}, 1<<20)
	user, password := srv.Credentials()
	sub, err := mqtt.New(mqtt.Config{
		Broker: srv.URL(), Username: user, Password: password, Now: time.Now, Topics: append(mqtt.NativeTopics(), "ovms/+/#"),
	}, counting{p, arrived})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _ = p.Run(ctx) }()
	go func() { _ = sub.Run(ctx) }()
	for sub.Ready(ctx) != nil {
		<-time.After(10 * time.Millisecond)
	}
	pub, err := mqtt.NewPublisher(b.Context(), mqtt.PublisherConfig{Broker: srv.URL(), VIN: vinA, InFlight: 500})
	if err != nil {
		b.Fatal(err)
	}
	const n = 2_000
	for b.Loop() {
		messages := func(yield func(mqtt.Outgoing) bool) {
			for i := range n {
				like.Topic = fmt.Sprintf("ovms/%s/blue/metric/x/%d", vinA, i%200)
				like.Payload = strconv.AppendInt(nil, int64(i), 10)
				if !yield(like) {
					return
				}
			}
		}
		if _, err := pub.PublishAll(b.Context(), messages); err != nil {
			b.Fatal(err)
		}
		for range n {
			<-arrived
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "msgs/s")
}
