package procs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"presage"
)

// FindHAProxy is the path of the haproxy program, or an ErrNotFound.
func FindHAProxy() (string, error) {
	if path, err := exec.LookPath("haproxy"); err == nil {
		return path, nil
	}
	const debian = "/usr/sbin/haproxy"
	if _, err := os.Stat(debian); err == nil {
		return debian, nil
	}
	return "", fmt.Errorf("%w: no haproxy on this machine: `make deps` installs it", presage.ErrNotFound)
}

// StartHAProxy starts a TCP load balancer at address that deals connections out
// to servers in turn, as long as they take any. Its configuration is in dir.
func StartHAProxy(ctx context.Context, dir, address string, servers ...string) (*Proc, error) {
	binary, err := FindHAProxy()
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "defaults\n mode tcp\n timeout connect 2s\n timeout client 10m\n timeout server 10m\n"+
		" retries 3\n option redispatch\nlisten mqtt\n bind %s\n balance roundrobin\n", address)
	for i, server := range servers {
		fmt.Fprintf(&text, " server s%d %s check inter 200ms fall 1 rise 1\n", i, server)
	}
	config := filepath.Join(dir, "haproxy.cfg")
	if err := os.WriteFile(config, []byte(text.String()), 0o600); err != nil {
		return nil, fmt.Errorf("configure haproxy: %w", err)
	}
	return StartReady(ctx, Listening(address), binary, nil, "-db", "-f", config)
}
