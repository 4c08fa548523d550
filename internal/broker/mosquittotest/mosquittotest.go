// Package mosquittotest starts a real Mosquitto for a test: on loopback, on a
// free port, with persistence in a temporary directory, gone when the test ends.
package mosquittotest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Start returns the broker's URL, tcp://127.0.0.1:PORT. Without a mosquitto
// binary the test is skipped, or fails when PRESAGE_INTEGRATION is set.
func Start(tb testing.TB) string {
	tb.Helper()
	binary, err := find()
	if err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			tb.Fatalf("%v; `make deps` installs it", err)
		}
		tb.Skipf("%v; `make deps` installs it", err)
	}
	dir, addr := tb.TempDir(), freeAddr(tb)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		tb.Fatal(err)
	}
	config := filepath.Join(dir, "mosquitto.conf")
	text := fmt.Sprintf("listener %s 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\n"+
		"max_queued_messages 0\nmax_inflight_messages 0\nuser root\n", port, dir)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, "-c", config)
	log, err := os.Create(filepath.Join(dir, "mosquitto.log"))
	if err != nil {
		tb.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		tb.Fatalf("start mosquitto: %v", err)
	}
	tb.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		_ = log.Close()
	})
	waitFor(tb, addr, log.Name())
	return "tcp://" + addr
}

func find() (string, error) {
	if path, err := exec.LookPath("mosquitto"); err == nil {
		return path, nil
	}
	if _, err := os.Stat("/usr/sbin/mosquitto"); err == nil {
		return "/usr/sbin/mosquitto", nil
	}
	return "", fmt.Errorf("no mosquitto on this machine")
}

func freeAddr(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitFor returns once addr accepts a connection.
func waitFor(tb testing.TB, addr, logFile string) {
	tb.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			text, _ := os.ReadFile(logFile)
			tb.Fatalf("mosquitto does not listen on %s:\n%s", addr, text)
		}
	}
}
