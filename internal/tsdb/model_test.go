package tsdb_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// model is what a store must hold: signal values by vehicle and millisecond.
type model map[presage.VIN]map[int64]map[string]presage.Value

func (m model) write(samples []presage.Sample) {
	for _, s := range samples {
		ms := s.Time.Sub(storetest.Start()).Milliseconds()
		if m[s.VIN] == nil {
			m[s.VIN] = map[int64]map[string]presage.Value{}
		}
		if m[s.VIN][ms] == nil {
			m[s.VIN][ms] = map[string]presage.Value{}
		}
		for _, r := range s.Readings {
			m[s.VIN][ms][r.Signal] = r.Value
		}
	}
}

func (m model) scan(vin presage.VIN, from, to int64, signals []string) []presage.Sample {
	var out []presage.Sample
	for _, ms := range slices.Sorted(maps.Keys(m[vin])) {
		s := storetest.Sample(vin, ms)
		for name, v := range m[vin][ms] {
			if len(signals) == 0 || slices.Contains(signals, name) {
				s.Readings = append(s.Readings, storetest.Reading(name, v))
			}
		}
		if ms >= from && ms < to && len(s.Readings) > 0 {
			out = append(out, storetest.Copy(s))
		}
	}
	return out
}

// Whatever is written, in whatever order, with restarts, flushes and
// compactions between: a scan shows what a map would hold.
func TestAgainstMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		h := &history{dir: t.TempDir(), want: model{}}
		h.open(r)
		defer func() {
			_ = h.store.Close()
			_ = os.RemoveAll(h.dir) // each has a log file of its own that takes many megabytes
		}()
		r.Repeat(map[string]func(*rapid.T){
			"write":   h.write,
			"compact": h.compact,
			"reopen":  h.reopen,
			"":        h.check,
		})
	})
}

// history is a store beside its model.
type history struct {
	dir   string
	store *tsdb.Store
	want  model
}

func (h *history) open(r *rapid.T) {
	var err error
	if h.store, err = tsdb.Open(h.dir, tsdb.Options{}); err != nil {
		r.Fatal(err)
	}
}

func (h *history) reopen(r *rapid.T) {
	if err := h.store.Close(); err != nil {
		r.Fatal(err)
	}
	h.open(r)
}

func (h *history) compact(r *rapid.T) {
	if err := h.store.DB().Flush(); err != nil {
		r.Fatal(err)
	}
	if err := h.store.DB().Compact(r.Context(), []byte{0}, []byte{0xff}, false); err != nil {
		r.Fatal(err)
	}
}

func (h *history) write(r *rapid.T) {
	samples := rapid.SliceOfN(rapid.Custom(drawSample), 1, 6).Draw(r, "samples")
	if err := h.store.Write(r.Context(), samples); err != nil {
		r.Fatal(err)
	}
	h.want.write(samples)
}

func drawSample(t *rapid.T) presage.Sample {
	s := storetest.Sample(storetest.VIN(rapid.IntRange(0, 2).Draw(t, "vehicle")), rapid.Int64Range(-3, 5).Draw(t, "ms"))
	for range rapid.IntRange(1, 4).Draw(t, "readings") {
		x := rapid.IntRange(0, 99).Draw(t, "x")
		v := []presage.Value{
			presage.Number(float64(x) / 10), presage.Bool(x%2 == 0), presage.String(fmt.Sprint("s", x)),
			presage.Array([]float64{float64(x), 0.5}),
		}[x%4]
		s.Readings = append(s.Readings, storetest.Reading(drawSignal(t), v))
	}
	return s
}

func drawSignal(t *rapid.T) string {
	return rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}).Draw(t, "signal")
}

func (h *history) check(r *rapid.T) {
	rows := int64(0)
	for v := range 3 {
		vin := storetest.VIN(v)
		from, to := rapid.Int64Range(-4, 6).Draw(r, "from"), rapid.Int64Range(-4, 6).Draw(r, "to")
		signals := rapid.SliceOfN(rapid.Custom(drawSignal), 0, 2).Draw(r, "signals")
		start := storetest.Sample(vin, from).Time
		got := storetest.Collect(r, h.store.Scan(r.Context(), vin, start, storetest.Sample(vin, to).Time, signals...))
		equal(r, h.want.scan(vin, from, to, signals), got)
		n, err := h.store.RowsOf(r.Context(), vin)
		if err != nil || n != int64(len(h.want[vin])) {
			r.Fatalf("RowsOf = %d, %v; want %d", n, err, len(h.want[vin]))
		}
		rows += n
	}
	if n, err := h.store.Rows(r.Context()); err != nil || n != rows {
		r.Fatalf("Rows = %d, %v; want %d", n, err, rows)
	}
}
