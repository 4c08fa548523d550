package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Of the requests that send, in percent. The rest is taken, slowly.
const (
	sharesBusy = 6 // answered 429 with Retry-After, not taken
	sharesDown = 4 // answered 503, not taken
	sharesLost = 4 // taken, and the connection breaks without an answer
	sharesLate = 1 // taken, and the answer comes after the sender has given up
)

// askedPause is the Retry-After of a 429, firstPause what the service would wait
// by itself: an attempt in between is one too early.
const (
	askedPause = 5 * time.Second
	firstPause = time.Second
)

// line leads to a provider and spoils what passes.
type line struct {
	target string
	keyOf  func(*http.Request, []byte) string // of the message that a request sends, "" for another request
	server *httptest.Server
	mute   bool // its protocol has no word such as Retry-After

	mu      sync.Mutex
	dice    *rand.Rand
	courses map[string]*course // by key
	untold  int                // taken, and the sender was killed before it could know
}

// course is what the line has seen of one message.
type course struct {
	attempts, busy, down, lost, late, early int
	until                                   time.Time // not before, by the last 429
}

// fate is what happens to a request.
type fate int

const (
	taken fate = iota
	busy
	down
	lost
	late
)

func startLine(target string, keyOf func(*http.Request, []byte) string, dice *rand.Rand) *line {
	l := &line{target: target, keyOf: keyOf, dice: dice, courses: map[string]*course{}}
	l.server = httptest.NewServer(http.HandlerFunc(l.serve))
	return l
}

func (l *line) close() {
	l.server.CloseClientConnections()
	l.server.Close()
}

func (l *line) serve(w http.ResponseWriter, r *http.Request) {
	// The sender may die: what it has sent arrives all the same.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	key := l.keyOf(r, body)
	what, delay := l.meet(key)
	if what == busy || what == down {
		refuse(w, what)
		return
	}
	res, err := l.forward(r, body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = res.Body.Close() }()
	switch {
	case what == lost:
		panic(http.ErrAbortHandler)
	case what == late:
		<-r.Context().Done()
		return
	case pause(r.Context(), delay) != nil:
		l.untell(key)
		return
	}
	w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

// refuse takes nothing. The code is Twilio's; others look at the status.
func refuse(w http.ResponseWriter, what fate) {
	w.Header().Set("Content-Type", "application/json")
	if what == down {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"code":20503,"message":"down","status":503}`))
		return
	}
	w.Header().Set("Retry-After", "5") // askedPause
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte(`{"code":20429,"message":"busy","status":429}`))
}

// forward hands a request to the provider itself.
func (l *line) forward(r *http.Request, body []byte) (*http.Response, error) {
	//nolint:gosec // to a server of this process
	out, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method,
		l.target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out.Header = r.Header.Clone()
	return http.DefaultClient.Do(out) //nolint:gosec // to a server of this process
}

// meet draws what happens to a request and how late its answer is.
func (l *line) meet(key string) (what fate, delay time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delay = between(l.dice, 0, slowest)
	if key == "" {
		return taken, delay
	}
	c := l.courses[key]
	if c == nil {
		c = &course{}
		l.courses[key] = c
	}
	now := time.Now()
	c.attempts++
	if now.Before(c.until) {
		c.early++
	}
	switch d := l.dice.IntN(100); {
	case d < sharesBusy && l.mute:
		c.down++
		return busy, 0
	case d < sharesBusy:
		c.busy++
		c.until = now.Add(askedPause)
		return busy, 0
	case d < sharesBusy+sharesDown:
		c.down++
		return down, 0
	case d < sharesBusy+sharesDown+sharesLost:
		c.lost++
		return lost, 0
	case d < sharesBusy+sharesDown+sharesLost+sharesLate:
		c.late++
		return late, 0
	}
	return taken, delay
}

func (l *line) untell(key string) {
	if key == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untold++
}

// sum adds up what the line has seen.
func (l *line) sum() (all course, untold int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.courses {
		all.attempts += c.attempts
		all.busy += c.busy
		all.down += c.down
		all.lost += c.lost
		all.late += c.late
		all.early += c.early
	}
	return all, l.untold
}
