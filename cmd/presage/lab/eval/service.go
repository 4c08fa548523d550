package eval

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"presage/cmd/presage/app"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
)

// service is the whole service in a data directory that goes away with it.
type service struct {
	*app.App
	dir  string
	stop func() error // ends serving, closes and removes everything
}

// open starts the service on ports of its own with the clock standing at an
// instant. The returned context ends when serving does.
func open(ctx context.Context, o Options, at time.Time) (*service, context.Context, error) {
	dir, err := os.MkdirTemp("", "presage-eval-")
	if err != nil {
		return nil, nil, fmt.Errorf("data directory: %w", err)
	}
	c := config.Default()
	c.DataDir, c.HTTP.Addr, c.MQTT.Addr = dir, "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.Open(ctx, app.Options{Config: c, Clock: clock.Stopped(at), Logger: o.Logger, Version: o.Version})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	serving, cancel := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() {
		err := a.Serve(serving)
		if err != nil {
			cancel(err)
		}
		done <- err
	}()
	stop := func() error {
		cancel(nil)
		return errors.Join(<-done, a.Close(), os.RemoveAll(dir))
	}
	return &service{App: a, dir: dir, stop: stop}, serving, nil
}

// settled waits until ingest has taken so many messages and made them durable.
func (s *service) settled(ctx context.Context, messages int) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := s.Taken()
		if err != nil {
			return err
		}
		if n >= messages {
			return s.Pipeline.Flush(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d messages taken in: %w", n, messages, context.Cause(ctx))
		}
	}
}

// size is the number of bytes in files under a folder of the data directory.
func (s *service) size(folder string) (int64, error) {
	var n int64
	err := filepath.WalkDir(filepath.Join(s.dir, folder), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // compacted away meanwhile
			return nil
		}
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("size of %s: %w", folder, err)
	}
	return n, nil
}
