package procs_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/procs"
)

func shell(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	return path
}

func gone(t *testing.T, p *procs.Proc) {
	t.Helper()
	select {
	case <-p.Ended():
	default:
		t.Error("the process is still there")
	}
}

func TestAProcessIsAwaitedAndKilled(t *testing.T) {
	t.Parallel()
	p, err := procs.Start(shell(t), []string{"WORD=ready"}, "-c", "echo $WORD; exec sleep 600")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	err = p.Await(t.Context(), time.Minute, func(context.Context) bool { return strings.Contains(p.Output(), "ready") })
	if err != nil {
		t.Fatal(err)
	}
	p.Kill()
	gone(t, p)
	p.Kill() // twice is harmless
}

func TestAProcessThatIgnoresTheRequestIsKilled(t *testing.T) {
	t.Parallel()
	p, err := procs.Start(shell(t), nil, "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	err = p.Await(t.Context(), time.Minute, func(context.Context) bool { return strings.Contains(p.Output(), "deaf") })
	if err != nil {
		t.Fatal(err)
	}
	p.Stop(10 * time.Millisecond)
	gone(t, p)
}

func TestAwaitSaysWhatTheProcessSaid(t *testing.T) {
	t.Parallel()
	p, err := procs.Start(shell(t), nil, "-c", "echo the port is taken >&2; exit 1")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Await(t.Context(), time.Minute, func(context.Context) bool { return false })
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
	}
}

// The caller's own settings are kept away from what it starts.
func TestAProcessHasTheEnvironmentOfALogin(t *testing.T) {
	t.Setenv("PRESAGE_LOG_LEVEL", "debug")
	p, err := procs.Start(shell(t), []string{"WORD=given"}, "-c", "echo [$WORD] [$PRESAGE_LOG_LEVEL] [$PATH]")
	if err != nil {
		t.Fatal(err)
	}
	<-p.Ended()
	if want := "[given] [] [" + os.Getenv("PATH") + "]"; strings.TrimSpace(p.Output()) != want {
		t.Errorf("%q, want %q", p.Output(), want)
	}
}

func TestOneThatDoesNotBecomeReadyIsAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := procs.StartReady(ctx, func(context.Context) bool {
		cancel()
		return false
	}, shell(t), nil, "-c", "exec sleep 600")
	if !errors.Is(err, presage.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
}

func TestAnswersWantsTheStatus(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	if !procs.Answers(s.URL, http.StatusNoContent)(t.Context()) || procs.Answers(s.URL, http.StatusOK)(t.Context()) {
		t.Error("204 is 204 and not 200")
	}
	if !procs.Listening(s.Listener.Addr().String())(t.Context()) {
		t.Error("it listens")
	}
	s.Close()
	nobody, err := procs.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if procs.Answers("http://"+nobody, http.StatusNoContent)(t.Context()) || procs.Listening(nobody)(t.Context()) {
		t.Error("nobody answers")
	}
}

func TestFreeAddressCanBeListenedOn(t *testing.T) {
	t.Parallel()
	address, err := procs.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// Of 500 ports out of 10,000 twelve would be expected to come twice (500*499/2/10,000).
func TestFreeAddressIsNobodyElses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("there is no 127.0.0.2 to reserve a port by")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := map[string]bool{}
	for range 500 {
		address, err := procs.FreeAddress(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if seen[address] {
			t.Fatalf("%s is given to two", address)
		}
		seen[address] = true
	}
}
