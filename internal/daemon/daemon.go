package daemon

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"

	"presage"
)

// Config tells what to run. Path and Ready are needed.
type Config struct {
	Path string   // of the program
	Args []string // without the program's name
	Env  []string // KEY=value; nil is this process's environment
	// Ready is asked again until it returns nil, for Wait (2 min when 0) at the most.
	Ready func(context.Context, *Output) error
	Wait  time.Duration
}

// Process is a program that runs. Its methods may be called at the same time.
type Process struct {
	cmd   *exec.Cmd
	out   *Output
	ended chan struct{}
}

// Start runs the program and returns once it is ready. It outlives ctx, which
// bounds the start alone: Stop or Kill ends it. The error is an
// ErrUnavailable that holds the end of what the program printed.
func Start(ctx context.Context, c Config) (*Process, error) {
	p := &Process{out: newOutput(), ended: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), c.Path, c.Args...) //nolint:gosec // the caller's program
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = p.out, p.out, c.Env
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w: %w", c.Path, presage.ErrUnavailable, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is told by what it printed
		close(p.ended)
	}()
	if err := p.await(ctx, c); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// await returns once the program is ready.
func (p *Process) await(ctx context.Context, c Config) error {
	wait := c.Wait
	if wait == 0 {
		wait = 2 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		err := c.Ready(ctx, p.out)
		if err == nil {
			return nil
		}
		select {
		case <-poll.C:
		case <-p.ended:
			return fmt.Errorf("%s: %w: it ended by itself:\n%s", c.Path, presage.ErrUnavailable, p.out)
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: not ready after %v: %w\n%s", c.Path, presage.ErrUnavailable, wait, err, p.out)
		}
	}
}

// PID is the process's number, also after its end.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Output is what the program printed on both streams.
func (p *Process) Output() *Output { return p.out }

// Ended is closed when the program has ended, for whatever reason.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Signal sends s; the error says that the program has ended.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Kill ends the program at once (kill -9) and returns when it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.ended
}

// Stop asks the program to end and kills it after grace; it returns when it is gone.
func (p *Process) Stop(grace time.Duration) {
	_ = p.Signal(syscall.SIGTERM) // fails only when it has ended
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case <-p.ended:
	case <-late.C:
		p.Kill()
	}
}

// FreeAddress is a loopback address, "127.0.0.1:port", that nobody listens on now.
func FreeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w: %w", presage.ErrUnavailable, err)
	}
	return l.Addr().String(), l.Close()
}

// Listening returns a Ready that is nil once address takes connections.
func Listening(address string) func(context.Context, *Output) error {
	return func(ctx context.Context, _ *Output) error {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return c.Close()
	}
}
