package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// ackWithin is how soon a message must be acknowledged that is sent when
	// /readyz says ready.
	ackWithin = 10 * time.Second
	// stale is how old an answer of /readyz may be: what begins in that time
	// before the question, or until the message has arrived, is not known to it.
	stale = 3 * time.Second
	// healWithin is how soon after a fault the service must be well.
	healWithin = 30 * time.Second
)

// monitor asks /readyz every second and holds each "ready" against a message of
// its own.
type monitor struct {
	url    string // of the service
	prober *prober
	began  time.Time
	within time.Duration // ackWithin but in tests

	mu     sync.Mutex
	faults []span
	health
}

// span is a time in which a fault was in force; end is zero while it is.
type span struct{ begin, end time.Time }

// health is what a monitor saw.
type health struct {
	Asked      int      `json:"asked"`
	Ready      int      `json:"ready"`
	Confirmed  int      `json:"confirmed"`  // ready, and the message was acknowledged
	Overtaken  int      `json:"overtaken"`  // ready, but a fault began before the message was acknowledged
	False      []string `json:"false"`      // ready, and the message was not acknowledged
	Groundless []string `json:"groundless"` // not ready though nothing was wrong
}

// run watches until ctx ends, and then waits for the messages on their way.
func (m *monitor) run(ctx context.Context) {
	var group sync.WaitGroup
	defer group.Wait()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		m.look(ctx, &group)
	}
}

// look asks once, and lets group hold a "ready" against a message.
func (m *monitor) look(ctx context.Context, group *sync.WaitGroup) {
	asked := time.Now()
	ready, why := m.ready(ctx)
	if ctx.Err() != nil {
		return
	}
	at := time.Now()
	m.note(at, ready, why)
	if ready {
		group.Go(func() { m.confirm(context.WithoutCancel(ctx), asked, at) })
	}
}

func (m *monitor) note(at time.Time, ready bool, why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Asked++
	switch {
	case ready:
		m.Ready++
	case m.calm(at):
		m.Groundless = append(m.Groundless, m.when(at)+": "+why)
	}
}

// calm tells whether no fault is in force, nor was one so late that its traces
// are to be expected; under mu.
func (m *monitor) calm(at time.Time) bool {
	for _, f := range m.faults {
		if f.end.IsZero() || at.Sub(f.end) < healWithin {
			return false
		}
	}
	return true
}

// confirm sends the message that a "ready" at the time is held against; on a
// busy machine it was asked for some seconds before.
func (m *monitor) confirm(ctx context.Context, asked, at time.Time) {
	acked := m.prober.try(ctx, m.within)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case acked:
		m.Confirmed++
	case m.overtaken(asked, at):
		m.Overtaken++
	default:
		m.False = append(m.False, m.when(at))
	}
}

// overtaken tells whether a fault began that a "ready" at the time could not know of; under mu.
func (m *monitor) overtaken(asked, at time.Time) bool {
	for _, f := range m.faults {
		if f.begin.After(asked.Add(-stale)) && f.begin.Before(at.Add(m.within)) {
			return true
		}
	}
	return false
}

func (m *monitor) when(at time.Time) string { return at.Sub(m.began).Round(time.Second).String() }

// begin notes that a fault begins, end that it is over. One may begin in the
// midst of another.
func (m *monitor) begin() (end func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := len(m.faults)
	m.faults = append(m.faults, span{begin: time.Now()})
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.faults[i].end = time.Now()
	}
}

// awaitWell waits until the service is ready and a message is acknowledged.
func (m *monitor) awaitWell(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for {
		if ready, _ := m.ready(ctx); ready && m.prober.try(ctx, m.within) {
			return time.Since(began), nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return time.Since(began), err
		}
	}
}

// ready asks /readyz once; why are the parts that are not, or that nobody answered.
func (m *monitor) ready(ctx context.Context) (ready bool, why string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+"/readyz", http.NoBody)
	if err != nil {
		return false, err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Parts []struct {
			Name   string `json:"name"`
			Ready  bool   `json:"ready"`
			Reason string `json:"reason"`
		} `json:"parts"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return false, err.Error()
	}
	var faulty []string
	for _, p := range answer.Parts {
		if !p.Ready {
			faulty = append(faulty, p.Name+" ("+p.Reason+")")
		}
	}
	return resp.StatusCode == http.StatusOK, strings.Join(faulty, ", ")
}
