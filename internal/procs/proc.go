package procs

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"presage"
)

// Proc is a process that was started. All methods may be called at any time.
type Proc struct {
	cmd   *exec.Cmd
	ended chan struct{}
	out   *output
}

// Start starts the program at path. Its output is kept for Output.
func Start(path string, env []string, args ...string) (*Proc, error) {
	p := &Proc{ended: make(chan struct{}), out: &output{}}
	p.cmd = exec.Command(path, args...) //nolint:gosec,noctx // the caller's own program; it outlives contexts
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Env = append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // Output says more than an exit code
	}()
	return p, nil
}

// Kill is kill -9; it returns when the process is gone.
func (p *Proc) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.ended
}

// Stop asks the process to end, and kills it when it has not within wait.
func (p *Proc) Stop(wait time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only when it has ended
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-p.ended:
	case <-t.C:
		p.Kill()
	}
}

// Signal sends s.
func (p *Proc) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Ended is closed when the process is gone.
func (p *Proc) Ended() <-chan struct{} { return p.ended }

// Output is the end of what the process has printed, at most 64 KiB.
func (p *Proc) Output() string { return p.out.String() }

// PeakRSS is the largest resident size since the start, in bytes (VmHWM of
// proc(5)); 0 where the system does not tell or the process is gone.
func (p *Proc) PeakRSS() int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

// Await asks ready again and again until it is true. ErrUnavailable with the
// process's output: it ended before, or was not ready within the time.
func (p *Proc) Await(ctx context.Context, within time.Duration, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for !ready(ctx) {
		select {
		case <-poll.C:
		case <-p.ended:
			return fmt.Errorf("%s: %w: it ended by itself:\n%s", p.cmd.Path, presage.ErrUnavailable, p.out)
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: not ready: %w\n%s", p.cmd.Path, presage.ErrUnavailable, ctx.Err(), p.out)
		}
	}
	return nil
}

// listening tells whether somebody takes connections at address.
func listening(address string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", address)
		return err == nil && c.Close() == nil
	}
}

// FreeAddress is a loopback address, "127.0.0.1:port", that nobody listens on.
// It lies below the ports that Linux gives to outgoing connections, so that it
// stays free between two starts of a server.
func FreeAddress(ctx context.Context) (string, error) {
	const first, ports, tries = 20_000, 10_000, 100
	var lc net.ListenConfig
	var faults error
	for range tries {
		n, err := rand.Int(rand.Reader, big.NewInt(ports)) // programs that look at the same time begin elsewhere
		if err != nil {
			return "", fmt.Errorf("choose a port: %w", err)
		}
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(first+int(n.Int64()))))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
		faults = errors.Join(faults, err)
	}
	return "", fmt.Errorf("%w: no free port on 127.0.0.1: %w", presage.ErrUnavailable, faults)
}

// output keeps the end of what was written to it.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps at most 64 KiB.
func (w *output) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	const most = 64 << 10
	if w.buf.Len()+len(p) > most {
		kept := bytes.Clone(w.buf.Bytes()[w.buf.Len()/2:])
		w.buf.Reset()
		_, _ = w.buf.Write(kept)
	}
	_, _ = w.buf.Write(p[max(0, len(p)-most/2):])
	return len(p), nil
}

// String is what was kept.
func (w *output) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}
