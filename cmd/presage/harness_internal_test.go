package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asPresage makes this test binary be the program, for tests that kill it.
const asPresage = "PRESAGE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asPresage) == "" {
		os.Exit(m.Run())
	}
	_ = os.Unsetenv(asPresage) // it is not a key of the configuration
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "presage:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// terminal collects what a command prints and lets a test wait for a line.
type terminal struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newTerminal() *terminal { return &terminal{changed: make(chan struct{}, 1)} }

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return n, err
}

func (s *terminal) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// patience is how long a test waits for what takes seconds on an idle machine.
const patience = 3 * time.Minute

// await returns the first group of pattern once it has been printed.
func (s *terminal) await(tb testing.TB, pattern string, ended <-chan struct{}) string {
	tb.Helper()
	re, deadline := regexp.MustCompile(pattern), time.After(patience)
	for {
		if found := re.FindStringSubmatch(s.String()); found != nil {
			return found[1]
		}
		select {
		case <-s.changed:
		case <-ended:
			tb.Fatalf("the program ended before it printed %s:\n%s", pattern, s)
		case <-deadline:
			tb.Fatalf("the program did not print %s:\n%s", pattern, s)
		}
	}
}

// service is `presage serve`, run by its own command line.
type service struct {
	tb     testing.TB
	url    string // http://host:port
	broker string // tcp://host:port
	stop   func() error
	out    *terminal // its standard output
	log    *terminal // its standard error, down to debug
}

// quick are the settings that let a test wait for seconds, not for a night.
func quick() []string {
	return []string{
		"--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0", "--set", "schedule.score_every=1s",
		"--set", "outreach.quiet_from=0", "--set", "outreach.quiet_to=0", "--set", "log.level=debug",
	}
}

// serve starts the program inside the test and returns when it is ready.
func serve(tb testing.TB, args ...string) *service {
	tb.Helper()
	s := launch(tb, args...)
	s.ready()
	return s
}

// launch is serve for a program that will not be ready.
func launch(tb testing.TB, args ...string) *service {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, ended := &service{tb: tb, out: newTerminal(), log: newTerminal()}, make(chan struct{})
	var result error
	go func() {
		defer close(ended)
		result = run(ctx, serveArgs(args), testEnv(), s.out, s.log)
	}()
	s.stop = func() error {
		cancel()
		<-ended
		return result
	}
	tb.Cleanup(func() {
		if err := s.stop(); err != nil {
			tb.Errorf("serve ended with %v", err)
		}
		s.checkLog()
	})
	s.listens(ended)
	return s
}

func serveArgs(args []string) []string { return append(append([]string{"serve"}, quick()...), args...) }

// testKey opens every service that a test starts.
const testKey = "a-key-for-the-tests-4711"

func testEnv() []string { return []string{"PRESAGE_HTTP_ADMIN_KEY=" + testKey} }

// ask is a GET with the key.
func ask(url string) (*http.Response, error) {
	q, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Authorization", "Bearer "+testKey)
	return http.DefaultClient.Do(q)
}

// listens reads the addresses that the program announces.
func (s *service) listens(ended <-chan struct{}) {
	s.tb.Helper()
	s.url = s.out.await(s.tb, `(?:console|probes) +(https?://[^/\s]+)`, ended)
	if found := regexp.MustCompile(`MQTT +(\S+)`).FindStringSubmatch(s.out.String()); found != nil { // all is printed at once
		s.broker = found[1]
	}
}

// checkLog looks for people and vehicles in what was logged, and shows the log
// of a test that failed.
func (s *service) checkLog() {
	s.tb.Helper()
	checkAnonymous(s.tb, s.log.String()+s.out.String())
	if s.tb.Failed() {
		s.tb.Logf("the end of the log:\n%s", tail(s.log.String(), 8<<10))
	}
}

// checkAnonymous fails when text holds a VIN or a telephone number of the tests in full.
func checkAnonymous(tb testing.TB, text string) {
	tb.Helper()
	for line := range strings.Lines(text) {
		for _, name := range everybody() {
			if strings.Contains(strings.ToUpper(line), name) {
				tb.Errorf("%s stands in full in: %s", name, line)
			}
		}
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// ready waits until every part says that it is.
func (s *service) ready() {
	s.tb.Helper()
	var last string
	s.eventually("ready", func() bool {
		r, err := ask(s.url + "/readyz")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		last = string(body)
		return r.StatusCode == http.StatusOK
	}, func() string { return last })
}

// eventually asks again until ok, for as long as patience at the most.
func (s *service) eventually(what string, ok func() bool, last func() string) {
	s.tb.Helper()
	tick, deadline, began := time.NewTicker(50*time.Millisecond), time.After(patience), time.Now()
	defer tick.Stop()
	for {
		if ok() {
			s.tb.Logf("%s after %v", what, time.Since(began).Round(time.Millisecond))
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.tb.Fatalf("not %s within %v; last seen: %s", what, patience, last())
		}
	}
}

// get decodes the JSON answer of a GET.
func get[T any](s *service, path string) T {
	s.tb.Helper()
	r, err := ask(s.url + path)
	if err != nil {
		s.tb.Fatal(err)
	}
	return decode[T](s.tb, r)
}

// send puts or posts body as JSON and decodes the answer.
func send[T any](s *service, method, path string, body any) T {
	s.tb.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.tb.Fatal(err)
	}
	q, err := http.NewRequestWithContext(s.tb.Context(), method, s.url+path, bytes.NewReader(text))
	if err != nil {
		s.tb.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+testKey)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		s.tb.Fatal(err)
	}
	return decode[T](s.tb, r)
}

func decode[T any](tb testing.TB, r *http.Response) T {
	tb.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		tb.Fatal(err)
	}
	var v T
	if r.StatusCode >= http.StatusBadRequest {
		tb.Fatalf("%s %s: %s\n%s", r.Request.Method, r.Request.URL.Path, r.Status, body)
	}
	if len(body) == 0 {
		return v
	}
	if err := json.Unmarshal(body, &v); err != nil {
		tb.Fatalf("%s: %v\n%s", r.Request.URL.Path, err, body)
	}
	return v
}

// list is a page of the API.
type list[T any] struct {
	Items []T `json:"items"`
}

// until reads a list until it holds what is looked for.
func until[T any](s *service, path, what string, found func(T) bool) T {
	s.tb.Helper()
	var hit T
	var last []T
	s.eventually(what, func() bool {
		last = get[list[T]](s, path).Items
		for _, row := range last {
			if found(row) {
				hit = row
				return true
			}
		}
		return false
	}, func() string { return fmt.Sprintf("%+v", last) })
	return hit
}
