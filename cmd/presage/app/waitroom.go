package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"presage/internal/disk"
)

// awaitRoom waits for store.reserve to be free before any store is opened: on
// a full disk they could not be, and a service that ends would not come back by
// itself. /livez and /readyz answer meanwhile.
func (a *App) awaitRoom(ctx context.Context) error {
	a.places = a.localPlaces()
	full := a.roomToStart()
	if full == nil {
		return nil
	}
	a.log.WarnContext(ctx, "the service does not start before there is room on the disk", slog.Any("error", full))
	server := &http.Server{Handler: waiting(full.Public()), ReadHeaderTimeout: 10 * time.Second}
	lent := lentListener{a.listener}
	done := make(chan error, 1)
	go func() { done <- server.Serve(lent) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var err error
	for full != nil && err == nil {
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-tick.C:
			full = a.roomToStart()
		}
	}
	err = errors.Join(err, server.Close())
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err == nil {
		err = lent.takeBack()
		a.log.InfoContext(ctx, "there is room on the disk: the service starts")
	}
	return err
}

// roomToStart is nil when there is room; a place that is not there yet counts
// as the directory that it is to be made in.
func (a *App) roomToStart() *disk.FullError {
	for _, p := range a.places {
		for {
			if _, err := os.Stat(p.Dir); !errors.Is(err, fs.ErrNotExist) || filepath.Dir(p.Dir) == p.Dir {
				break
			}
			p.Dir = filepath.Dir(p.Dir)
		}
		if full, ok := errors.AsType[*disk.FullError](p.Room(a.reserve())); ok {
			return full
		}
	}
	return nil
}

// waiting answers for a service that has not started.
func waiting(why string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"status":"alive"}`)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintf(w, `{"parts":[{"name":"disk","ready":false,"reason":%q,"checked":0}],"ready":false}`, why)
	})
	return mux
}

// lentListener is a listener that Close only takes back: it stays open.
type lentListener struct{ net.Listener }

// Close lets Accept return.
func (l lentListener) Close() error { return l.deadline(time.Unix(1, 0)) }

func (l lentListener) takeBack() error { return l.deadline(time.Time{}) }

func (l lentListener) deadline(at time.Time) error {
	if tcp, ok := l.Listener.(*net.TCPListener); ok {
		return tcp.SetDeadline(at)
	}
	return fmt.Errorf("http: %T cannot be lent", l.Listener)
}
