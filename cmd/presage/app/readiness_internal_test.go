package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"presage"
	"presage/api/ready"
	"presage/cmd/presage/config"
	"presage/internal/disk"
	"presage/outreach/deliver"
)

// A provider that refuses our account is told, and the service stays in use:
// its webhooks and pages are needed.
func TestRefusedAccountIsTold(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	c := ready.Check{Name: "messages", Ready: func(context.Context) error {
		return refusing([]deliver.Fault{{Channel: presage.ChannelSMS, Since: since, Reason: "twilio send: error 21606 (HTTP 400)"}})
	}}
	parts, ok := ready.All(t.Context(), []ready.Check{c})
	if !ok || !strings.Contains(parts[0].Reason, "messages by sms wait since 2026-11-02T09:00:00Z") ||
		strings.Contains(parts[0].Reason, "21606") || !strings.Contains(parts[0].Detail, "21606") {
		t.Errorf("ready %v: %+v", ok, parts[0])
	}
	if err := refusing(nil); err != nil {
		t.Error(err)
	}
}

// A part is tried once for all who ask within two seconds, and its age is told.
func TestTrialIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries int
		c := check("telemetry", func(context.Context) error {
			tries++
			return nil
		})
		for range 10 {
			if parts, ready := ready.All(t.Context(), []ready.Check{c}); !ready || parts[0].Reason != "" {
				t.Fatalf("%+v", parts)
			}
			time.Sleep(500 * time.Millisecond)
		}
		if tries != 3 { // at 0 s, 2 s and 4 s
			t.Errorf("%d tries in 5 s, want 3", tries)
		}
		if age := c.Checked(); age != time.Second {
			t.Errorf("%s old, want 1 s", age)
		}
	})
}

// A part that does not answer is not ready, is asked no second time meanwhile,
// and is ready again when it answers.
func TestTrialThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		answer := make(chan struct{})
		c := check("telemetry", func(context.Context) error {
			tries.Add(1)
			<-answer
			return nil
		})
		for range 3 {
			begin := time.Now()
			parts, ready := ready.All(t.Context(), []ready.Check{c})
			if ready || parts[0].Reason != "no answer in time" || time.Since(begin) != tryTimeout {
				t.Errorf("%+v after %s", parts, time.Since(begin))
			}
		}
		close(answer)
		synctest.Wait()
		if _, ready := ready.All(t.Context(), []ready.Check{c}); !ready || tries.Load() != 1 {
			t.Errorf("ready %v after %d tries, want ready after one", ready, tries.Load())
		}
	})
}

// The words for outsiders name no user, host or database; the detail does.
func TestReasonsForOutsiders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		secret := errors.New("dial db7.example: user fleet: SQLSTATE 28P01")
		for _, tt := range []struct {
			err  error
			want string
		}{
			{secret, "does not work: the log says why"},
			{errors.Join(presage.ErrUnavailable, secret), "does not work: the log says why"},
			{held(secret), "nothing is acknowledged: a probe was not acknowledged: the log says why"},
			{
				held(&disk.FullError{Place: disk.Place{Dir: "/srv/db7"}, Left: 12 << 20, MinFree: 256 << 20}),
				"nothing is acknowledged: 12 MiB left on the disk, 256 MiB must stay free",
			},
		} {
			parts, ready := ready.All(t.Context(), []ready.Check{
				check("x", func(context.Context) error { return tt.err }),
			})
			if ready || parts[0].Reason != tt.want || !strings.Contains(parts[0].Detail, "db7") {
				t.Errorf("%+v, want %q", parts[0], tt.want)
			}
		}
	})
}

// On a full disk nothing is opened; the port answers and says why, and is the
// service's own again afterwards.
func TestWaitingForRoom(t *testing.T) {
	t.Parallel()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &App{cfg: config.Default(), log: slog.New(slog.DiscardHandler), listener: listener}
	a.cfg.DataDir, a.cfg.Store.Reserve = t.TempDir()+"/not/there/yet", 1<<60
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.awaitRoom(ctx) }()
	get := func(path string) (int, string) {
		r, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	if status, _ := get("/livez"); status != http.StatusOK {
		t.Errorf("/livez: %d", status)
	}
	status, body := get("/readyz")
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "MiB must stay free") ||
		strings.Contains(body, a.cfg.DataDir) {
		t.Errorf("/readyz: %d %s", status, body)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	a.cfg.Store.Reserve = 1
	if err := a.awaitRoom(t.Context()); err != nil {
		t.Fatalf("with room: %v", err)
	}
	if err := (lentListener{listener}).takeBack(); err != nil {
		t.Fatal(err)
	}
	accepted := make(chan error, 1)
	go func() {
		c, err := listener.Accept()
		if err == nil {
			err = c.Close()
		}
		accepted <- err
	}()
	c, err := net.Dial("tcp", listener.Addr().String())
	if err == nil {
		err = c.Close()
	}
	if err := errors.Join(err, <-accepted, listener.Close()); err != nil {
		t.Errorf("the listener after it was lent: %v", err)
	}
}
