package gbt32960_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

// memory is every store of a pipeline. While hold is open nothing is written.
type memory struct {
	hold chan struct{} // closed: write

	mu      sync.Mutex
	samples []presage.Sample
	events  []presage.Event
	letters []presage.DeadLetter
	fleet   map[presage.VIN]bool
	down    bool
}

func newMemory() *memory {
	m := &memory{hold: make(chan struct{}), fleet: map[presage.VIN]bool{}}
	close(m.hold)
	return m
}

func (m *memory) do(ctx context.Context, f func()) error {
	m.mu.Lock()
	hold := m.hold
	m.mu.Unlock()
	select {
	case <-hold:
	case <-ctx.Done():
		return ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
	return nil
}

func (m *memory) Write(ctx context.Context, s []presage.Sample) error {
	return m.do(ctx, func() { m.samples = append(m.samples, s...) })
}

func (m *memory) PutEvents(ctx context.Context, e []presage.Event) error {
	return m.do(ctx, func() { m.events = append(m.events, e...) })
}

func (m *memory) PutDeadLetters(ctx context.Context, l []presage.DeadLetter) error {
	return m.do(ctx, func() {
		for _, one := range l {
			one.ID = int64(len(m.letters) + 1)
			m.letters = append(m.letters, one)
		}
	})
}

func (m *memory) MarkDirty(context.Context, []presage.VehicleDay) error { return nil }

func (m *memory) TouchVehicles(_ context.Context, seen map[presage.VIN]time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for vin := range seen {
		m.fleet[vin] = true
	}
	return nil
}

func (m *memory) Vehicle(_ context.Context, vin presage.VIN) (presage.Vehicle, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.down:
		return presage.Vehicle{}, presage.ErrUnavailable
	case !m.fleet[vin]:
		return presage.Vehicle{}, presage.ErrNotFound
	}
	return presage.Vehicle{VIN: vin}, nil
}

func (m *memory) stored() []presage.Sample {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.samples)
}

func (m *memory) reasons() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, l := range m.letters {
		out = append(out, l.Reason)
	}
	return out
}

// world is a gateway with its pipeline, over memory.
type world struct {
	tb       testing.TB
	memory   *memory
	pipeline *ingest.Pipeline
	registry *prometheus.Registry
	gateway  *gbt32960.Gateway
	addr     string
	stop     func() // ends the gateway and waits for it
}

// patience is how long a test waits for something that should come at once.
const patience = time.Minute

func now() time.Time { return sampleTime.Add(time.Hour) }

func newWorld(tb testing.TB, change func(*gbt32960.Config)) *world {
	tb.Helper()
	w := &world{tb: tb, memory: newMemory(), registry: prometheus.NewRegistry()}
	var err error
	m := w.memory
	if w.pipeline, err = ingest.New(ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m,
		Formats: []ingest.Format{gbt32960.NewDecoder(w.registry)},
	}); err != nil {
		tb.Fatal(err)
	}
	cfg := gbt32960.Config{Sink: w.pipeline, Now: now, Registerer: w.registry}
	if cfg.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	g, err := gbt32960.NewGateway(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	w.gateway, w.addr = g, g.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	pipelineCtx, stopPipeline := context.WithCancel(context.Background())
	served, piped := make(chan error, 1), make(chan error, 1)
	go func() { served <- g.Run(ctx) }()
	go func() { piped <- w.pipeline.Run(pipelineCtx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			tb.Error(err)
		}
	})
	tb.Cleanup(func() {
		w.stop()
		stopPipeline()
		if err := <-piped; err != nil {
			tb.Error(err)
		}
	})
	return w
}

// holdWrites lets nothing be written until the returned function is called.
func (m *memory) holdWrites() (release func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	hold := make(chan struct{})
	m.hold = hold
	return sync.OnceFunc(func() { close(hold) })
}

// terminal is a connection to the gateway.
type terminal struct {
	tb     testing.TB
	nc     net.Conn
	stream frame.Splitter
}

