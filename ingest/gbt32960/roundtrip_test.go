package gbt32960_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
	"presage/simulator"
	terminals "presage/simulator/gbt32960"
)

// resolution is half a step of each signal's register, in the signal's unit.
func resolution() map[string]float64 {
	return map[string]float64{
		presage.SignalSpeed: 0.05, presage.SignalOdometer: 50, presage.SignalPackVoltage: 0.05,
		presage.SignalPackCurrent: 0.05, presage.SignalStateOfCharge: 0.5, presage.SignalInsulation: 0.5,
		presage.SignalIsCharging: 0, presage.SignalPackTempMax: 0.5, presage.SignalPackTempMin: 0.5,
		presage.SignalBMSWarning: 0, presage.SignalCellVoltages: 0.0005,
	}
}

// days are what two electric cars publish in nine days, by vehicle.
func days(tb testing.TB) map[presage.VIN][]simulator.Message {
	tb.Helper()
	cfg := simulator.Default(now().Add(-9 * 24 * time.Hour))
	cfg.Vehicles, cfg.Faults = 12, &simulator.Faults{}
	world, err := simulator.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	electric := map[presage.VIN]bool{}
	for _, v := range world.Fleet().Vehicles {
		if v.Powertrain == presage.BatteryElectric && len(electric) < 2 {
			electric[v.VIN] = true
		}
	}
	out := map[presage.VIN][]simulator.Message{}
	for m := range world.Advance(now().Add(-time.Hour)) {
		if electric[m.VIN] && m.Topic == ingest.TelemetryTopic(m.VIN) {
			out[m.VIN] = append(out[m.VIN], m)
		}
	}
	return out
}

// What simulated cars measure arrives within the registers' resolution: encoder
// and decoder were written apart.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, edition := range []int{2016, 2025} {
		t.Run(fmt.Sprint(edition), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			sent := map[presage.VIN]map[int64]presage.Sample{}
			frames := 0
			for vin, messages := range days(t) {
				sent[vin] = map[int64]presage.Sample{}
				term, err := terminals.Dial(t.Context(), terminals.Config{Addr: w.addr, VIN: vin, Edition: edition}, sampleTime)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					samples, _, err := ingest.DecodeTelemetry(vin, m.Payload, m.At)
					if err != nil {
						t.Fatal(err)
					}
					for _, s := range samples {
						sent[vin][s.Time.Unix()] = s
					}
					reports, err := terminals.Encoder{VIN: vin, Edition: edition}.Encode(m.Payload)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range reports {
						if err := term.Send(t.Context(), r); err != nil {
							t.Fatal(err)
						}
						frames++
					}
				}
				if err := term.Close(t.Context(), sampleTime); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(w.memory.stored()); n != frames || frames < 100 || len(w.memory.reasons()) > 0 {
				t.Fatalf("%d samples of %d frames, letters %v", n, frames, w.memory.reasons())
			}
			seen := compare(t, w.memory.stored(), sent)
			for signal := range resolution() {
				if seen[signal] == 0 {
					t.Errorf("no %s arrived", signal)
				}
			}
		})
	}
}

// compare checks every reading that arrived against what was sent and counts them.
func compare(t *testing.T, stored []presage.Sample, sent map[presage.VIN]map[int64]presage.Sample) map[string]int {
	t.Helper()
	steps, seen := resolution(), map[string]int{}
	for _, s := range stored {
		want := map[string]presage.Value{}
		for _, r := range sent[s.VIN][s.Time.Unix()].Readings {
			want[r.Signal] = r.Value
		}
		for _, r := range s.Readings {
			step, known := steps[r.Signal]
			if !known {
				continue
			}
			seen[r.Signal]++
			if v, ok := want[r.Signal]; !ok || !near(r.Value, v, step) {
				t.Fatalf("%s at %v is %v, was sent as %v (%v)", r.Signal, s.Time, r.Value, v, ok)
			}
			delete(want, r.Signal)
		}
		for signal := range want {
			if _, known := steps[signal]; known {
				t.Fatalf("%s at %v was sent and did not arrive", signal, s.Time)
			}
		}
	}
	return seen
}

