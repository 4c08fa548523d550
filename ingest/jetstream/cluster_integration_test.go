//go:build integration

package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/jetstream"
	"presage/ingest/mqtt"
	"presage/internal/natstest"
)

const car presage.VIN = "LPSWNR000N0012345"

// store is a sink that keeps what it was given, by payload.
type store struct {
	mu    sync.Mutex
	holds bool // keeps everything and acknowledges nothing
	got   map[string]int
	sent  map[string]time.Time
	more  chan struct{} // a token when something came here or at the other
}

// newStores are two that tell the same who waits.
func newStores() (*store, *store) {
	more := make(chan struct{}, 1)
	return &store{got: map[string]int{}, sent: map[string]time.Time{}, more: more},
		&store{got: map[string]int{}, sent: map[string]time.Time{}, more: more}
}

func (s *store) SubmitAll(_ context.Context, ms []ingest.Message, from ingest.Source) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range ms {
		key := m.Topic + " " + string(m.Payload)
		s.got[key]++
		s.sent[key] = m.Sent
	}
	if !s.holds {
		from.Durable(len(ms))
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
	return nil
}

func (s *store) all() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.got)
}

// when is the time at which a message was sent, as it was told last.
func (s *store) when(key string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[key]
}

// await waits until enough of s has come.
func (s *store) await(t *testing.T, what string, enough func(map[string]int) bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for !enough(s.all()) {
		select {
		case <-s.more:
		case <-deadline.C:
			t.Fatalf("%s: %d after a minute", what, len(s.all()))
		}
	}
}

