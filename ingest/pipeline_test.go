package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
)

// numbered is telemetry of vin whose speed is i, acknowledged into acks.
func numbered(vin presage.VIN, i int, acks chan<- int) ingest.Message {
	return ingest.Message{
		Topic:    ingest.TelemetryTopic(vin),
		Payload:  fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, ts+i, i),
		Received: arrival,
		Ack:      func() { acks <- i },
	}
}

func drain(acks chan int) []int {
	var out []int
	for {
		select {
		case i := <-acks:
			out = append(out, i)
		default:
			return out
		}
	}
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func submit(t *testing.T, p *ingest.Pipeline, m ingest.Message) {
	t.Helper()
	if err := p.Submit(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestAcknowledgesInOrderAfterTheStores(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{BatchMessages: 7, Writers: 1}) // one: the log shows whole batches
		acks := make(chan int, 100)
		for i := range 100 {
			submit(t, p, numbered(vinA, i, acks))
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(upTo(100), drain(acks)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"telemetry", "dirty", "touch"}, m.log[:3]); diff != "" {
			t.Error(diff)
		}
		if n := len(m.stored()); n != 100 {
			t.Errorf("%d samples stored", n)
		}
		if want := at(ts + 99); !m.seen[vinA].Equal(want) {
			t.Errorf("last seen %v, want %v", m.seen[vinA], want)
		}
		if want := (presage.VehicleDay{VIN: vinA, Day: 20048}); m.dirty[0] != want { // 1732190000 / 86400 = 20048.5
			t.Errorf("dirty %v, want %v", m.dirty[0], want)
		}
	})
}

func TestLingersBeforeWriting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{Linger: 50 * time.Millisecond})
		acks := make(chan int, 2)
		submit(t, p, numbered(vinA, 0, acks))
		time.Sleep(49 * time.Millisecond)
		synctest.Wait()
		if len(m.stored()) != 0 {
			t.Error("written before it lingered")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if len(m.stored()) != 1 || len(acks) != 1 {
			t.Error("not written after it lingered")
		}
	})
}

func TestHoldsWhileAStoreFails(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*memory, error){
		"telemetry": func(m *memory, err error) { m.setWrite(func([]presage.Sample) error { return err }) },
		"sql":       (*memory).setSQLErr,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				p := start(t, m, ingest.Config{QueueMessages: 10, BatchMessages: 5})
				fail(m, errDown)
				acks := make(chan int, 100)
				submitted := make(chan int, 1)
				go func() {
					n := 0
					for ; p.Submit(t.Context(), numbered(vinA, n, acks)) == nil && n < 99; n++ {
					}
					submitted <- n
				}()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if err := p.Ready(t.Context()); !errors.Is(err, presage.ErrUnavailable) || !errors.Is(err, errDown) {
					t.Errorf("Ready: %v", err)
				}
				if len(acks) > 0 || len(submitted) > 0 {
					t.Fatal("acknowledged without a store, or the queue has no end")
				}
				fail(m, nil)
				time.Sleep(10 * time.Second) // the longest wait between attempts
				synctest.Wait()
				if diff := cmp.Diff(upTo(100), drain(acks)); diff != "" {
					t.Error(diff)
				}
				if err := p.Ready(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestRejectedSamplesBecomeDeadLetters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.setWrite(func(samples []presage.Sample) error {
			for _, s := range samples {
				if s.Readings[0].Value.Number == 3 {
					s.Readings = slices.Clone(s.Readings[:1])
					return fmt.Errorf("write: %w", &presage.RejectedError{
						Samples: []presage.Sample{s}, Reason: "field type conflict",
					})
				}
			}
			return nil
		})
		p := start(t, m, ingest.Config{})
		acks := make(chan int, 5)
		for i := range 5 {
			submit(t, p, numbered(vinA, i, acks))
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(m.stored()); n != 4 || len(acks) != 5 {
			t.Errorf("%d stored, %d acknowledged", n, len(acks))
		}
		if diff := cmp.Diff([]string{ingest.ReasonStoreRejected}, m.reasons()); diff != "" {
			t.Fatal(diff)
		}
		want := fmt.Sprintf(`{"samples":[{"ts":%d,"signals":{"Vehicle.Speed":3}}]}`, ts+3)
		if got := string(m.letters[0].Payload); got != want {
			t.Errorf("letter holds %s, want %s", got, want)
		}
	})
}

