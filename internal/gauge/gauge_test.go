package gauge_test

import (
	"errors"
	"math"
	"os"
	"testing"
	"time"

	"presage"
	"presage/internal/gauge"
)

// A line as the kernel writes it, of a program named "a) b (c": utime (field
// 14) is 1234 ticks and stime (field 15) 66, so 1300 ticks of 10 ms are 13 s; its
// children that were waited for took 7 and 8.
const stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 900 0 3 0 1234 66 7 8 20 0 11 0 5000 1000000 2048 18446744073709551615\n"

const status = "Name:\ta\nVmPeak:\t  999999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t11\n"

func TestParseUsage(t *testing.T) {
	t.Parallel()
	got, err := gauge.ParseUsage([]byte(stat), []byte(status))
	if want := (gauge.Usage{CPU: 13 * time.Second, Waited: 150 * time.Millisecond, RSS: 1 << 20, Peak: 2 << 20}); got != want || err != nil {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", "42 (a", "42 (a) S 1 2", "42 (a) S 1 2 3 4 5 6 7 8 9 10 x y 1"} {
		if _, err := gauge.ParseUsage([]byte(bad), nil); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestUsageOfThisProcess(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip(err)
	}
	got, err := gauge.Of(os.Getpid())
	if err != nil || got.RSS <= 0 || got.Peak < got.RSS {
		t.Errorf("%+v, %v", got, err)
	}
	if family, err := gauge.Family(os.Getpid()); err != nil || family < got.CPU {
		t.Errorf("with its children %v, %v, alone %v", family, err, got.CPU)
	}
	if _, err := gauge.Family(1 << 30); !errors.Is(err, presage.ErrNotFound) {
		t.Errorf("nobody's family: %v", err)
	}
	if _, err := gauge.Of(1 << 30); !errors.Is(err, presage.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// By hand: of 1..10 the nearest rank of 0.5 is the 5th, of 0.99 the 10th.
func TestQuantile(t *testing.T) {
	t.Parallel()
	ten := []float64{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}
	for q, want := range map[float64]float64{0.1: 1, 0.5: 5, 0.51: 6, 0.9: 9, 0.99: 10, 1: 10} {
		if got := gauge.Quantile(ten, q); got != want {
			t.Errorf("%g: %g, want %g", q, got, want)
		}
	}
	if ten[0] != 10 {
		t.Error("the values were put into order")
	}
	if !math.IsNaN(gauge.Quantile(nil, 0.5)) {
		t.Error("nothing has a quantile")
	}
}

const page = `# HELP lag_seconds From arrival to acknowledgement.
# TYPE lag_seconds histogram
lag_seconds_bucket{le="0.1"} 50
lag_seconds_bucket{le="1"} 90
lag_seconds_bucket{le="10"} 100
lag_seconds_bucket{le="+Inf"} 100
lag_seconds_sum 12.5
messages_total{kind="telemetry"} 7
messages_total{kind="event"} 2
messages_total_other 1000
queue 1e+03
`

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := gauge.ParseMetrics(page)
	if got := m.Sum("messages_total"); got != 9 {
		t.Errorf("messages_total %g", got)
	}
	if got := m.Sum("queue"); got != 1000 {
		t.Errorf("queue %g", got)
	}
	// By hand: 50 of 100 lie below 0.1; the 70th is half of the way from 50 to 90;
	// the 95th half of the way from 90 to 100.
	for q, want := range map[float64]float64{0.25: 0.05, 0.5: 0.1, 0.7: 0.55, 0.95: 5.5} {
		if got := m.Quantile(nil, "lag_seconds", q); math.Abs(got-want) > 1e-12 {
			t.Errorf("%g: %g, want %g", q, got, want)
		}
	}
	// Less the 50 below 0.1: 40 lie in (0.1, 1] and 10 in (1, 10].
	before := gauge.ParseMetrics("lag_seconds_bucket{le=\"0.1\"} 50\nlag_seconds_bucket{le=\"1\"} 50\n" +
		"lag_seconds_bucket{le=\"10\"} 50\nlag_seconds_bucket{le=\"+Inf\"} 50\n")
	if got := m.Quantile(before, "lag_seconds", 0.4); math.Abs(got-0.55) > 1e-12 {
		t.Errorf("since before: %g, want 0.55", got)
	}
	if got := m.Quantile(m, "lag_seconds", 0.5); !math.IsNaN(got) {
		t.Errorf("nothing since: %g", got)
	}
	far := gauge.ParseMetrics("h_bucket{le=\"1\"} 0\nh_bucket{le=\"+Inf\"} 5\n")
	if got := far.Quantile(nil, "h", 0.5); got != 1 {
		t.Errorf("beyond the last bound: %g", got)
	}
}
