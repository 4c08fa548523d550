package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/lab/playback"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
	"presage/simulator/recorded"
)

// kill -9 in the middle of a replay, three times: every sample that was
// acknowledged is in the store, once, with its values, and nothing else is.
func TestKilledInTheMiddleOfAReplay(t *testing.T) {
	t.Parallel()
	began := time.Now()
	dir, seed := t.TempDir(), uint64(time.Now().UnixNano())
	t.Logf("random seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	// Batches that fill for a while leave much in flight at the moment of the kill.
	args := []string{
		"--data", dir, "--addr", freeAddr(t), "--mqtt-addr", freeAddr(t), "--set", "ingest.linger=400ms",
	}
	program := startProcess(t, args...)
	r := startReplays(t, program.broker)
	for kill := range 3 {
		r.awaitAcks(t, r.acks()+300+random.Int64N(700))
		program.kill()
		acks := r.acks()
		program = startProcess(t, args...)
		t.Logf("kill %d after %d acknowledged messages, ready again after %v in all",
			kill+1, acks, time.Since(began).Round(time.Millisecond))
	}
	r.awaitAcks(t, r.acks()+300)
	rows := r.finish(t)
	awaitRollups(t, program.service, dir, r, rows)
	if page := get[letterPage](program.service, "/v1/dead-letters"); len(page.Items) > 0 || len(page.Counts) > 0 {
		t.Errorf("dead letters: %+v", page)
	}
	if err := program.stop(); err != nil {
		t.Fatalf("the last process ended with %v", err)
	}
	r.checkStore(t, dir, rows)
	t.Logf("%d messages acknowledged, 3 kills, %d rows of %d vehicles, all there, once, after %v",
		r.acks(), rows, len(r.cars)+1, time.Since(began).Round(time.Millisecond))
}

// perMessage is how many samples a message of a driver holds.
const perMessage = 3

// driver publishes as one made-up vehicle and remembers what was acknowledged.
type driver struct {
	vin      presage.VIN
	base     time.Time
	inFlight int
	acked    atomic.Int64 // messages that the publisher is sure of
	total    int          // all of them, once drive has returned
}

// sample k of message i: values that show a mix-up.
func (d *driver) sample(n int) (at time.Time, odometer int, speed float64) {
	return d.base.Add(time.Duration(n) * 100 * time.Millisecond), 5_000_000 + n, float64(n%1300) / 10
}

// drive publishes until stop is closed, and returns when all is acknowledged.
func (d *driver) drive(ctx context.Context, broker string, stop <-chan struct{}) error {
	car, err := patient(ctx, broker, d.vin, d.inFlight)
	if err != nil {
		return err
	}
	defer car.Close()
	d.total, err = car.PublishAll(ctx, d.messages(stop))
	d.acked.Store(int64(d.total))
	return err
}

// patient is a publisher that outlives a restart of the program.
func patient(ctx context.Context, broker string, vin presage.VIN, inFlight int) (*mqtt.Publisher, error) {
	return mqtt.NewPublisher(ctx, mqtt.PublisherConfig{
		Broker: broker, VIN: vin, InFlight: inFlight, Attempts: 100_000, RetryWait: 50 * time.Millisecond,
	})
}

func (d *driver) messages(stop <-chan struct{}) iter.Seq[mqtt.Outgoing] {
	return func(yield func(mqtt.Outgoing) bool) {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			// PublishAll asks for message i when fewer than inFlight before it
			// wait for their PUBACKs; it sends them in order.
			d.acked.Store(max(0, int64(i-d.inFlight+1)))
			var samples []string
			for n := i * perMessage; n < (i+1)*perMessage; n++ {
				at, odometer, speed := d.sample(n)
				samples = append(samples, fmt.Sprintf(`{"ts":%d,"signals":{%q:%d,%q:%v}}`,
					at.UnixMilli(), presage.SignalOdometer, odometer, presage.SignalSpeed, speed))
			}
			m := mqtt.Outgoing{
				Topic:   ingest.TelemetryTopic(d.vin),
				Payload: []byte(`{"samples":[` + strings.Join(samples, ",") + `]}`),
			}
			if !yield(m) {
				return
			}
		}
	}
}

// replays are several made-up vehicles and one recorded trip, published at once.
type replays struct {
	cars   []*driver
	stop   chan struct{}
	group  sync.WaitGroup
	faults chan error
}

