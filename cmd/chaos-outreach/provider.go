package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"presage/outreach/twilio/twiliotest"
)

// provider is a small Twilio behind a slow line: what it accepted is told late,
// so that a kill falls between the two.
type provider struct {
	twilio *twiliotest.Server
	line   *httptest.Server
	rush   atomic.Bool  // every answer takes rushAnswer
	now    atomic.Int64 // requests of the rush that wait for their answer
	most   atomic.Int64 // of them at any time
}

// slowest is how late an answer may be.
const slowest = 300 * time.Millisecond

func startProvider(r *rig) *provider {
	p := &provider{twilio: twiliotest.Start(time.Now)}
	p.line = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer p.count()()
		// The sender may die: what it has sent arrives all the same.
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		//nolint:gosec // to a server of this process
		out, err := http.NewRequestWithContext(context.WithoutCancel(req.Context()), req.Method,
			p.twilio.URL+req.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			return
		}
		out.Header = req.Header.Clone()
		res, err := http.DefaultClient.Do(out) //nolint:gosec // to a server of this process
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = res.Body.Close() }()
		if pause(req.Context(), p.delay(r)) != nil {
			return
		}
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}))
	return p
}

// delay is how long an answer takes.
func (p *provider) delay(r *rig) time.Duration {
	if p.rush.Load() {
		return rushAnswer
	}
	return between(r.dice(), 0, slowest)
}

// count counts a request of the rush until the function it returns is called.
func (p *provider) count() (done func()) {
	if !p.rush.Load() {
		return func() {}
	}
	n := p.now.Add(1)
	for most := p.most.Load(); n > most && !p.most.CompareAndSwap(most, n); most = p.most.Load() {
	}
	return func() { p.now.Add(-1) }
}

func (p *provider) url() string { return p.line.URL }

func (p *provider) close() {
	p.line.CloseClientConnections()
	p.line.Close()
	p.twilio.Close()
}
