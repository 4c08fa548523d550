package procs

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"presage"
)

// FindMosquitto is the path of the mosquitto program, or an ErrNotFound.
func FindMosquitto() (string, error) {
	if path, err := exec.LookPath("mosquitto"); err == nil {
		return path, nil
	}
	const debian = "/usr/sbin/mosquitto"
	if _, err := os.Stat(debian); err == nil {
		return debian, nil
	}
	return "", fmt.Errorf("%w: no mosquitto on this machine: `make deps` installs it", presage.ErrNotFound)
}

// StartMosquitto starts a broker that takes anybody in at address
// ("127.0.0.1:port"), keeps its messages in dir and bounds neither its queues
// nor what is in flight. settings are more lines of mosquitto.conf.
func StartMosquitto(ctx context.Context, dir, address string, settings ...string) (*Proc, error) {
	binary, err := FindMosquitto()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("mosquitto address: %w: %w", presage.ErrInvalid, err)
	}
	text := fmt.Sprintf("listener %s 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\n"+
		"max_queued_messages 0\nmax_inflight_messages 0\n", port, dir)
	if os.Geteuid() == 0 {
		text += "user root\n" // else it becomes another user, to whom dir is closed
	}
	text += strings.Join(append(settings, ""), "\n")
	config := filepath.Join(dir, "mosquitto.conf")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("configure mosquitto: %w", err)
	}
	return StartReady(ctx, Listening(address), binary, nil, "-c", config)
}
