// Package webhooktest is a maker's receiver on loopback for tests: it checks
// signatures, keeps each message by its ID once, calls back, and can fail.
package webhooktest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/outreach/providertest"
	"presage/outreach/webhook"
)

// Secret is the one that the server knows.
const Secret presage.Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" //nolint:gosec // published for tests

// Sent is one message that the server accepted.
type Sent struct {
	ID, Channel, Phone, Title, Body, Link string
	Devices                               []struct{ ID, Platform, Token string }
}

// Fault is what happens to a request.
type Fault struct {
	Status     int
	RetryAfter time.Duration
	Lost       bool // accepted, then the connection breaks without an answer
}

// Server is the fake. Its methods are safe for use by several goroutines.
type Server struct {
	providertest.Provider[Sent, Fault]

	now func() time.Time
}

// New starts a server that ends with the test; now is its clock.
func New(tb testing.TB, now func() time.Time) *Server {
	tb.Helper()
	s := Start(now)
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server that runs until Close.
func Start(now func() time.Time) *Server {
	s := &Server{now: now}
	s.Serve(http.HandlerFunc(s.receive))
	return s
}

func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil || !webhook.Verify(r.Header, []presage.Secret{Secret}, s.now(), raw) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var m Sent
	_ = json.Unmarshal(raw, &m)
	s.Mu.Lock()
	f := s.Next()
	known := slices.ContainsFunc(s.Accepted, func(x Sent) bool { return x.ID == r.Header.Get("webhook-id") })
	if f.Status == 0 && !known {
		s.Accepted = append(s.Accepted, m)
	}
	s.Mu.Unlock()
	switch {
	case f.Lost:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		w.WriteHeader(f.Status)
	case known:
		w.WriteHeader(http.StatusConflict)
	}
}

// Call posts a body to one of our addresses, signed. It returns the status.
func Call(ctx context.Context, address, id string, at time.Time, body any) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	webhook.Sign(req.Header, []presage.Secret{Secret}, id, at, raw)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}
