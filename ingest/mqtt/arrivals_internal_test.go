package mqtt

import (
	"bytes"
	"math"
	"testing"
	"time"
)

// road is a connection's life, told to arrivals second by second.
type road struct {
	arrivals

	now instant
}

func newRoad() *road {
	r := &road{now: instant{wall: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC), mono: time.Hour}}
	r.enter(r.now)
	r.arrive(r.now, r.idle()) // the answer to CONNECT
	r.subscribe()
	r.enter(r.now)
	return r
}

// idle is a window that was empty for long.
func (r *road) idle() instant {
	return instant{wall: r.now.wall.Add(-time.Hour), mono: r.now.mono - time.Hour}
}

// pass lets time go by with nobody looking.
func (r *road) pass(d time.Duration) {
	r.now.wall, r.now.mono = r.now.wall.Add(d), r.now.mono+d
}

// drive lets time go by as usual, with so many messages each second.
func (r *road) drive(seconds, perSecond int) {
	for range seconds * 4 {
		r.pass(tickEvery)
		for range perSecond / 4 {
			r.arrive(r.now, r.idle())
			r.stamp(r.now.wall)
			r.enter(r.now)
		}
		r.tick(r.now, r.idle())
	}
}

// burst takes n messages that came at once.
func (r *road) burst(n int) (sent []time.Time, within time.Duration) {
	r.arrive(r.now, r.idle())
	for range n {
		var at time.Time
		at, within = r.stamp(r.now.wall)
		sent = append(sent, at)
	}
	r.enter(r.now)
	return sent, within
}

func TestLiveMessagesCameJustNow(t *testing.T) {
	t.Parallel()
	r := newRoad()
	r.drive(5, 20)
	r.drive(3600, 0) // a quiet hour is not a gap
	for _, at := range firstOf(r.burst(50)) {
		if !at.IsZero() {
			t.Fatalf("a live message is taken for one of %v", at)
		}
	}
}

func firstOf(sent []time.Time, _ time.Duration) []time.Time { return sent }

// A process that stood for 30 s, 20 messages a second before: 600 messages are
// expected. The first half of them lies where that pace puts it: message 150
// after a quarter of the gap, 300 after a half. Message 600 lies at
// 1 - 1/4 = 3/4, number 1,200 at 1 - 1/8 = 7/8.
func TestMessagesAreSpreadOverTheGap(t *testing.T) {
	t.Parallel()
	r := newRoad()
	r.drive(60, 20)
	from := r.now.wall.Add(tickEvery)
	r.pass(30*time.Second + tickEvery)
	sent, within := r.burst(1200)
	if within != 30*time.Second {
		t.Errorf("within %v, want 30 s", within)
	}
	for n, share := range map[int]float64{150: 0.25, 300: 0.5, 600: 0.75, 1200: 0.875} {
		if got := sent[n-1].Sub(from).Seconds() / 30; math.Abs(got-share) > 0.01 {
			t.Errorf("message %d of 600 lies at %.3f of the gap, want %.3f", n, got, share)
		}
	}
	for i := 1; i < len(sent); i++ {
		if sent[i].Before(sent[i-1]) {
			t.Fatalf("message %d is put before the one before it", i+1)
		}
	}
	if last := sent[len(sent)-1]; last.After(r.now.wall) {
		t.Errorf("%v is ahead of now", last)
	}
	r.drive(2, 0)
	if sent, _ := r.burst(1); !sent[0].IsZero() {
		t.Error("a message after a quiet second is still taken for an old one")
	}
}

// A busy fleet never leaves a quiet moment: once no more comes than usual, it is live.
func TestABusyFleetIsLiveAgain(t *testing.T) {
	t.Parallel()
	r := newRoad()
	r.drive(60, 2000)
	r.pass(time.Minute)
	r.burst(120_000)
	unempty := instant{}
	for range 8 {
		r.pass(tickEvery)
		r.arrive(r.now, unempty)
		for range 500 {
			r.stamp(r.now.wall)
		}
		r.enter(r.now)
		r.tick(r.now, unempty)
	}
	if at, _ := r.stamp(r.now.wall); !at.IsZero() {
		t.Errorf("2 s after the backlog a message is taken for one of %v", r.now.wall.Sub(at))
	}
}

