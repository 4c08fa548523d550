package daemon_test

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/daemon"
)

func shell(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	return path
}

func TestAProcessIsReadyAndStops(t *testing.T) {
	t.Parallel()
	asked := 0
	p, err := daemon.Start(t.Context(), daemon.Config{
		Path: shell(t), Args: []string{"-c", "echo port 1883; exec sleep 60"},
		Ready: func(context.Context, *daemon.Output) error {
			if asked++; asked < 3 {
				return errors.New("not yet")
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.PID() <= 0 || asked != 3 {
		t.Errorf("pid %d, asked %d times", p.PID(), asked)
	}
	p.Stop(10 * time.Second)
	select {
	case <-p.Ended():
	default:
		t.Error("Stop returned before the end")
	}
	if port, ok := p.Output().Find(regexp.MustCompile(`port (\d+)`)); !ok || port != "1883" {
		t.Errorf("printed %q", p.Output())
	}
	p.Stop(time.Second) // again is harmless
}

func TestOneThatIgnoresStopIsKilled(t *testing.T) {
	t.Parallel()
	p, err := daemon.Start(t.Context(), daemon.Config{
		Path: shell(t), Args: []string{"-c", "trap '' TERM; while :; do sleep 1; done"},
		Ready: func(context.Context, *daemon.Output) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Stop(10 * time.Millisecond)
	select {
	case <-p.Ended():
	default:
		t.Error("it still runs")
	}
}

func TestTheErrorShowsWhatWasPrinted(t *testing.T) {
	t.Parallel()
	never := func(context.Context, *daemon.Output) error { return errors.New("refused") }
	_, err := daemon.Start(t.Context(), daemon.Config{
		Path: shell(t), Args: []string{"-c", "echo no such option >&2; exit 3"}, Ready: never,
	})
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "no such option") {
		t.Errorf("ended by itself: %v", err)
	}
	_, err = daemon.Start(t.Context(), daemon.Config{
		Path: shell(t), Args: []string{"-c", "exec sleep 60"}, Ready: never, Wait: 50 * time.Millisecond,
	})
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("never ready: %v", err)
	}
	if _, err := daemon.Start(t.Context(), daemon.Config{Path: "/nowhere", Ready: never}); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("no program: %v", err)
	}
}

func TestOutputKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var o daemon.Output
	for range 1000 {
		if n, err := o.Write([]byte(strings.Repeat("a", 1000))); n != 1000 || err != nil {
			t.Fatal(n, err)
		}
	}
	_, _ = o.Write([]byte("the end"))
	if got := o.String(); len(got) > 256<<10 || !strings.HasSuffix(got, "the end") {
		t.Errorf("%d bytes, ending in %q", len(got), got[max(0, len(got)-20):])
	}
}

func TestAFreeAddressIsListenedOnOrNot(t *testing.T) {
	t.Parallel()
	address, err := daemon.FreeAddress(t.Context())
	if err != nil || !strings.HasPrefix(address, "127.0.0.1:") {
		t.Fatal(address, err)
	}
	if err := daemon.Listening(address)(t.Context(), nil); err == nil {
		t.Error("somebody listens on a free address")
	}
}
