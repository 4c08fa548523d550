package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"presage/cmd/bench-ingest/traffic"
	"presage/internal/gauge"
	"presage/internal/procs"
)

// The two ways of feeding; the package comment tells why there are two.
const (
	held = "held"
	live = "live"
)

// load is what one run sends.
type load struct {
	messages, batch, vehicles int
	connections, window       int // of the publisher
	feed                      string
	ownVINs                   bool   // each connection logs in as a vehicle and publishes for it alone
	telegraf                  string // path of the program
}

// pumped is a load's messages with how they are published.
type pumped struct {
	*traffic.Stream
	lanes traffic.Lanes
}

func newPumped(l load) pumped {
	return pumped{
		Stream: traffic.NewStream(l.messages, l.batch, l.vehicles, time.Now()),
		lanes:  traffic.Lanes{Connections: l.connections, Window: l.window, Vehicles: l.ownVINs},
	}
}

func (p pumped) pump(ctx context.Context, broker string) (lost int, err error) {
	return traffic.Pump(ctx, broker, p.lanes, p.Stream)
}

// result is what one run showed. Times are in seconds, CPU times too.
type result struct {
	Consumer   string  `json:"consumer"`
	Feed       string  `json:"feed"`
	Batch      int     `json:"batch"` // samples a message
	Messages   int     `json:"messages"`
	Samples    int     `json:"samples"`
	Rows       int64   `json:"rows"`       // found in the store at the end
	Fields     int     `json:"fields"`     // signals found in the store
	Reconnects int     `json:"reconnects"` // connections that the publisher lost and made again
	Published  float64 `json:"published"`  // from the first publish to the last PUBACK to the publisher
	Stored     float64 `json:"stored"`     // from the first publish (live), or from going on (held), to the last row
	Acked      float64 `json:"acked"`      // until nothing was left at the broker; told once a second
	CPU        float64 `json:"cpu"`        // of the consumer
	StoreCPU   float64 `json:"store_cpu"`  // of InfluxDB
	BrokerCPU  float64 `json:"broker_cpu"`
	Peak       int64   `json:"peak"`       // bytes of the consumer's memory at the most
	StorePeak  int64   `json:"store_peak"` // of InfluxDB's
	Disk       int64   `json:"disk"`       // bytes of the embedded store's files, 0 with InfluxDB
	Load       float64 `json:"load"`       // the machine's load average before the run
}

func (r result) rate() float64       { return float64(r.Messages) / max(r.Stored, 1e-9) }
func (r result) perMessage() float64 { return r.CPU * 1e6 / float64(r.Messages) }
func (r result) perSample() float64  { return r.CPU * 1e6 / float64(r.Samples) }

// missing is how many rows were sent and are not stored; a bare subscriber stores none.
func (r result) missing() int64 {
	if r.Consumer == bare {
		return 0
	}
	return int64(r.Samples) - r.Rows
}

// cpus are the CPU times of a run's processes at one moment.
type cpus struct{ consumer, store, broker gauge.Usage }

func readCPUs(s *stage, consumer *procs.Proc) (c cpus, err error) {
	var errs [3]error
	c.consumer, errs[0] = gauge.Of(consumer.PID())
	c.store, errs[1] = gauge.Of(s.store.PID())
	c.broker, errs[2] = gauge.Of(s.broker.PID())
	return c, errors.Join(errs[:]...)
}

// measure is one run of one consumer.
func measure(ctx context.Context, name string, p programs, dir string, l load) (r result, err error) {
	r = result{Consumer: name, Feed: l.feed, Batch: l.batch, Messages: l.messages, Load: gauge.LoadAverage()}
	s, err := openStage(ctx, dir)
	if err != nil {
		return r, err
	}
	defer s.close()
	consumer, err := startConsumer(ctx, name, p, s, l)
	if err != nil {
		return r, err
	}
	defer consumer.Stop(10 * time.Second)
	defer func() { // nothing a stopped process is told reaches it
		err = errors.Join(err, consumer.Signal(syscall.SIGCONT))
	}()
	if err := rest(ctx, consumer); err != nil {
		return r, err
	}
	stream := newPumped(l)
	r.Samples = stream.Samples()
	before, began, err := feed(ctx, s, consumer, stream, &r)
	if err != nil {
		return r, err
	}
	if err := finish(ctx, s, consumer, began, &r); err != nil {
		return r, fmt.Errorf("%s: %w; it printed:\n%s", name, err, consumer.Output())
	}
	after, err := readCPUs(s, consumer)
	r.CPU = (after.consumer.CPU - before.consumer.CPU).Seconds()
	r.StoreCPU = (after.store.CPU - before.store.CPU).Seconds()
	r.BrokerCPU = (after.broker.CPU - before.broker.CPU).Seconds()
	r.Peak, r.StorePeak = after.consumer.Peak, after.store.Peak
	return r, err
}

// feed publishes the stream in the load's way and tells the CPU times and the
// moment from which the run counts.
func feed(ctx context.Context, s *stage, consumer *procs.Proc, stream pumped, r *result,
) (before cpus, began time.Time, err error) {
	if r.Feed == held {
		if err := consumer.Signal(syscall.SIGSTOP); err != nil {
			return before, began, err
		}
	}
	if before, err = readCPUs(s, consumer); err != nil {
		return before, began, err
	}
	began = time.Now()
	if r.Reconnects, err = stream.pump(ctx, s.broker.url); err != nil {
		return before, began, err
	}
	r.Published = time.Since(began).Seconds()
	if r.Feed != held {
		return before, began, nil
	}
	if before, err = readCPUs(s, consumer); err != nil {
		return before, began, err
	}
	began = time.Now()
	return before, began, consumer.Signal(syscall.SIGCONT)
}

// stall is after how long without progress a run is given up.
const stall = time.Minute

// finish waits until everything is stored and acknowledged.
func finish(ctx context.Context, s *stage, consumer *procs.Proc, began time.Time, r *result) (err error) {
	if r.Consumer == bare {
		err = printed(ctx, consumer, "acked")
	} else {
		r.Rows, r.Fields, err = s.rows.await(ctx, int64(r.Samples), stall)
	}
	r.Stored = time.Since(began).Seconds()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, stall)
	defer cancel()
	drained, err := s.pending.drained(ctx)
	r.Acked = max(r.Stored, drained.Sub(began).Seconds())
	return err
}

// printed waits until the consumer prints word.
func printed(ctx context.Context, consumer *procs.Proc, word string) error {
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	late := time.After(5 * stall)
	for {
		if strings.Contains(consumer.Output(), word) {
			return nil
		}
		select {
		case <-poll.C:
		case <-consumer.Ended():
			return errors.New("it ended by itself")
		case <-late:
			return errors.New("it does not come to an end")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// rest waits until a process that has just started uses next to no CPU: less
// than 20 ms in 400 ms, or for ten seconds at the most.
func rest(ctx context.Context, consumer *procs.Proc) error {
	tick := time.NewTicker(400 * time.Millisecond)
	defer tick.Stop()
	last := -time.Second
	for range 25 {
		u, err := gauge.Of(consumer.PID())
		if err != nil {
			return err
		}
		if u.CPU-last < 20*time.Millisecond {
			return nil
		}
		last = u.CPU
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
