// Package mosquitto starts a real Mosquitto on loopback, open to everybody and
// with an unlimited window, for tests (through mosquittotest) and measurements.
package mosquitto

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"presage"
	"presage/internal/daemon"
)

// Server is a running broker.
type Server struct {
	*daemon.Process
	URL string // "tcp://127.0.0.1:port"
}

// Find returns the path of mosquitto: from the PATH, or where Debian puts it.
// Without one it is an ErrNotFound.
func Find() (string, error) {
	if path, err := exec.LookPath("mosquitto"); err == nil {
		return path, nil
	}
	const debian = "/usr/sbin/mosquitto"
	if _, err := os.Stat(debian); err == nil {
		return debian, nil
	}
	return "", fmt.Errorf("mosquitto: %w on this machine; `make deps` installs it", presage.ErrNotFound)
}

// Start runs binary on a free port, with its queue kept in dir, and returns
// once it listens. Further are lines for its configuration file.
func Start(ctx context.Context, binary, dir string, further ...string) (*Server, error) {
	address, err := daemon.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("mosquitto: %w", err)
	}
	lines := append([]string{
		"listener " + port + " 127.0.0.1", "allow_anonymous true",
		"persistence true", "persistence_location " + dir + "/",
		"max_queued_messages 0", "max_inflight_messages 0", "user root", "",
	}, further...)
	config := filepath.Join(dir, "mosquitto.conf")
	if err := os.WriteFile(config, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("mosquitto: %w", err)
	}
	process, err := daemon.Start(ctx, daemon.Config{
		Path: binary, Args: []string{"-c", config}, Ready: daemon.Listening(address),
	})
	if err != nil {
		return nil, err
	}
	return &Server{Process: process, URL: "tcp://" + address}, nil
}
