package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// Run runs the whole suite; open returns an empty store and sees to its end.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"empty":             empty,
		"kinds round-trip":  kinds,
		"repeat":            repeat,
		"replace":           replace,
		"out of order":      outOfOrder,
		"same time merges":  sameTime,
		"one write merges":  oneWrite,
		"range ends":        rangeEnds,
		"signal filter":     filter,
		"before 1970":       before1970,
		"many vehicles":     manyVehicles,
		"long scan":         longScan,
		"leave early":       leaveEarly,
		"cancelled":         cancelled,
		"nothing to write":  nothing,
		"odd signal names":  oddNames,
		"rejects the wrong": rejects,
		"closed":            closed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func empty(t *testing.T, s Store) {
	t.Helper()
	wantAll(t, s, VIN(1))
	if n, err := s.Rows(t.Context()); n != 0 || err != nil {
		t.Errorf("Rows = %d, %v; want 0", n, err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("Ready: %v", err)
	}
}

func kinds(t *testing.T, s Store) {
	t.Helper()
	cells := []float64{3.701, 3.7, -0.5, 1e-9, 12345678.25, 0}
	want := Sample(VIN(1), 0,
		Reading("A.Array", presage.Array(cells)),
		Reading("A.Empty", presage.Array([]float64{})),
		Reading("B.False", presage.Bool(false)),
		Reading("B.True", presage.Bool(true)),
		Reading("N.Big", presage.Number(1.7976931348623157e308)),
		Reading("N.Decimal", presage.Number(53.2)),
		Reading("N.Negative", presage.Number(-40)),
		Reading("N.Small", presage.Number(5e-324)),
		Reading("N.Third", presage.Number(1.0/3)),
		Reading("N.Whole", presage.Number(123456789012)),
		Reading("N.Zero", presage.Number(0)),
		Reading("T.Array", presage.String("[1,2]")),
		Reading("T.Backslash", presage.String(`\[1] \\ \`)),
		Reading("T.Chinese", presage.String("制动片, 前")),
		Reading("T.Comma", presage.String("a,b c=d \"quoted\" 'x' ${y}")),
		Reading("T.Empty", presage.String("")),
		Reading("T.Lines", presage.String("one\r\ntwo\nthree\ttab")),
		Reading("T.Number", presage.String("12.30")),
		Reading("T.State", presage.String("ON")),
	)
	write(t, s, want)
	wantAll(t, s, VIN(1), want)
}

func repeat(t *testing.T, s Store) {
	t.Helper()
	a := Sample(VIN(1), 0, Reading("A", presage.Number(1)), Reading("B", presage.Bool(true)))
	b := Sample(VIN(1), 1, Reading("A", presage.Number(2)))
	for range 3 {
		write(t, s, a, b, a)
	}
	wantAll(t, s, VIN(1), a, b)
}

func replace(t *testing.T, s Store) {
	t.Helper()
	write(t, s, Sample(VIN(1), 0, Reading("A", presage.Number(1)), Reading("B", presage.String("old"))))
	write(t, s, Sample(VIN(1), 0, Reading("B", presage.String("new")), Reading("A", presage.Number(7))))
	wantAll(t, s, VIN(1), Sample(VIN(1), 0, Reading("A", presage.Number(7)), Reading("B", presage.String("new"))))
}

func outOfOrder(t *testing.T, s Store) {
	t.Helper()
	at := func(ms int64) presage.Sample { return Sample(VIN(1), ms, Reading("A", presage.Number(float64(ms)))) }
	write(t, s, at(5000), at(1000))
	write(t, s, at(3000))
	write(t, s, at(-86_400_000), at(4000), at(2000))
	wantAll(t, s, VIN(1), at(-86_400_000), at(1000), at(2000), at(3000), at(4000), at(5000))
}

func sameTime(t *testing.T, s Store) {
	t.Helper()
	one := []presage.Reading{
		Reading("A", presage.Number(1)), Reading("B", presage.Array([]float64{1, 2})), Reading("C", presage.String("x")),
	}
	for _, i := range []int{1, 2, 0} {
		write(t, s, Sample(VIN(1), 0, one[i]))
	}
	wantAll(t, s, VIN(1), Sample(VIN(1), 0, one...))
}

func oneWrite(t *testing.T, s Store) {
	t.Helper()
	a, b, c := Reading("A", presage.Number(1)), Reading("B", presage.Number(2)), Reading("B", presage.Number(3))
	write(t, s, Sample(VIN(1), 0, a), Sample(VIN(1), 0, b), Sample(VIN(1), 0, c))
	write(t, s, Sample(VIN(2), 0, b, a, c))
	wantAll(t, s, VIN(1), Sample(VIN(1), 0, a, c))
	wantAll(t, s, VIN(2), Sample(VIN(2), 0, a, c))
}

func rangeEnds(t *testing.T, s Store) {
	t.Helper()
	at := func(ms int64) presage.Sample { return Sample(VIN(1), ms, Reading("A", presage.Number(float64(ms)))) }
	write(t, s, at(0), at(1), at(2), at(3))
	day := func(ms int64) time.Time { return Start().Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		from, to time.Time
		want     []presage.Sample
	}{
		{day(1), day(3), []presage.Sample{at(1), at(2)}},
		{day(1), day(1), nil},
		{day(3), day(1), nil},
		{day(3), day(9), []presage.Sample{at(3)}},
		{day(-9), day(1), []presage.Sample{at(0)}},
		{day(1).Add(time.Nanosecond), day(3).Add(time.Nanosecond), []presage.Sample{at(2), at(3)}},
	} {
		if diff := cmp.Diff(c.want, Collect(t, s.Scan(t.Context(), VIN(1), c.from, c.to))); diff != "" {
			t.Errorf("[%v, %v) (-want +got):\n%s", c.from, c.to, diff)
		}
	}
}

func filter(t *testing.T, s Store) {
	t.Helper()
	a, b := Reading("A", presage.Number(1)), Reading("B", presage.String("x"))
	write(t, s, Sample(VIN(1), 0, a, b), Sample(VIN(1), 1, b), Sample(VIN(1), 2, a))
	all := func(signals ...string) []presage.Sample {
		return Collect(t, s.Scan(t.Context(), VIN(1), Start(), Start().Add(time.Hour), signals...))
	}
	for _, c := range []struct {
		signals []string
		want    []presage.Sample
	}{
		{[]string{"A"}, []presage.Sample{Sample(VIN(1), 0, a), Sample(VIN(1), 2, a)}},
		{[]string{"B", "No.Such"}, []presage.Sample{Sample(VIN(1), 0, b), Sample(VIN(1), 1, b)}},
		{[]string{"B", "A", "A"}, []presage.Sample{Sample(VIN(1), 0, a, b), Sample(VIN(1), 1, b), Sample(VIN(1), 2, a)}},
		{[]string{"No.Such"}, nil},
	} {
		if diff := cmp.Diff(c.want, all(c.signals...)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.signals, diff)
		}
	}
}

func before1970(t *testing.T, s Store) {
	t.Helper()
	at := func(ms int64) presage.Sample {
		return presage.Sample{
			VIN: VIN(1), Time: time.UnixMilli(ms).UTC(), Readings: []presage.Reading{Reading("A", presage.Number(float64(ms)))},
		}
	}
	write(t, s, at(1), at(0), at(-1), at(-1001))
	wantAll(t, s, VIN(1), at(-1001), at(-1), at(0), at(1))
}

func cancelled(t *testing.T, s Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Write(ctx, []presage.Sample{Sample(VIN(1), 0, Reading("A", presage.Number(1)))}); err == nil {
		t.Error("a write with an ended context succeeded")
	}
}

func nothing(t *testing.T, s Store) {
	t.Helper()
	write(t, s)
	write(t, s, Sample(VIN(1), 0))
	wantAll(t, s, VIN(1))
}

func oddNames(t *testing.T, s Store) {
	t.Helper()
	var readings []presage.Reading
	for i, name := range []string{"a b", "a,b", "a=b", "信号", `q"q`, "${x}", "time2", "x[0]"} {
		readings = append(readings, Reading(name, presage.Number(float64(i))))
	}
	want := Copy(Sample(VIN(1), 0, readings...))
	write(t, s, want)
	wantAll(t, s, VIN(1), want)
	for _, r := range readings {
		got := Collect(t, s.Scan(t.Context(), VIN(1), Start(), Start().Add(time.Hour), r.Signal))
		if diff := cmp.Diff([]presage.Sample{Sample(VIN(1), 0, r)}, got); diff != "" {
			t.Errorf("filter %q (-want +got):\n%s", r.Signal, diff)
		}
	}
}

func rejects(t *testing.T, s Store) {
	t.Helper()
	good := Reading("A", presage.Number(1))
	bad := Reading("", presage.Number(2))
	err := s.Write(t.Context(), []presage.Sample{
		Sample(VIN(1), 0, good), Sample(VIN(1), 1, bad, good), Sample("SHORT", 2, good), Sample(VIN(1), 3, good),
	})
	var rejected *presage.RejectedError
	if !errors.As(err, &rejected) || !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("error %v; want a RejectedError that is an ErrInvalid", err)
	}
	want := []presage.Sample{Sample(VIN(1), 1, bad), Sample("SHORT", 2, good)}
	if diff := cmp.Diff(want, rejected.Samples); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	wantAll(t, s, VIN(1), Sample(VIN(1), 0, good), Sample(VIN(1), 1, good), Sample(VIN(1), 3, good))
}

func closed(t *testing.T, s Store) {
	t.Helper()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	_, rowsErr := s.Rows(t.Context())
	var scanErr error
	for _, err := range s.Scan(t.Context(), VIN(1), Start(), Start().Add(time.Hour)) {
		scanErr = err
	}
	for i, err := range []error{
		s.Write(t.Context(), []presage.Sample{Sample(VIN(1), 0, Reading("A", presage.Number(1)))}),
		s.Ready(t.Context()), rowsErr, scanErr,
	} {
		if !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("call %d on a closed store: %v; want ErrUnavailable", i, err)
		}
	}
}

// label names the n-th of many signals.
func label(n int) string { return fmt.Sprintf("Signal.%02d", n) }
