package httpdoor_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/httpdoor"
)

const (
	vinA = "WBY1Z21010V308114"
	vinB = "LSVAA49J132047371"
	key  = "an operator's key"
)

var now = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

func nowFunc() time.Time { return now }

// sink decodes as the pipeline does and keeps what it would store.
type sink struct {
	mu     sync.Mutex
	lines  []string // "VIN ms signal=value" of each reading
	docs   int
	held   error         // of Ready
	silent bool          // never tells
	asked  chan struct{} // gets a token for each Submit, if not nil
}

func (s *sink) Ready(context.Context) error { return s.held }

func (s *sink) Submit(_ context.Context, m ingest.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs++
	if s.asked != nil {
		s.asked <- struct{}{}
	}
	if s.silent {
		return nil
	}
	vin, _, _ := strings.Cut(strings.TrimPrefix(m.Topic, "presage/v1/"), "/")
	samples, faults, err := ingest.DecodeTelemetry(presage.VIN(vin), m.Payload, m.Received)
	if refused, ok := errors.AsType[*ingest.RefusedError](err); ok {
		faults = []ingest.Fault{{Reason: refused.Reason, Detail: refused.Detail, Count: 1}}
	}
	for _, sample := range samples {
		for _, r := range sample.Readings {
			value, _ := json.Marshal(r.Value)
			s.lines = append(s.lines, fmt.Sprintf("%s %d %s=%s", sample.VIN, sample.Time.UnixMilli(), r.Signal, value))
		}
	}
	m.Told(ingest.Outcome{Samples: len(samples), Faults: faults})
	return nil
}

// lock knows the secret of vinA.
type lock struct{}

func (lock) Password(_ context.Context, vin presage.VIN, secret presage.Secret, source netip.Addr) error {
	if vin == vinA && secret.Reveal() == "secret" && source.IsLoopback() {
		return nil
	}
	return presage.ErrForbidden
}

type result struct {
	Status  int    `json:"-"`
	Detail  string `json:"detail"`
	Stored  int    `json:"stored"`
	Retry   string `json:"-"`
	Letters []struct {
		Reason string `json:"reason"`
		Count  int    `json:"count"`
	} `json:"letters"`
	Refused []struct {
		Line   int    `json:"line"`
		Reason string `json:"reason"`
	} `json:"refused"`
	Count int `json:"refused_count"`
}

func open(tb testing.TB, s *sink, change func(*httpdoor.Config)) *httptest.Server {
	tb.Helper()
	return serve(tb, s, change, func(r *http.Request) error {
		if r.Header.Get("Authorization") == "Bearer "+key {
			return nil
		}
		return presage.ErrForbidden
	})
}

// serve lets operator decide about requests that are not a vehicle's.
func serve(tb testing.TB, s *sink, change func(*httpdoor.Config), operator func(*http.Request) error) *httptest.Server {
	tb.Helper()
	c := httpdoor.Config{
		Sink: s, Lock: lock{}, Now: nowFunc, MaxBody: 1 << 20,
		Gateways: []httpdoor.Gateway{{Username: "fleet", Password: "sixteen characters"}},
	}
	if change != nil {
		change(&c)
	}
	d, err := httpdoor.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(d.Handler(operator))
	tb.Cleanup(server.Close)
	return server
}

// request goes as user:password, or as the operator's when who is "".
type request struct{ url, who, kind, encoding string }

func post(tb testing.TB, to request, body io.Reader) result {
	tb.Helper()
	q, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, to.url, body)
	if err != nil {
		tb.Fatal(err)
	}
	q.Header.Set("Content-Type", to.kind)
	q.Header.Set("Content-Encoding", to.encoding)
	if user, password, ok := strings.Cut(to.who, ":"); ok {
		q.SetBasicAuth(user, password)
	} else {
		q.Header.Set("Authorization", "Bearer "+key)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		tb.Fatal(err)
	}
	defer a.Body.Close()
	out := result{Status: a.StatusCode, Retry: a.Header.Get("Retry-After")}
	text, _ := io.ReadAll(a.Body)
	if err := json.Unmarshal(text, &out); err != nil {
		tb.Fatalf("%v: %s", err, text)
	}
	return out
}

const (
	vehicle = vinA + ":secret"
	gateway = "fleet:sixteen characters"
	jsonT   = "application/json"
	lines   = "application/x-ndjson"
	points  = "text/plain; charset=utf-8"
)

func zipped(text []byte) *bytes.Buffer {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(text)
	_ = z.Close()
	return &out
}

func TestGzip(t *testing.T) {
	t.Parallel()
	s := &sink{}
	server := open(t, s, nil)
	send := func(body io.Reader, encoding string) result {
		return post(t, request{server.URL, vehicle, jsonT, encoding}, body)
	}
	good := []byte(`{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`)
	if got := send(zipped(good), "gzip"); got.Status != http.StatusOK || got.Stored != 1 {
		t.Errorf("%+v", got)
	}
	if got := send(zipped(good), ""); got.Status != http.StatusOK || got.Stored != 1 {
		t.Errorf("without the header: %+v", got)
	}
	if got := send(zipped(make([]byte, 30<<20)), "gzip"); got.Status != http.StatusRequestEntityTooLarge { // 30 KB as sent
		t.Errorf("a bomb: %+v", got)
	}
	if got := send(bytes.NewReader(good), "gzip"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("not gzip: %+v", got)
	}
	cut := zipped(good)
	cut.Truncate(cut.Len() - 6)
	if got := send(cut, "gzip"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("cut off: %+v", got)
	}
	if got := send(bytes.NewReader(good), "br"); got.Status != http.StatusUnsupportedMediaType {
		t.Errorf("br: %+v", got)
	}
}