func startReplays(t *testing.T, broker string) *replays {
	t.Helper()
	const vehicles = 6
	r := &replays{stop: make(chan struct{}), faults: make(chan error, vehicles+1)}
	base := time.Now().Add(-20 * time.Hour).Truncate(time.Millisecond).UTC()
	for i := range vehicles {
		d := &driver{vin: car(i), base: base, inFlight: 1 + 31*(i%2)} // one at a time, and many
		r.cars = append(r.cars, d)
		r.group.Go(func() { r.faults <- d.drive(t.Context(), broker, r.stop) })
	}
	r.group.Go(func() { r.faults <- replayTrip(t.Context(), broker) })
	return r
}

// replayTrip publishes ten recorded minutes of a real car in ten seconds.
func replayTrip(ctx context.Context, broker string) error {
	reader, err := recorded.Open("kit-obd", []string{"../../testdata/obd_seat_leon/kit_obd_1hz.csv.gz"},
		recorded.Options{VIN: realSeat, Start: time.Now().Add(-time.Hour)})
	if err != nil {
		return err
	}
	car, err := patient(ctx, broker, realSeat, 100)
	if err != nil {
		return err
	}
	defer car.Close()
	_, err = (&playback.Playback{Reader: reader, Speed: 60}).Publish(ctx, car)
	return err
}

// tripRows are the trip's distinct instants, counted in its PROVENANCE.md.
const tripRows = 601

func (r *replays) acks() (n int64) {
	for _, d := range r.cars {
		n += d.acked.Load()
	}
	return n
}

func (r *replays) awaitAcks(t *testing.T, n int64) {
	t.Helper()
	tick, deadline := time.NewTicker(time.Millisecond), time.After(patience)
	defer tick.Stop()
	for r.acks() < n {
		select {
		case <-tick.C:
		case err := <-r.faults:
			if err != nil {
				t.Fatal(err)
			}
		case <-deadline:
			t.Fatalf("%d messages acknowledged, waiting for %d", r.acks(), n)
		}
	}
}

// finish ends all vehicles' trips and returns how many samples they sent.
func (r *replays) finish(t *testing.T) (rows int) {
	t.Helper()
	close(r.stop)
	r.group.Wait()
	close(r.faults)
	for err := range r.faults {
		if err != nil {
			t.Fatal(err)
		}
	}
	rows = tripRows
	for _, d := range r.cars {
		rows += d.total * perMessage
	}
	return rows
}

// awaitRollups waits until the daily roll-ups count every sample: then nothing
// is left at the broker. They are read beside the running program.
func awaitRollups(t *testing.T, s *service, dir string, r *replays, rows int) {
	t.Helper()
	var store *sqlstore.Store
	var err error // the program may be writing for longer than one try waits
	s.eventually("opened beside the program", func() bool {
		store, err = sqlstore.Open(t.Context(), filepath.Join(dir, "presage.db"))
		return err == nil
	}, func() string { return err.Error() })
	defer store.Close()
	vins := []presage.VIN{realSeat}
	for _, d := range r.cars {
		vins = append(vins, d.vin)
	}
	counted := 0
	today := presage.DayOf(time.Now())
	s.eventually("rolled up whole", func() bool {
		counted = 0
		for _, vin := range vins {
			var days []presage.Rollup
			if days, err = store.Rollups(t.Context(), vin, today-2, today); err != nil {
				return false
			}
			for _, day := range days {
				counted += day.Samples
			}
		}
		return counted == rows
	}, func() string { return fmt.Sprintf("%d samples of %d, %v", counted, rows, err) })
}

// checkStore compares what is stored with what was sent, both ways.
func (r *replays) checkStore(t *testing.T, dir string, rows int) {
	t.Helper()
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	found := int(measuredRows(t, store, realSeat))
	if found != tripRows {
		t.Errorf("%d rows of the recorded trip, want %d", found, tripRows)
	}
	for _, d := range r.cars {
		n := 0
		for sample, err := range store.Scan(t.Context(), d.vin, d.base.AddDate(-1, 0, 0), d.base.AddDate(1, 0, 0),
			presage.SignalOdometer, presage.SignalSpeed) {
			if err != nil {
				t.Fatal(err)
			}
			at, odometer, speed := d.sample(n)
			want := map[string]float64{presage.SignalOdometer: float64(odometer), presage.SignalSpeed: speed}
			got := map[string]float64{}
			for _, reading := range sample.Readings {
				got[reading.Signal] = reading.Value.Number
			}
			if !sample.Time.Equal(at) || !maps.Equal(got, want) {
				t.Fatalf("row %d of %s: %v %v, want %v %v", n, d.vin.Masked(), sample.Time, got, at, want)
			}
			n++
		}
		if n != d.total*perMessage {
			t.Errorf("%d rows of %s, want %d", n, d.vin.Masked(), d.total*perMessage)
		}
		found += n
	}
	if found != rows {
		t.Errorf("%d rows in all, want %d", found, rows)
	}
}