func TestDeadLettersAreAcknowledged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ topic, payload, reason string }{
		"topic":    {"presage/v1/" + string(vinA) + "/command", `{}`, ingest.ReasonBadTopic},
		"VIN":      {"presage/v1/1M8GDM9A0KP042788/telemetry", `{}`, ingest.ReasonWrongVIN},
		"JSON":     {ingest.TelemetryTopic(vinA), `{`, ingest.ReasonMalformed},
		"event":    {ingest.EventTopic(vinA), `{"ts":1732190000123}`, ingest.ReasonBadValue},
		"too much": {ingest.TelemetryTopic(vinA), string(make([]byte, 5<<20)), ingest.ReasonTooLarge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory()
			p := start(t, m, ingest.Config{})
			acked := make(chan struct{}, 1)
			submit(t, p, ingest.Message{
				Topic: tt.topic, Payload: []byte(tt.payload), Received: arrival, Ack: func() { acked <- struct{}{} },
			})
			if err := p.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.reason}, m.reasons()); diff != "" || len(acked) != 1 {
				t.Fatal(diff, len(acked))
			}
			if l := m.letters[0]; l.Topic != tt.topic || len(l.Payload) != min(len(tt.payload), 4<<10) {
				t.Errorf("letter %s with %d bytes", l.Topic, len(l.Payload))
			}
		})
	}
}

func TestUnknownVehiclesMayBeRejected(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.fleet[vinA] = true
	p := start(t, m, ingest.Config{Unknown: ingest.UnknownReject})
	acks := make(chan int, 2)
	submit(t, p, numbered(vinA, 0, acks))
	submit(t, p, numbered(vinB, 1, acks))
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{ingest.ReasonUnknownVehicle}, m.reasons()); diff != "" || len(m.stored()) != 1 {
		t.Error(diff, len(m.stored()))
	}
	if _, seen := m.seen[vinB]; seen {
		t.Error("registered all the same")
	}
}

// A vehicle beyond its rate becomes dead letters of its own; others do not
// suffer, and a letter that is driven again is not held against it.
func TestRateOfAVehicle(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := start(t, m, ingest.Config{RatePerVehicle: 1, RateBurst: 2})
	submitAt := func(vin presage.VIN, n int, received time.Time) {
		msg := numbered(vin, n, make(chan int, 1))
		msg.Received = received
		submit(t, p, msg)
	}
	submitAt(vinB, 0, arrival) // a start credits everybody for ten minutes
	later := arrival.Add(time.Hour)
	for n := range 5 {
		submitAt(vinA, n, later)
	}
	submitAt(vinB, 9, later)
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	limited := ingest.ReasonRateLimited
	if diff := cmp.Diff([]string{limited, limited, limited}, m.reasons()); diff != "" || len(m.stored()) != 4 {
		t.Fatal(diff, len(m.stored()))
	}
	for _, l := range m.letters {
		if l.VIN != vinA || len(l.Payload) == 0 {
			t.Errorf("letter of %s with %d bytes", l.VIN.Masked(), len(l.Payload))
		}
	}
	open := m.letters
	done, err := ingest.Redrive(t.Context(), p, ingest.LetterBox{
		List: func(_ context.Context, after int64) ([]presage.DeadLetter, error) {
			if after > 0 {
				return nil, nil
			}
			for i := range open {
				open[i].ID = int64(i + 1)
			}
			return open, nil
		},
		Mark: func(context.Context, int64, time.Time) error { return nil },
		Now:  func() time.Time { return later },
	})
	if err != nil || done.Accepted != 3 || len(m.stored()) != 7 {
		t.Errorf("%+v, %v, %d rows", done, err, len(m.stored()))
	}
}

func TestEventsAreStored(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := start(t, m, ingest.Config{})
	submit(t, p, ingest.Message{
		Topic: ingest.EventTopic(vinB), Payload: []byte(`{"ts":1732190000123,"type":"dtc","code":"P0A80"}`), Received: arrival,
	})
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.events) != 1 || m.events[0].Code != "P0A80" || !m.seen[vinB].Equal(at(ts)) {
		t.Errorf("%+v, seen %v", m.events, m.seen)
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := ingest.New(ingest.Config{Linger: -1, Unknown: "ignore"}, ingest.Deps{})
	for _, field := range []string{"Linger", "Unknown", "Store", "DeadLetters", "Dirty", "Fleet", "Events"} {
		if err == nil || !errors.Is(err, presage.ErrInvalid) || !contains(err.Error(), "."+field) {
			t.Errorf("%s is not named: %v", field, err)
		}
	}
}

func TestStoppedPipelineRefuses(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p, err := ingest.New(ingest.Config{QueueMessages: 1}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Registerer: prometheus.NewRegistry(),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Flush(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("Flush: %v", err)
	}
}

// Who wants to hear what became of a message is told when it is durable.
func TestOutcomeIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{})
		told := make(chan ingest.Outcome, 1)
		submit(t, p, ingest.Message{
			Topic: ingest.TelemetryTopic(vinA), Received: arrival, Told: func(o ingest.Outcome) { told <- o },
			Payload: fmt.Appendf(nil, `{"samples":[{"ts":%d,"signals":{"Vehicle.Speed":1}},{"signals":{"Vehicle.Speed":1}}]}`, ts),
		})
		o := <-told
		if o.Samples != 1 || len(o.Faults) != 1 || o.Faults[0].Reason != ingest.ReasonMissingTime || len(m.stored()) != 1 {
			t.Errorf("%+v, %d stored", o, len(m.stored()))
		}
	})
}
