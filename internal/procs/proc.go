package procs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
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

// Start starts the program at path with the variables of env (KEY=value). Of
// this process's own it gets those of a bare login alone, so that nobody's
// PRESAGE_... or INFLUXDB_... changes a measurement. Its output is kept for Output.
func Start(path string, env []string, args ...string) (*Proc, error) {
	cmd := exec.Command(path, args...) //nolint:gosec,noctx // the caller's own program; it outlives contexts
	cmd.Env = append(login(), env...)
	return start(cmd)
}

func start(cmd *exec.Cmd) (*Proc, error) {
	p := &Proc{cmd: cmd, ended: make(chan struct{}), out: &output{}}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // Output says more than an exit code
	}()
	return p, nil
}

// login is what a program needs of this process's environment.
func login() []string {
	var out []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			out = append(out, name+"="+value)
		}
	}
	return out
}

// patience bounds a start: after a kill InfluxDB reads its log again, which
// takes it half a minute on a busy machine.
const patience = 2 * time.Minute

// StartReady is Start and Await for two minutes. A process that does not become
// ready is killed.
func StartReady(
	ctx context.Context, ready func(context.Context) bool, path string, env []string, args ...string,
) (*Proc, error) {
	p, err := Start(path, env, args...)
	if err != nil {
		return nil, err
	}
	if err := p.Await(ctx, patience, ready); err != nil {
		p.Kill()
		return nil, err
	}
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

// PID is the process's number, also after its end.
func (p *Proc) PID() int { return p.cmd.Process.Pid }

// Signal sends s.
func (p *Proc) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Ended is closed when the process is gone.
func (p *Proc) Ended() <-chan struct{} { return p.ended }

// Output is the end of what the process has printed, at most 64 KiB.
func (p *Proc) Output() string { return p.out.String() }

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