// subscribe pulls into s until the test ends or stop is called.
func subscribe(t *testing.T, c *natstest.Cluster, s *store, change ...func(*jetstream.Config)) (stop func()) {
	t.Helper()
	cfg := jetstream.Config{
		Servers: c.Clients(), Topics: mqtt.NativeTopics(), Now: time.Now, AckWait: 3 * time.Second,
		Prepare: func(ctx context.Context) error {
			p, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{Broker: "tcp://" + c.Gateways()[0], ClientID: "first"})
			if err == nil {
				err = p.Close()
			}
			return err
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	sub, err := jetstream.New(cfg, s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sub.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for err := sub.Ready(t.Context()); err != nil; err = sub.Ready(t.Context()) {
		select {
		case <-poll.C:
		case <-deadline.C:
			t.Fatal(err)
		}
	}
	return stop
}

// publish sends n messages by the gateway of a node; each waits for its PUBACK.
func publish(t *testing.T, c *natstest.Cluster, node, from, n int) (keys []string) {
	t.Helper()
	p, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{
		Broker: "tcp://" + c.Gateways()[node], ClientID: fmt.Sprintf("car-%d", from),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := from; i < from+n; i++ {
		payload := fmt.Sprint(i)
		if err := p.Publish(t.Context(), ingest.TelemetryTopic(car), []byte(payload)); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, ingest.TelemetryTopic(car)+" "+payload)
	}
	return keys
}

func has(keys []string) func(map[string]int) bool {
	return func(got map[string]int) bool {
		return !slices.ContainsFunc(keys, func(k string) bool { return got[k] == 0 })
	}
}

// Two processes share out what vehicles publish; what one holds that dies comes to
// the other, with the time at which the cluster stored it.
func TestTwoShareACluster(t *testing.T) {
	t.Parallel()
	c := natstest.Start(t)
	first, second := newStores()
	stop := subscribe(t, c, first)
	stopSecond := subscribe(t, c, second)
	keys := publish(t, c, 0, 0, 300)
	first.await(t, "both", func(map[string]int) bool { return len(first.all())+len(second.all()) >= len(keys) })
	for key, times := range first.all() {
		if times != 1 || second.all()[key] != 0 {
			t.Errorf("%s came %d times to one and %d times to the other", key, times, second.all()[key])
		}
	}
	t.Logf("shares %d and %d", len(first.all()), len(second.all()))
	if len(first.all()) == 0 || len(second.all()) == 0 {
		t.Error("one got nothing")
	}
	stopSecond()
	stop()

	holder, heir := newStores()
	holder.holds = true
	stop = subscribe(t, c, holder)
	keys = publish(t, c, 1, 1000, 20)
	holder.await(t, "the holder", has(keys))
	stop() // gives them back
	subscribe(t, c, heir)
	heir.await(t, "the heir", has(keys))
	for key := range heir.all() {
		if then, now := holder.when(key), heir.when(key); !then.Equal(now) {
			t.Errorf("%s was sent at %v and then at %v", key, then, now)
		}
	}
	last, err := jetstream.New(jetstream.Config{
		Servers: c.Clients(), Topics: mqtt.NativeTopics(), Now: time.Now, Consumer: "another",
	}, full{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- last.Run(t.Context()) }()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for last.Ready(t.Context()) != nil && len(ended) == 0 {
		<-poll.C
	}
	publish(t, c, 2, 2000, 1)
	if err := <-ended; !errors.Is(err, errFull) {
		t.Errorf("Run ended with %v", err)
	}
}

// full is a sink that has stopped.
type full struct{}

var errFull = errors.New("the pipeline has stopped")

func (full) SubmitAll(context.Context, []ingest.Message, ingest.Source) error { return errFull }

// accounts are those of deploy/nats.conf.
const accounts = `
authorization {
  presage = {
    publish: ["$JS.API.CONSUMER.CREATE.$MQTT_msgs.presage", "$JS.API.CONSUMER.INFO.$MQTT_msgs.presage",
      "$JS.API.CONSUMER.MSG.NEXT.$MQTT_msgs.presage", "$JS.ACK.$MQTT_msgs.presage.>", "presage.v1.*.command"]
    subscribe: ["_INBOX.>"]
  }
  car = { publish: ["presage.v1.LPSWNR000N0012345.telemetry", "presage.v1.LPSWNR000N0012345.event"]
    subscribe: ["presage.v1.LPSWNR000N0012345.command"] }
  users: [
    { user: presage, password: secret, permissions: $presage }
    { user: LPSWNR000N0012345, password: key, permissions: $car }
  ]
}`

// Each node is killed and started again while vehicles publish: what was
// acknowledged comes, and the accounts need no more than they have. A vehicle
// reaches neither JetStream nor another vehicle's topics.
func TestNodesAreKilled(t *testing.T) {
	t.Parallel()
	c := natstest.Start(t, accounts)
	as := func(o *jetstream.Config) {
		o.Username, o.Password = "presage", "secret"
		o.Prepare = func(ctx context.Context) error {
			p, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{
				Broker: "tcp://" + c.Gateways()[0], ClientID: "first", Username: "presage", Password: "secret",
			})
			if err == nil {
				err = p.Close()
			}
			return err
		}
	}
	one, other := newStores()
	subscribe(t, c, one, as)
	subscribe(t, c, other, as)
	trespass(t, c)
	ctx, stop := context.WithCancel(t.Context())
	acked := make(chan string, 100_000)
	var cars sync.WaitGroup
	for i, gateway := range c.Gateways() {
		cars.Go(func() { drive(ctx, "tcp://"+gateway, i, acked) })
	}
	awaitAcks(t, acked, 300)
	for i := range c.Gateways() {
		if err := c.Restart(i); err != nil {
			t.Fatal(err)
		}
		if err := c.Await(t.Context(), i); err != nil {
			t.Fatal(err)
		}
		awaitAcks(t, acked, len(acked)+300)
	}
	stop()
	cars.Wait()
	close(acked)
	var keys []string
	for key := range acked {
		keys = append(keys, key)
	}
	both := func() map[string]int {
		all := one.all()
		maps.Copy(all, other.all())
		return all
	}
	one.await(t, fmt.Sprintf("all %d that were acknowledged", len(keys)), func(map[string]int) bool { return has(keys)(both()) })
	if one.all()[foreign]+other.all()[foreign] > 0 {
		t.Error("a vehicle spoke for another")
	}
	again := 0
	for _, s := range []*store{one, other} {
		for _, times := range s.all() {
			again += times - 1
		}
	}
	t.Logf("%d acknowledged; %d and %d taken in, %d again", len(keys), len(one.all()), len(other.all()), again)
}

// foreign is what a vehicle publishes as another.
const foreign = "presage/v1/LPSWNR000N0054321/telemetry x"

// trespass tries to delete the stream and to speak for another vehicle; the
// gateway acknowledges both and drops them.
func trespass(t *testing.T, c *natstest.Cluster) {
	t.Helper()
	p, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{
		Broker: "tcp://" + c.Gateways()[0], VIN: car, ClientID: "thief", Password: "key",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	topic, payload, _ := strings.Cut(foreign, " ")
	for _, m := range []mqtt.Outgoing{{Topic: "$JS/API/STREAM/DELETE/$MQTT_msgs"}, {Topic: topic, Payload: []byte(payload)}} {
		if err := p.Publish(t.Context(), m.Topic, m.Payload); err != nil {
			t.Fatal(err)
		}
	}
}

// drive publishes as one vehicle until ctx ends, whatever becomes of its gateway.
func drive(ctx context.Context, broker string, id int, acked chan<- string) {
	for n := 0; ctx.Err() == nil; {
		p, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{
			Broker: broker, ClientID: fmt.Sprintf("car-%d", id), Username: string(car), Password: "key", Timeout: 5 * time.Second,
		})
		for err == nil {
			payload := fmt.Sprintf("%d-%d", id, n)
			if err = p.Publish(ctx, ingest.TelemetryTopic(car), []byte(payload)); err == nil {
				acked <- ingest.TelemetryTopic(car) + " " + payload
				n++
			}
		}
		if p != nil {
			_ = p.Close()
		}
	}
}

func awaitAcks(t *testing.T, acked chan string, n int) {
	t.Helper()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for len(acked) < n {
		select {
		case <-poll.C:
		case <-deadline.C:
			t.Fatalf("%d of %d acknowledged after a minute", len(acked), n)
		}
	}
}