func (w *world) dial() *terminal {
	w.tb.Helper()
	nc, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.tb.Fatal(err)
	}
	w.tb.Cleanup(func() { nc.Close() })
	return &terminal{tb: w.tb, nc: nc}
}

// login is a terminal that has logged in.
func (w *world) login(vin presage.VIN) *terminal {
	w.tb.Helper()
	c := w.dial()
	c.send(command(vin, frame.Login, make([]byte, 26)))
	c.want(frame.Login, frame.OK)
	return c
}

// command is a frame of 2016 with the sample's time.
func command(vin presage.VIN, c frame.Command, data []byte) []byte {
	at := frame.Clock(sampleTime)
	return frame.Frame{
		Version: frame.V2016, Command: c, Flag: frame.IsCommand, VIN: string(vin), Encryption: frame.NoEncryption,
		Data: append(at[:], data...),
	}.Append(nil)
}

// engineAt is a real-time frame with an engine speed.
func engineAt(vin presage.VIN, rpm byte) []byte {
	return command(vin, frame.Realtime, []byte{0x04, 1, 0, rpm, 0xFF, 0xFF})
}

func (c *terminal) send(b ...[]byte) {
	c.tb.Helper()
	if _, err := c.nc.Write(slices.Concat(b...)); err != nil {
		c.tb.Fatal(err)
	}
}

// receive is the next frame from the gateway, within wait; nil when none comes.
func (c *terminal) receive(wait time.Duration) (*frame.Frame, error) {
	_ = c.nc.SetReadDeadline(time.Now().Add(wait))
	buf := make([]byte, 1024)
	for {
		if p, ok := c.stream.Next(); ok {
			f := p.Frame
			f.Data = slices.Clone(f.Data)
			return &f, nil
		}
		n, err := c.nc.Read(buf)
		if err != nil {
			return nil, err
		}
		_, _ = c.stream.Write(buf[:n])
	}
}

// want receives a response.
func (c *terminal) want(command frame.Command, flag frame.Flag) *frame.Frame {
	c.tb.Helper()
	f, err := c.receive(patience)
	if err != nil {
		c.tb.Fatalf("no response to %v: %v", command, err)
	}
	if f.Command != command || f.Flag != flag {
		c.tb.Fatalf("response to %v with flag %d, want %v with %d", f.Command, f.Flag, command, flag)
	}
	return f
}

// closed waits until the gateway has closed the connection.
func (c *terminal) closed() {
	c.tb.Helper()
	_, err := c.receive(patience)
	var timeout net.Error
	if err == nil || errors.As(err, &timeout) && timeout.Timeout() {
		c.tb.Fatalf("the connection is not closed: %v", err)
	}
	if !errors.Is(err, io.EOF) {
		c.tb.Logf("closed with %v", err)
	}
}

// eventually waits until ok says so.
func (w *world) eventually(what string, ok func() bool) {
	w.tb.Helper()
	deadline, tick := time.After(patience), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			w.tb.Fatal("not in time: " + what)
		}
	}
}

// metric is the value of a metric with the label's value, 0 when there is none.
func (w *world) metric(name, label string) float64 {
	w.tb.Helper()
	families, err := w.registry.Gather()
	if err != nil {
		w.tb.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if label == "" {
				return m.GetGauge().GetValue()
			}
			if m.GetLabel()[0].GetValue() == label {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func (m *memory) box() ingest.LetterBox {
	open := func(ctx context.Context, after int64) ([]presage.DeadLetter, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		return slices.Collect(func(yield func(presage.DeadLetter) bool) {
			for _, l := range m.letters {
				if l.ID > after && l.Redriven.IsZero() && !yield(l) {
					return
				}
			}
		}), nil
	}
	return ingest.LetterBox{
		List: open, Now: now,
		Mark: func(_ context.Context, id int64, at time.Time) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.letters[id-1].Redriven = at
			return nil
		},
	}
}
