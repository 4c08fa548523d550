package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/config"
	"presage/cmd/presage/demo"
)

// screen is what the demo prints; live is closed when it tells where to look.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	once sync.Once
	live chan struct{}
}

func newScreen() *screen { return &screen{live: make(chan struct{})} }

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	if strings.Contains(s.text.String(), "Ctrl-C stops") {
		s.once.Do(func() { close(s.live) })
	}
	return n, err
}

func (s *screen) find(tb testing.TB, pattern string) string {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	found := regexp.MustCompile(pattern).FindStringSubmatch(s.text.String())
	if found == nil {
		tb.Fatalf("the demo printed nothing like %s:\n%s", pattern, s.text.String())
	}
	return found[1]
}

func options(tb testing.TB, vehicles, days int, out *screen) demo.Options {
	tb.Helper()
	c := config.Default()
	c.DataDir, c.HTTP.Addr, c.MQTT.Addr = tb.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	return demo.Options{ // a fixed Monday: what happens depends on weekdays and holidays
		Vehicles: vehicles, Days: days, Seed: 1, Pace: 300, Config: c, Now: time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC),
		Logger: slog.New(slog.DiscardHandler), Out: out,
	}
}

// start runs a demo until it is live and returns how to stop it.
func start(tb testing.TB, o demo.Options, out *screen) (stop func() error) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	done := make(chan error, 1)
	go func() { done <- demo.Run(ctx, o) }()
	select {
	case <-out.live:
	case err := <-done:
		cancel()
		tb.Fatalf("the demo ended before it was live: %v", err)
	}
	return func() error {
		cancel()
		return <-done
	}
}

// lived is what a demo leaves that has ended.
func lived(t *testing.T, o demo.Options, out *screen) *app.App {
	t.Helper()
	if err := start(t, o, out)(); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), app.Options{Config: o.Config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// A fleet of the usual size: its advisers call many, also about what can wait no longer,
// and read what customers write in time.
func TestAdvisersOfALargeFleet(t *testing.T) {
	t.Parallel()
	out := newScreen()
	o := options(t, 200, 12, out)
	o.Now = time.Date(2026, 8, 13, 14, 0, 0, 0, time.UTC)
	a := lived(t, o, out)
	waits, err := a.SQL.Waits(t.Context(), presage.WaitFilter{})
	if err != nil {
		t.Fatal(err)
	}
	talks, late := 0, 0
	for _, w := range waits {
		if w.Kind != presage.WaitConversation {
			continue
		}
		talks++
		if w.ReadAt.Sub(w.CameAt) > 2*time.Hour || w.ReadAt.IsZero() && w.ClosedAt.IsZero() &&
			w.CameAt.Before(o.Now.Add(-3*time.Hour)) {
			late++
		}
	}
	t.Logf("%d texts waited for a person", talks)
	if talks == 0 || late > 0 {
		t.Errorf("%d of %d texts were not read in time", late, talks)
	}
}

func TestServeGoesOnFromADemo(t *testing.T) {
	t.Parallel()
	out := newScreen()
	o := options(t, 12, 25, out)
	stop := start(t, o, out)

	var fleet struct {
		Items []struct {
			VIN string `json:"vin"`
		} `json:"items"`
	}
	link := out.find(t, `console +(\S+)`)
	fetch(t, link, "/v1/vehicles", &fleet)
	if len(fleet.Items) != 12 {
		t.Errorf("%d vehicles in the API, want 12", len(fleet.Items))
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	a, err := app.Open(t.Context(), app.Options{Config: o.Config})
	if err != nil {
		t.Fatalf("serve does not open the demo's directory: %v", err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows, err := a.Telemetry.Rows(t.Context())
	if err != nil || rows == 0 {
		t.Errorf("%d samples in the data directory, %v", rows, err)
	}
	vehicles, err := a.SQL.Overview(t.Context(), a.Clock.Now().Add(-48*time.Hour), presage.Silence{})
	if err != nil || vehicles.Heard < 6 {
		t.Errorf("%d of 12 vehicles heard from in the two days before, %v: the clock did not go on", vehicles.Heard, err)
	}
}

// A demo that cannot start destroys nothing, and what was left can be replaced.
func TestATakenPortLeavesTheEarlierDemo(t *testing.T) {
	t.Parallel()
	first := newScreen()
	o := options(t, 3, 1, first)
	if err := start(t, o, first)(); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(o.Config.DataDir, "presage.db"))
	if err != nil {
		t.Fatal(err)
	}

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	blocked := o
	blocked.Config.HTTP.Addr = taken.Addr().String()
	if err := demo.Run(t.Context(), blocked); !errors.Is(err, presage.ErrConflict) {
		t.Fatalf("a taken port gave %v, want a conflict", err)
	}
	after, err := os.Stat(filepath.Join(o.Config.DataDir, "presage.db"))
	if err != nil || !os.SameFile(before, after) {
		t.Fatalf("the earlier demo's data are gone: %v", err)
	}

	second := newScreen()
	o.Out = second
	if err := start(t, o, second)(); err != nil {
		t.Fatal(err)
	}
	second.find(t, "(replaced the demo)")
}

// fetch opens the link that logs in, as a browser does, and then path.
func fetch(tb testing.TB, link, path string, into any) {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	browser := http.Client{Jar: jar}
	page, err := browser.Get(link)
	if err != nil {
		tb.Fatal(err)
	}
	page.Body.Close()
	if page.StatusCode != http.StatusOK || page.Request.URL.Path != "/" {
		tb.Fatalf("the link leads to %s, %s", page.Request.URL.Path, page.Status)
	}
	r, err := browser.Get(page.Request.URL.Scheme + "://" + page.Request.URL.Host + path)
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", path, r.Status)
	}
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		tb.Fatal(err)
	}
}

// A vehicle-day lived through: simulated, decoded, stored, rolled up, judged.
func BenchmarkVehicleDay(b *testing.B) {
	const vehicles, days = 200, 10
	for b.Loop() {
		out := newScreen()
		if err := start(b, options(b, vehicles, days, out), out)(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*vehicles*days), "µs/vehicle-day")
}
