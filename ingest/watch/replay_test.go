package watch_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/watch"
	"presage/models"
	"presage/simulator/recorded"
)

// diary notes every alert that comes up while a recording is replayed as if live.
type diary struct {
	*memory
	fired map[string][]time.Time // by rule
	ended map[string][]time.Time
}

func (d *diary) PutWatchStates(ctx context.Context, states []presage.WatchState) error {
	before := maps.Clone(d.states)
	for _, s := range states {
		was := before[[3]string{string(s.VIN), s.Rule, s.Signal}]
		if s.Firing() && !was.FiredAt.Equal(s.FiredAt) {
			d.fired[s.Rule] = append(d.fired[s.Rule], s.FiredAt)
		}
		if !s.Firing() && was.Firing() {
			d.ended[s.Rule] = append(d.ended[s.Rule], s.ClearedAt)
		}
	}
	return d.memory.PutWatchStates(ctx, states)
}

// replay plays a recording through the embedded rules, each message arriving
// as its newest sample is measured.
func replay(t *testing.T, format string, files ...string) (*diary, int) {
	t.Helper()
	dir := os.Getenv("PRESAGE_DATA")
	if dir == "" {
		t.Skip("PRESAGE_DATA is not set")
	}
	for i := range files {
		files[i] = filepath.Join(dir, files[i])
	}
	r, err := recorded.Open(format, files, recorded.Options{VIN: vin, BatchRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &diary{
		memory: &memory{states: map[[3]string]presage.WatchState{}},
		fired:  map[string][]time.Time{}, ended: map[string][]time.Time{},
	}
	var now time.Time
	w, err := watch.New(t.Context(), cat, watch.Deps{Store: d, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for m, err := range r.Messages() {
		if err != nil {
			t.Fatal(err)
		}
		now = m.At
		samples, _, err := ingest.DecodeTelemetry(vin, m.Payload, now)
		if err != nil {
			t.Fatal(err)
		}
		n += len(samples)
		if err := w.Observe(t.Context(), samples, nil); err != nil {
			t.Fatal(err)
		}
	}
	return d, n
}

// Two healthy cars, 206 trips at one sample a second: nothing may fire.
func TestHealthyCarsFireNothing(t *testing.T) {
	t.Parallel()
	for format, file := range map[string]string{
		"carobd": "obd_carobd/carobd_all_trips.csv.gz", "kit-obd": "obd_seat_leon/kit_obd_1hz.csv.gz",
	} {
		d, n := replay(t, format, file)
		if n == 0 || len(d.fired) != 0 {
			t.Errorf("%s: %d samples, fired %v", format, n, d.fired)
		}
		t.Logf("%s: %d samples, %d alerts, %d stored changes", format, n, len(d.fired), d.puts)
	}
}

// Two cars with battery faults. The first level 3 of their battery management
// is from the data's own description (PROVENANCE.md), in the cars' local time.
func TestFaultyBatteries(t *testing.T) {
	t.Parallel()
	china := time.FixedZone("UTC+8", 8*60*60)
	for car, level3 := range map[string]time.Time{
		"car2": time.Date(2019, 5, 10, 8, 44, 57, 0, china),
		"car4": time.Date(2019, 7, 9, 22, 14, 40, 0, china),
	} {
		d, n := replay(t, "ev-cloud", "ev_faults/"+car+"_summary.csv.gz", "ev_faults/"+car+"_cells.csv.gz")
		t.Logf("%s: %d samples, %d stored changes, first level 3 at %s", car, n, d.puts, level3.Format(time.DateTime))
		for _, rule := range slices.Sorted(maps.Keys(d.fired)) {
			t.Logf("  %s fired %d times, ended %d times:", rule, len(d.fired[rule]), len(d.ended[rule]))
			for _, at := range d.fired[rule] {
				t.Logf("    %s (level 3 %+.1f h)", at.In(china).Format(time.DateTime), at.Sub(level3).Hours())
			}
		}
		var all []time.Time
		for _, times := range d.fired {
			all = append(all, times...)
		}
		if len(all) == 0 {
			t.Errorf("%s: nothing fired", car)
			continue
		}
		if err := calm(car, all, level3); err != nil {
			t.Error(err)
		}
	}
}

// calm wants an alert within two minutes of level 3 at the latest, and fewer
// than one in five days: what rings more often is not listened to.
func calm(car string, fired []time.Time, level3 time.Time) error {
	slices.SortFunc(fired, time.Time.Compare)
	if late := fired[0].Sub(level3); late > 2*time.Minute {
		return fmt.Errorf("%s: the first alert came %s after level 3", car, late)
	}
	if len(fired) > 20 {
		return fmt.Errorf("%s: %d alerts in three months", car, len(fired))
	}
	return nil
}
