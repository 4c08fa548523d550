package procs_test

import (
	"context"
	"errors"
	"net"
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
	err = p.Await(t.Context(), 20*time.Second, func(context.Context) bool { return strings.Contains(p.Output(), "ready") })
	if err != nil {
		t.Fatal(err)
	}
	if size := p.PeakRSS(); runtime.GOOS == "linux" && size < 64<<10 {
		t.Errorf("a peak of %d bytes", size)
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
	err = p.Await(t.Context(), 20*time.Second, func(context.Context) bool { return strings.Contains(p.Output(), "deaf") })
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
	err = p.Await(t.Context(), 20*time.Second, func(context.Context) bool { return false })
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
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
