package door_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/internal/tsdb"
)

// nothing keeps nothing of what the relational store would.
type nothing struct{ memory }

func (*nothing) Write(context.Context, []presage.Sample) error { return nil }

// BenchmarkDoor is a message from socket to PUBACK, through pipeline and the
// embedded store, with a sync before each acknowledgement.
func BenchmarkDoor(b *testing.B) {
	for _, bb := range []struct {
		name            string
		clients, window int
	}{{"100x10", 100, 10}, {"1000x1", 1000, 1}, {"1x1000", 1, 1000}} {
		b.Run(bb.name, func(b *testing.B) { benchmark(b, bb.clients, bb.window) })
	}
}

func benchmark(b *testing.B, clients, window int) {
	b.Helper()
	store, err := tsdb.Open(b.TempDir(), tsdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	rest := &nothing{}
	p, err := ingest.New(ingest.Config{Linger: 100 * time.Microsecond}, ingest.Deps{
		Store: store, DeadLetters: rest, Dirty: rest, Fleet: rest, Events: rest,
	})
	if err != nil {
		b.Fatal(err)
	}
	s, err := door.New(b.Context(), door.Config{
		Addr: "127.0.0.1:0", Open: true, Sink: p, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = p.Run(ctx) })
	running.Go(func() { _ = s.Run(ctx) })
	conns := make([]net.Conn, clients)
	for i := range conns {
		conns[i] = login(b, s, numbered(i))
	}
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	for i, nc := range conns {
		n := b.N/clients + 1
		all.Go(func() { pump(b, nc, i, n, window) })
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	cancel()
	_ = s.Close()
	running.Wait()
}

// numbered is a VIN of its own for each client; a check digit is not compulsory
// for those that begin with W.
func numbered(i int) presage.VIN { return presage.VIN(fmt.Sprintf("WPSPRSG10RA%06d", i)) }

func login(b *testing.B, s *door.Server, vin presage.VIN) net.Conn {
	b.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "tcp://"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nc.Close() })
	if _, err := nc.Write(hello{vin: vin, clientID: "bench"}.bytes()); err != nil {
		b.Fatal(err)
	}
	if _, err := io.ReadFull(nc, make([]byte, 4)); err != nil {
		b.Fatal(err)
	}
	return nc
}

// pump publishes n messages with so many on their way.
func pump(b *testing.B, nc net.Conn, client, n, window int) {
	b.Helper()
	in := bufio.NewReader(nc)
	ack, topic := make([]byte, 4), ingest.TelemetryTopic(numbered(client))
	buf := make([]byte, 0, 32<<10)
	for sent, acked := 0, 0; acked < n; acked++ {
		buf = buf[:0]
		for sent < n && sent-acked < window && (sent-acked < 1 || in.Buffered() < 4) {
			buf = append(buf, publishBytes(4, 1, uint16(sent%65_535+1), topic, sample(sent))...)
			sent++
			if len(buf) > 16<<10 {
				break
			}
		}
		if len(buf) > 0 {
			if _, err := nc.Write(buf); err != nil {
				b.Error(err)
				return
			}
		}
		if _, err := io.ReadFull(in, ack); err != nil {
			b.Error(err)
			return
		}
	}
}