func near(a, b presage.Value, step float64) bool {
	if a.Kind != b.Kind || len(a.Array) != len(b.Array) || math.Abs(a.Number-b.Number) > step+1e-9 {
		return false
	}
	for i := range a.Array {
		if math.Abs(a.Array[i]-b.Array[i]) > step+1e-9 {
			return false
		}
	}
	return true
}

// After a lost connection the terminal logs in again and sends what was not
// answered as re-issued; nothing is lost.
func TestTerminalSendsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	line := newLine(t, w.addr)
	cfg := terminals.Config{Addr: line.addr(), VIN: vinA, InFlight: 4, RetryWait: time.Millisecond}
	term, err := terminals.Dial(t.Context(), cfg, sampleTime)
	if err != nil {
		t.Fatal(err)
	}
	release := w.memory.holdWrites()
	defer release()
	for i := range 4 {
		reports, err := terminals.Encoder{VIN: vinA, Edition: 2016}.Encode(fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, sampleTime.Add(time.Duration(i)*time.Second).UnixMilli(), i))
		if err != nil {
			t.Fatal(err)
		}
		if err := term.Send(t.Context(), reports[0]); err != nil {
			t.Fatal(err)
		}
	}
	w.eventually("all are read", func() bool { return w.metric("presage_gbt32960_frames_total", "realtime") == 4 })
	line.cut()
	release()
	if err := term.Close(t.Context(), sampleTime); err != nil {
		t.Fatal(err)
	}
	if term.Acknowledged() != 4 || w.metric("presage_gbt32960_frames_total", "reissue") != 4 {
		t.Errorf("%d acknowledged, %g re-issued", term.Acknowledged(), w.metric("presage_gbt32960_frames_total", "reissue"))
	}
	distinct := map[int64]bool{}
	for _, s := range w.memory.stored() {
		distinct[s.Time.Unix()] = true
	}
	if len(distinct) != 4 {
		t.Errorf("%d instants stored", len(distinct))
	}
}

func TestTerminalIsTurnedAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *gbt32960.Config) { c.Lock = &lock{} })
	_, err := terminals.Dial(t.Context(), terminals.Config{Addr: w.addr, VIN: vinA}, sampleTime)
	if !errors.Is(err, presage.ErrForbidden) {
		t.Error(err)
	}
	_, err = terminals.Dial(t.Context(), terminals.Config{Addr: "127.0.0.1:1", VIN: vinA}, sampleTime)
	if !errors.Is(err, presage.ErrUnavailable) {
		t.Error(err)
	}
}

// A platform that answers wrongly is not believed.
func TestTerminalChecksResponses(t *testing.T) {
	t.Parallel()
	good := frame.Frame{Version: frame.V2016, Command: frame.Login, Flag: frame.OK, VIN: string(vinA), Encryption: 1, Data: make([]byte, 6)}
	spoilt := good.Append(nil)
	spoilt[len(spoilt)-1]++
	foreign, other := good, good
	foreign.VIN, other.Command = string(vinB), frame.Heartbeat
	for name, answer := range map[string][]byte{
		"check byte": spoilt, "VIN": foreign.Append(nil), "command": other.Append(nil), "cut off": good.Append(nil)[:20],
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer l.Close()
			if nc, err := l.Accept(); err == nil {
				_, _ = nc.Write(answer)
				nc.Close()
			}
		}()
		_, err = terminals.Dial(t.Context(), terminals.Config{Addr: l.Addr().String(), VIN: vinA}, sampleTime)
		if !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// line is a cable between terminals and the gateway that can be cut.
type line struct {
	l     net.Listener
	conns chan net.Conn
}

func newLine(tb testing.TB, to string) *line {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	out := &line{l: l, conns: make(chan net.Conn, 16)}
	ctx, cancel := context.WithCancel(context.Background())
	tb.Cleanup(func() { cancel(); l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			out.conns <- near
			out.conns <- far
			go pipe(near, far)
			go pipe(far, near)
		}
	}()
	return out
}

func pipe(from, to net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err == nil {
			_, err = to.Write(buf[:n])
		}
		if err != nil {
			from.Close()
			to.Close()
			return
		}
	}
}

func (l *line) addr() string { return l.l.Addr().String() }

func (l *line) cut() {
	for range len(l.conns) {
		(<-l.conns).Close()
	}
}
