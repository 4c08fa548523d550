package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"presage"
	"presage/cmd/bench-ingest/traffic"
	"presage/internal/gauge"
	"presage/internal/tsdb"
)

// measureEmbedded is one run of Presage with its own door and store, in one
// process: its CPU holds the door's and the store's work, syncs included. The
// vehicles are this process, whose CPU is not counted.
func measureEmbedded(ctx context.Context, name string, p programs, dir string, l load) (r result, err error) {
	r = result{Consumer: name, Feed: l.feed, Batch: l.batch, Messages: l.messages, Load: gauge.LoadAverage()}
	if dir, err = os.MkdirTemp(dir, "embedded-"); err != nil {
		return r, fmt.Errorf("embedded: %w", err)
	}
	server, err := startService(ctx, p, dir, "--set", "schedule.score_every=24h")
	if err != nil {
		return r, err
	}
	defer server.Kill()
	if err := rest(ctx, server.Proc); err != nil {
		return r, err
	}
	before, err := gauge.Of(server.PID())
	if err != nil {
		return r, err
	}
	stream, began := newPumped(l), time.Now()
	r.Samples = stream.Samples()
	if r.Reconnects, err = stream.pump(ctx, server.broker); err != nil {
		return r, fmt.Errorf("%s: %w; it printed:\n%s", name, err, server.Output())
	}
	r.Published = time.Since(began).Seconds()
	if _, err := server.settle(ctx, float64(r.Samples)); err != nil {
		return r, err
	}
	r.Stored = time.Since(began).Seconds()
	r.Acked = r.Stored // the pipeline counts a sample when it has acknowledged it
	after, err := gauge.Of(server.PID())
	if err != nil {
		return r, err
	}
	r.CPU, r.Peak = (after.CPU - before.CPU).Seconds(), after.Peak
	server.Stop(30 * time.Second)
	r.Rows, r.Disk, err = embeddedRows(ctx, filepath.Join(dir, "telemetry"), l.vehicles)
	r.Fields = traffic.Signals
	return r, errors.Join(err, os.RemoveAll(dir))
}

// settle waits until the service counts so many samples as acknowledged and has
// none in its queue, or until nothing has moved for stall; it returns the last
// metrics.
func (s *presageServer) settle(ctx context.Context, samples float64) (gauge.Metrics, error) {
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	last, moved := -1.0, time.Now()
	for {
		m, err := gauge.Scrape(ctx, s.url+"/metrics", s.key)
		if err != nil {
			return nil, err
		}
		n := m.Sum("presage_ingest_samples_total")
		if n >= samples && m.Sum("presage_ingest_queue_messages") == 0 {
			return m, nil
		}
		if n != last {
			last, moved = n, time.Now()
		} else if time.Since(moved) > stall {
			return m, nil
		}
		select {
		case <-poll.C:
		case <-s.Ended():
			return nil, fmt.Errorf("presage: %w: it ended by itself:\n%s", presage.ErrUnavailable, s.Output())
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// embeddedRows counts what a service that has ended left in its store: rows
// that the vehicles sent, not those that Presage's scoring wrote beside them,
// and bytes of all files, the write-ahead log among them.
func embeddedRows(ctx context.Context, dir string, vehicles int) (rows, bytes int64, err error) {
	store, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		return 0, 0, err
	}
	for n := range vehicles {
		for _, scanned := range store.Scan(ctx, traffic.VIN(n), time.Time{}, time.Now().Add(time.Hour), traffic.Marker) {
			if err = errors.Join(err, scanned); scanned == nil {
				rows++
			}
		}
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return 0, 0, err
	}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return rows, bytes, err
}
