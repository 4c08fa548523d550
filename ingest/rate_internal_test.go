package ingest

import (
	"fmt"
	"testing"
	"time"

	"presage"
)

// later is an instant after the window that follows a start, in Unix ns.
func later(l *limiter) int64 {
	start := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC).UnixNano()
	l.allow("start", start)
	return start + int64(startWindow) + 1
}

func allowed(l *limiter, vin presage.VIN, at int64, n int) (in int) {
	for range n {
		if l.allow(vin, at) {
			in++
		}
	}
	return in
}

// By hand: a bucket of 100 that fills with 10 a second.
func TestLimiter(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, 100)
	at := later(l)
	for _, step := range []struct {
		what  string
		after time.Duration
		send  int
		want  int
	}{
		{"a whole bucket", 0, 150, 100},
		{"empty", 0, 50, 0},
		{"one second later", time.Second, 50, 10},
		{"refused ones cost nothing", time.Second, 50, 10},
		{"full again, not fuller", time.Hour, 500, 100},
	} {
		at += int64(step.after)
		if got := allowed(l, "a", at, step.send); got != step.want {
			t.Errorf("%s: %d, want %d", step.what, got, step.want)
		}
	}
	if got := allowed(l, "b", at, 150); got != 100 {
		t.Errorf("another vehicle: %d", got)
	}
}

func TestOutageIsCredited(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, 100)
	at := later(l)
	allowed(l, "a", at, 150)
	back := at + int64(time.Minute)
	l.credit(at, back)
	// 60 s at 10 a second; the 100 before them are spent.
	if got := allowed(l, "a", back, 1000); got != 600 {
		t.Errorf("after an outage of a minute: %d messages, want 600", got)
	}
	if got := allowed(l, "b", back, 1000); got != 700 {
		t.Errorf("a vehicle with a full bucket: %d, want 700", got)
	}
	if got := allowed(l, "b", back+int64(time.Hour), 1000); got != 100 {
		t.Errorf("an hour later: %d, want 100", got)
	}
}

func TestStartIsCredited(t *testing.T) {
	t.Parallel()
	l := newLimiter(1, 10)
	if got := allowed(l, "a", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).UnixNano(), 100_000); got != 100_000 {
		t.Errorf("%d of what gathered while the service was down went in", got)
	}
}

func TestLimiterMemoryIsBounded(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, 1)
	at := later(l)
	for n := range 3 * trackedVehicles {
		l.allow(presage.VIN(fmt.Sprintf("%017d", n)), at)
		if n%1000 == 0 {
			l.allow("loud", at)
		}
	}
	if n := len(l.now) + len(l.old); n > 2*trackedVehicles {
		t.Errorf("%d vehicles are remembered", n)
	}
	if l.allow("loud", at) {
		t.Error("a loud vehicle was forgotten among quiet ones")
	}
}

func BenchmarkLimiter(b *testing.B) {
	l := newLimiter(50, 5000)
	at := later(l)
	vins := make([]presage.VIN, 10_000)
	for i := range vins {
		vins[i] = presage.VIN(fmt.Sprintf("%017d", i))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		l.allow(vins[n%len(vins)], at)
		n++
		at += 20_000
	}
}

// A vehicle whose bucket was empty is not shut out for three days by a clock
// that was set back by as much.
func TestAClockThatIsSetBackLimitsNobody(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, 100)
	at := later(l) + int64(time.Hour)
	allowed(l, "a", at, 150)
	l.creditUntil = at - int64(100*24*time.Hour) // no credit of the start
	back := at - int64(72*time.Hour)
	if got := allowed(l, "a", back, 150); got != 100 {
		t.Errorf("%d of 150, want a whole bucket of 100", got)
	}
	if got := allowed(l, "a", back+int64(time.Second), 150); got != 10 {
		t.Errorf("%d a second later, want 10", got)
	}
}
