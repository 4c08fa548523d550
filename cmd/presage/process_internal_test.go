package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
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
	c.cmd.Env = append(os.Environ(), asPresage+"=1")
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

// freeAddr is a loopback address that nobody listens on, below the ports that
// the system gives to outgoing connections: it stays free between two starts.
func freeAddr(tb testing.TB) string {
	tb.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(10_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	tb.Fatal("no free port")
	return ""
}
