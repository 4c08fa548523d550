package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"presage/cmd/bench-ingest/traffic"
	"presage/internal/gauge"
)

func TestLossesOfALoadAreAnError(t *testing.T) {
	t.Parallel()
	good := loadResult{Backend: "b", Sent: 10, Acked: 10, Stored: 10, Reconnects: 3}
	if err := lostInLoad([]loadResult{good}); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]loadResult{
		"stored": {Backend: "b", Sent: 10, Acked: 10, Stored: 9},
		"acked":  {Backend: "b", Sent: 10, Acked: 9, Stored: 9},
	} {
		if lostInLoad([]loadResult{good, bad}) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// By hand: of 1, 2, 3, 4 s the median by nearest rank is 2, the 99th percentile
// and the maximum 4; CPU of 3 s in 10 s is 0.3 cores, 300 ms a message of 10.
// 64 and 100 KiB more with two vehicles are 32 and 50 KiB each.
func TestTheTableOfALoad(t *testing.T) {
	t.Parallel()
	r := loadResult{
		Backend: ownBackend, Vehicles: 2, Sent: 10, Acked: 10, Stored: 10, Reconnects: 7, Seconds: 10,
		Memory:    memory{Before: 50 << 20, Idle: 50<<20 + 64<<10, Busy: 50<<20 + 100<<10},
		Processes: map[string]processUse{service: {Cores: 0.3, CPU: 3, Peak: 64 << 20}},
	}
	before := gauge.ParseMetrics("presage_ingest_lag_seconds_count 0\n")
	after := gauge.ParseMetrics("presage_ingest_lag_seconds_count 4\npresage_ingest_lag_seconds_bucket{le=\"1\"} 4\n" +
		"presage_ingest_lag_seconds_bucket{le=\"+Inf\"} 4\npresage_ingest_dead_letters_total{reason=\"json\"} 5\n")
	r.lags(before, after, []float64{4, 1, 3, 2}, &probe{waits: []float64{5}, lost: 1})
	if r.PubAck != (lag{2, 4, 4}) || r.Seen != (lag{5, 5, 5}) || r.Service != (lag{0.5, 0.99, 1}) || r.Letters != 5 {
		t.Errorf("%+v", r)
	}
	var text strings.Builder
	if err := printLoad(&text, []loadResult{r}); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		"lost 0", "reconnects 7", "0.300", "300000", "64", "1 never", "missed: lag p99",
		"held: memory a connection: 32.000 KiB",
		"(50.0 KiB a vehicle, store and scoring included)",
	} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("no %q in\n%s", word, &text)
		}
	}
}

func TestBackEnds(t *testing.T) {
	t.Parallel()
	for want, c := range map[int][]loadCommand{1: {{Embedded: true}, {Mosquitto: true}}, 2: {{}, {Embedded: true, Mosquitto: true}}} {
		for _, c := range c {
			if got := len(c.backends()); got != want {
				t.Errorf("%+v: %d back ends, want %d", c, got, want)
			}
		}
	}
}

// The API answers 404 at first, then an older sample, then the one that is looked for.
func TestProbeFollowsASample(t *testing.T) {
	t.Parallel()
	at := time.Now()
	asked := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if want := "/v1/vehicles/" + string(traffic.VIN(3)); r.URL.Path != want {
			t.Errorf("asked for another vehicle: %s", r.URL.Path)
		}
		switch asked++; asked {
		case 1:
			http.Error(w, "{}", http.StatusNotFound)
		case 2:
			_, _ = w.Write([]byte(`{"last_seen":"` + at.Add(-time.Second).Format(time.RFC3339Nano) + `"}`))
		default:
			_, _ = w.Write([]byte(`{"last_seen":"` + at.Truncate(time.Millisecond).Format(time.RFC3339Nano) + `"}`))
		}
	}))
	defer api.Close()
	p := newProbe(api.URL, "k")
	p.follow(t.Context(), flight{traffic.VIN(3), at})
	if asked != 3 || len(p.waits) != 1 || p.lost != 0 || p.waits[0] <= 0 {
		t.Errorf("asked %d times: %+v", asked, p)
	}
	p.told(&vehicle{vin: traffic.VIN(1)}, at) // nobody looks: it must not block
}

// The run is over before the API shows the first sample: it is waited for.
func TestProbeFinishesTheSampleAtHand(t *testing.T) {
	t.Parallel()
	end, asked := make(chan struct{}), 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			close(end)
			http.Error(w, "{}", http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(`{"last_seen":"` + time.Now().Format(time.RFC3339Nano) + `"}`))
	}))
	defer api.Close()
	p, ended := newProbe(api.URL, "k"), make(chan struct{})
	go func() {
		p.run(t.Context(), end)
		close(ended)
	}()
	p.next <- flight{traffic.VIN(3), time.Now()}
	<-ended
	if asked != 2 || len(p.waits) != 1 || p.lost != 0 {
		t.Errorf("asked %d times: %d seen, %d lost", asked, len(p.waits), p.lost)
	}
}
