package procs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"presage"
)

// Listening tells whether somebody takes connections at address.
func Listening(address string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", address)
		return err == nil && c.Close() == nil
	}
}

// Answers tells whether a GET of url is answered with the status within five seconds.
func Answers(url string, status int) func(context.Context) bool {
	return func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		got, _ := ask(ctx, http.MethodGet, url, "", "")
		return got == status
	}
}

// FreeAddress is a loopback address, "127.0.0.1:port", that nobody listens on.
// It lies below the ports that Linux gives to outgoing connections, and no other
// process is given it by FreeAddress until ctx ends: a server may be started on
// it late, and again after a kill.
func FreeAddress(ctx context.Context) (string, error) {
	const first, ports, tries = 20_000, 10_000, 100
	var lc net.ListenConfig
	var faults error
	for range tries {
		n, err := rand.Int(rand.Reader, big.NewInt(ports)) // programs that look at the same time begin elsewhere
		if err != nil {
			return "", fmt.Errorf("choose a port: %w", err)
		}
		port := strconv.Itoa(first + int(n.Int64()))
		release, err := reserve(ctx, port)
		if err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			context.AfterFunc(ctx, release)
			return l.Addr().String(), l.Close()
		}
		release()
		faults = errors.Join(faults, err)
	}
	return "", fmt.Errorf("%w: no free port on 127.0.0.1: %w", presage.ErrUnavailable, faults)
}

// reserve keeps a port from everybody else who asks reserve for it, by listening
// on it at another loopback address. Where there is none (macOS has 127.0.0.1
// alone) nothing is reserved.
func reserve(ctx context.Context, port string) (release func(), err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.2", port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, err
	}
	if err != nil {
		return func() {}, nil //nolint:nilerr // the port may well be free at 127.0.0.1
	}
	go func() { // a listener that nobody waits at is closed by the garbage collector
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	return func() { _ = l.Close() }, nil
}