// Many samples of one vehicle are few messages, in order.
func TestSamplesAreGathered(t *testing.T) {
	t.Parallel()
	s := &sink{}
	server := open(t, s, nil)
	var body strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&body, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`+"\n", 1777000000000+i, i%200)
	}
	got := post(t, request{server.URL, vehicle, lines, ""}, strings.NewReader(body.String()))
	if got.Status != http.StatusOK || got.Stored != 10_000 || s.docs > 4 { // 560 KB, 256 KiB each
		t.Errorf("%+v in %d documents", got, s.docs)
	}
	for i, line := range s.lines {
		if !strings.HasPrefix(line, fmt.Sprintf("%s %d ", vinA, 1777000000000+i)) {
			t.Fatalf("line %d is %s", i, line)
		}
	}
}

// Nothing is answered as stored before it is, and nobody waits for ever.
func TestHeld(t *testing.T) {
	t.Parallel()
	good := `{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`
	held := open(t, &sink{held: presage.ErrUnavailable}, nil)
	if got := post(t, request{held.URL, vehicle, jsonT, ""}, strings.NewReader(good)); got.Status != 503 || got.Retry != "5" {
		t.Errorf("held: %+v", got)
	}
	slow := open(t, &sink{silent: true}, func(c *httpdoor.Config) { c.Wait = 20 * time.Millisecond })
	if got := post(t, request{slow.URL, vehicle, jsonT, ""}, strings.NewReader(good)); got.Status != 503 || got.Retry == "" {
		t.Errorf("never told: %+v", got)
	}
}

// One vehicle has two requests at work, whatever it does.
func TestOneSenderIsBounded(t *testing.T) {
	t.Parallel()
	s := &sink{silent: true, asked: make(chan struct{}, 4)}
	server := open(t, s, func(c *httpdoor.Config) { c.Wait = time.Minute })
	ctx, cancel := context.WithCancel(t.Context())
	good := `{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() {
			q, _ := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(good))
			q.Header.Set("Content-Type", jsonT)
			q.SetBasicAuth(vinA, "secret")
			if a, err := http.DefaultClient.Do(q); err == nil {
				a.Body.Close()
			}
		})
		<-s.asked
	}
	if got := post(t, request{server.URL, vehicle, jsonT, ""}, strings.NewReader(good)); got.Status != 429 || got.Retry == "" {
		t.Errorf("the third: %+v", got)
	}
	cancel()
	waiting.Wait()
}

// Who sends a byte now and then is answered when its time is up.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	server := open(t, &sink{}, func(c *httpdoor.Config) { c.ReadTimeout = 50 * time.Millisecond })
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n{", key)
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	answer, _ := io.ReadAll(c)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 408") {
		t.Errorf("%.200s", answer)
	}
}

// countedBody closes read once the door has kept want bytes and asks for more.
type countedBody struct {
	io.ReadCloser
	want int
	read chan struct{}
	once sync.Once
}

func (c *countedBody) Read(p []byte) (int, error) {
	if c.want <= 0 {
		c.once.Do(func() { close(c.read) })
	}
	n, err := c.ReadCloser.Read(p)
	c.want -= n
	return n, err
}

// What all bodies hold is bounded in sum, and given back.
func TestMemoryInSum(t *testing.T) {
	t.Parallel()
	read := make(chan struct{})
	server := serve(t, &sink{}, func(c *httpdoor.Config) { c.MaxBody, c.MaxMemory = 100<<10, 400<<10 },
		func(r *http.Request) error {
			r.Body = &countedBody{ReadCloser: r.Body, want: 80 << 10, read: read}
			return nil
		})
	pipe, w := io.Pipe()
	first := make(chan int)
	go func() { first <- post(t, request{server.URL, "", jsonT, ""}, pipe).Status }()
	if _, err := w.Write(bytes.Repeat([]byte(" "), 80<<10)); err != nil { // holds 3 times 124 KiB: 4+8+16+32+64
		t.Fatal(err)
	}
	<-read
	big := bytes.Repeat([]byte(" "), 90<<10)
	if got := post(t, request{server.URL, vehicle, jsonT, ""}, bytes.NewReader(big)); got.Status != 503 || got.Retry != "1" {
		t.Errorf("%+v", got)
	}
	w.Close()
	if status := <-first; status != 422 {
		t.Errorf("the first: %d", status)
	}
	if got := post(t, request{server.URL, vehicle, jsonT, ""}, bytes.NewReader(big)); got.Status != 422 {
		t.Errorf("afterwards: %+v", got)
	}
}