// What is waited for while something is unacknowledged does not end a backlog:
// the broker waits for us.
func TestABrokerWithASmallWindow(t *testing.T) {
	t.Parallel()
	r := newRoad()
	r.drive(60, 20)
	r.pass(time.Minute)
	for range 10 { // 20 at a time, each acknowledged after 300 ms
		sent, _ := r.burst(20)
		if sent[0].IsZero() {
			t.Fatal("taken for live in the middle of the backlog")
		}
		r.pass(150 * time.Millisecond)
		r.tick(r.now, instant{})
		r.pass(150 * time.Millisecond)
		r.tick(r.now, instant{})
		empty := r.now
		r.pass(time.Millisecond)
		r.arrive(r.now, empty)
		r.enter(r.now)
	}
}

// A step of the wall's clock is not a gap while the connection stands.
func TestAClockStepIsNoGap(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{72 * time.Hour, -72 * time.Hour} {
		r := newRoad()
		r.drive(10, 20)
		r.now.wall = r.now.wall.Add(step)
		for _, at := range firstOf(r.burst(10)) {
			if !at.IsZero() {
				t.Fatalf("after a step of %v a live message is taken for one of %v", step, at)
			}
		}
	}
}

// Over a lost connection and over a restart the gap begins at the last sign of life.
func TestTheGapBeginsAtTheLastSignOfLife(t *testing.T) {
	t.Parallel()
	t.Run("closed by the broker", func(t *testing.T) {
		t.Parallel()
		r := newRoad()
		r.drive(20, 20)
		r.pass(100 * time.Millisecond)
		r.lose(r.now, true)
		r.wantGap(t, r.now.wall)
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		r := newRoad()
		r.drive(20, 20)
		heard := r.now.wall
		r.drive(30, 0) // the cable is out: nothing tells
		r.lose(r.now, false)
		r.wantGap(t, heard)
	})
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		before := newRoad()
		before.drive(20, 20)
		h, ok := before.known(before.now.wall, false)
		if !ok || math.Abs(h.Pace-20) > 1 || !h.At.Equal(before.now.wall) {
			t.Fatalf("remembered %+v %v", h, ok)
		}
		if _, again := before.known(before.now.wall.Add(saveEvery/2), false); again {
			t.Error("remembered more than once a second")
		}
		r := &road{now: before.now}
		r.recall(h)
		r.wantGap(t, h.At.Add(saveEvery)) // what was written may be so old
	})
	t.Run("nothing remembered", func(t *testing.T) {
		t.Parallel()
		r := &road{now: newRoad().now}
		r.recall(Heard{})
		r.enter(r.now)
		if sent, _ := r.burst(1); !sent[0].IsZero() {
			t.Errorf("taken for a message of %v", sent[0])
		}
	})
}

// wantGap connects again after 40 s: the first of 20 messages expected a second
// lies 1/20 s after the gap's beginning.
func (r *road) wantGap(t *testing.T, from time.Time) {
	t.Helper()
	r.pass(40 * time.Second)
	r.enter(r.now)
	r.arrive(r.now, r.idle())
	r.subscribe()
	sent, within := r.burst(100)
	if d := sent[0].Sub(from); d < 0 || d > 200*time.Millisecond {
		t.Errorf("the first message lies %v after the last sign of life, want about 50 ms", d)
	}
	if d := r.now.wall.Sub(from) - within; d.Abs() > time.Millisecond {
		t.Errorf("the gap is off by %v", d)
	}
}

// The connection that the link reads tells all of that.
func TestTheLinkTellsWhenMessagesWereSent(t *testing.T) {
	t.Parallel()
	r := newRoad()
	r.drive(10, 20)
	r.pass(time.Minute)
	w := newWindow(1000, 1<<20, nil)
	w.clock = func() instant { return r.now }
	var data []byte
	for i := range 20 {
		data = append(data, publish(uint16(i+1), 1, "a", "x")...)
	}
	l := newLink(stream{Reader: bytes.NewReader(data)}, w, func() time.Time { return r.now.wall })
	l.watch = &watch{arrivals: &r.arrivals, clock: func() instant { return r.now }, empty: w.emptySince}
	for range 20 {
		if err := l.next(); err != nil {
			t.Fatal(err)
		}
	}
	got := w.take(nil)
	if len(got) != 20 {
		t.Fatalf("%d messages", len(got))
	}
	for i, m := range got {
		if m.Sent.IsZero() || m.Within < 59*time.Second || !m.Arrival().Equal(m.Sent) || !m.Received.Equal(r.now.wall) ||
			i > 0 && !m.Sent.After(got[i-1].Sent) {
			t.Errorf("message %d: sent %v, within %v", i, m.Sent, m.Within)
		}
	}
	_ = l.Close()
}
