package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"presage/internal/procs"
)

// child is `presage serve` as a process of its own, which can be killed.
type child struct {
	*service
	cmd   *exec.Cmd
	ended chan struct{}
}

// startProcess runs this test binary as the program and returns when it is ready.
func startProcess(tb testing.TB, args ...string) *child {
	tb.Helper()
	binary, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	c := &child{
		service: &service{tb: tb, out: newTerminal(), log: newTerminal()},
		cmd:     exec.Command(binary, serveArgs(args)...), ended: make(chan struct{}),
	}
	c.cmd.Env = append(append(os.Environ(), asPresage+"=1"), testEnv()...)
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.log
	if err := c.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	var result error // read after ended
	go func() {
		defer close(c.ended)
		result = c.cmd.Wait()
	}()
	c.stop = func() error {
		_ = c.cmd.Process.Signal(syscall.SIGTERM) // fails only when it has ended
		<-c.ended
		return result
	}
	tb.Cleanup(func() {
		c.kill()
		c.checkLog()
	})
	c.listens(c.ended)
	c.ready()
	return c
}

// kill is kill -9.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // fails only when it has ended
	<-c.ended
}

// freeAddr is a loopback address that nobody listens on until the test ends, or
// until the test does itself.
func freeAddr(tb testing.TB) string {
	tb.Helper()
	address, err := procs.FreeAddress(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return address
}
