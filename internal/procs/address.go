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
