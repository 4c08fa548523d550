package scoring_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/models"
	"presage/models/scoring"
)

const vin presage.VIN = "LPSTEST00TEST0042"

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// stores is every dependency in memory.
type stores struct {
	samples   []presage.Sample
	series    []presage.Sample
	dirty     []presage.DirtyDay
	rollups   map[presage.VehicleDay]presage.Rollup
	vehicles  []presage.Vehicle
	labels    []presage.Label
	prognoses map[presage.ComponentID]presage.Prognosis
	outdated  map[presage.VIN]string
	settings  map[string]string
	now       time.Time
	fail      error
}

func (s *stores) Scan(_ context.Context, v presage.VIN, from, to time.Time, _ ...string) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, x := range s.samples {
			if x.VIN == v && !x.Time.Before(from) && x.Time.Before(to) && !yield(x, nil) {
				return
			}
		}
	}
}

func (s *stores) Write(_ context.Context, xs []presage.Sample) error {
	s.series = append(s.series, xs...)
	return nil
}

func (s *stores) DirtyDays(_ context.Context, limit int) ([]presage.DirtyDay, error) {
	return slices.Clone(s.dirty[:min(limit, len(s.dirty))]), nil
}

func (s *stores) ClearDirty(_ context.Context, days []presage.DirtyDay) error {
	s.dirty = slices.DeleteFunc(s.dirty, func(d presage.DirtyDay) bool { return slices.Contains(days, d) })
	return nil
}

func (s *stores) PutRollups(_ context.Context, rs []presage.Rollup) error {
	if s.fail != nil {
		return s.fail
	}
	for _, r := range rs {
		s.rollups[presage.VehicleDay{VIN: r.VIN, Day: r.Day}] = r
		s.outdated[r.VIN] += "x"
	}
	return nil
}

func (s *stores) RollupBlocks(
	_ context.Context, vins []presage.VIN, from presage.Day, each func(presage.VIN, *presage.RollupBlock),
) error {
	for _, v := range vins {
		var b presage.RollupBlock
		for k, r := range s.rollups {
			if k.VIN == v && k.Day >= from {
				b.Put(r)
			}
		}
		each(v, &b)
	}
	return nil
}

func (s *stores) Vehicles(_ context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error) {
	var out []presage.Vehicle
	for _, v := range s.vehicles {
		if v.VIN > f.After {
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *stores) VehiclesOf(_ context.Context, vins []presage.VIN) ([]presage.Vehicle, error) {
	var out []presage.Vehicle
	for _, v := range s.vehicles {
		if slices.Contains(vins, v.VIN) {
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *stores) LabelsOf(context.Context, []presage.VIN) ([]presage.Label, error) {
	return s.labels, nil
}

func (s *stores) Outdated(_ context.Context, limit int) (out []presage.Outdated, err error) {
	for vin, mark := range s.outdated {
		if limit == 0 || len(out) < limit {
			out = append(out, presage.Outdated{VIN: vin, Mark: mark})
		}
	}
	return out, nil
}

func (s *stores) ClearOutdated(_ context.Context, list []presage.Outdated) error {
	for _, o := range list {
		if s.outdated[o.VIN] == o.Mark {
			delete(s.outdated, o.VIN)
		}
	}
	return nil
}

func (s *stores) Setting(_ context.Context, name string) (string, error) {
	if text, ok := s.settings[name]; ok {
		return text, nil
	}
	return "", presage.ErrNotFound
}

func (s *stores) PutSetting(_ context.Context, name, value string) error {
	s.settings[name] = value
	return nil
}

func (s *stores) PutPrognoses(_ context.Context, ps []presage.Prognosis) error {
	for _, p := range ps { // ps is lent
		p.Terms, p.Path = slices.Clone(p.Terms), slices.Clone(p.Path)
		if p.Measured != nil {
			p.Measured = new(*p.Measured)
		}
		s.prognoses[p.Component] = p
	}
	return nil
}

// measure stores a day of wear and marks it dirty.
func (s *stores) measure(day int, wear float64) {
	for h := 8; h < 11; h++ {
		s.samples = append(s.samples, presage.Sample{
			VIN: vin, Time: start.AddDate(0, 0, day).Add(time.Duration(h) * time.Hour),
			Readings: []presage.Reading{
				{Signal: presage.SignalOdometer, Value: presage.Number(1000 * (20000 + 40*float64(day)))},
				{Signal: presage.SignalPadFrontLeft, Value: presage.Number(wear)},
			},
		})
	}
	s.dirty = append(s.dirty, presage.DirtyDay{
		VehicleDay: presage.VehicleDay{VIN: vin, Day: presage.DayOf(start.AddDate(0, 0, day))}, Seq: int64(len(s.dirty)),
	})
}

func stage(t *testing.T, s *stores) *scoring.Stage {
	t.Helper()
	return stageOf(t, s, s)
}

func stageOf(t *testing.T, s *stores, telemetry scoring.Telemetry) *scoring.Stage {
	t.Helper()
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := scoring.New(scoring.Config{BatchDays: 7}, scoring.Deps{
		Telemetry: telemetry, Queue: s, Rollups: s, Fleet: s, Prognoses: s, Memory: s, Now: func() time.Time { return s.now },
	}, models.NewPrognoser(cat))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func world() *stores {
	s := &stores{
		rollups: map[presage.VehicleDay]presage.Rollup{}, prognoses: map[presage.ComponentID]presage.Prognosis{},
		outdated: map[presage.VIN]string{}, settings: map[string]string{},
		vehicles: []presage.Vehicle{{VIN: vin, Powertrain: presage.Combustion}},
	}
	for d := range 40 {
		s.measure(d, 92+0.1*float64(d))
	}
	s.now = start.AddDate(0, 0, 40)
	return s
}

func TestScore(t *testing.T) {
	t.Parallel()
	s := world()
	st := stage(t, s)
	rep, err := st.Score(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rep.Days != 40 || rep.Vehicles != 1 || len(s.dirty) != 0 || len(rep.Due) != 1 || !rep.Learned {
		t.Errorf("%+v, %d days still dirty", rep, len(s.dirty))
	}
	if p := s.prognoses[presage.BrakePadsFront]; p.Status != presage.StatusDue {
		t.Errorf("pads %s %v", p.Status, p.FailWithin)
	}
	if len(s.series) != 1 || !slices.ContainsFunc(s.series[0].Readings, func(r presage.Reading) bool {
		return r.Signal == "Presage.brake_pads_front.fail_60d" && r.Value.Number > 0.5
	}) {
		t.Errorf("series %+v", s.series)
	}
	// Nothing new but a month of silence: every vehicle is asked all the same.
	s.now = s.now.AddDate(0, 1, 0)
	if _, err := st.Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := s.prognoses[presage.BrakePadsFront]; p.Status != presage.StatusStale {
		t.Errorf("after a month of silence: %s", p.Status)
	}
	// The workshop's word restarts the clock.
	s.labels = append(s.labels, presage.Label{
		VIN: vin, Component: presage.BrakePadsFront, At: s.now, Replaced: true, Outcome: presage.OutcomeConfirmed,
	})
	if _, err := st.Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := s.prognoses[presage.BrakePadsFront]; p.Status != presage.StatusOK || p.FailWithin.D90 > 0.01 {
		t.Errorf("new pads: %s %v", p.Status, p.FailWithin)
	}
}

// A restarted stage, which reads its tracks from the store, says the same as one that lived through it.
func TestRestartSaysTheSame(t *testing.T) {
	t.Parallel()
	s := world()
	if _, err := stage(t, s).Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := s.prognoses
	s.prognoses = map[presage.ComponentID]presage.Prognosis{}
	if _, err := stage(t, s).Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, s.prognoses); diff != "" {
		t.Error(diff)
	}
}

// A store that refuses leaves the days dirty; the next pass does them.
func TestStoreOutageLosesNoDay(t *testing.T) {
	t.Parallel()
	s := world()
	st := stage(t, s)
	s.fail = presage.ErrUnavailable
	if _, err := st.Score(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("error %v", err)
	}
	if len(s.dirty) != 40 {
		t.Fatalf("%d days still dirty, want 40", len(s.dirty))
	}
	s.fail = nil
	rep, err := st.Score(t.Context())
	if err != nil || rep.Days != 40 {
		t.Errorf("%d days, %v", rep.Days, err)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := scoring.New(scoring.Default(), scoring.Deps{}, nil); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("error %v", err)
	}
}

// kept is a Series in memory.
type kept struct{ prognoses, rollups []presage.Sample }

func (k *kept) PutPrognoses(_ context.Context, _ time.Time, xs []presage.Sample) {
	k.prognoses = append(k.prognoses, xs...)
}

func (k *kept) PutRollups(_ context.Context, xs []presage.Sample) {
	k.rollups = append(k.rollups, xs...)
}

// With a place for series the pass writes nothing to the telemetry: every day
// that was rolled up and every prognosis goes there.
func TestSeries(t *testing.T) {
	t.Parallel()
	s, k := world(), &kept{}
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: s, Queue: s, Rollups: s, Fleet: s, Prognoses: s, Memory: s, Series: k, Now: func() time.Time { return s.now },
	}, models.NewPrognoser(catalogue))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.series) != 0 || len(k.prognoses) != 1 || len(k.rollups) != 40 {
		t.Fatalf("%d samples in the telemetry, %d of prognoses, %d of roll-ups; want 0, 1 and 40",
			len(s.series), len(k.prognoses), len(k.rollups))
	}
	last := k.rollups[39]
	want := map[string]float64{
		"Presage.rollup.brake_pads_front.pad_wear_front_pct": 92 + 0.1*39, // as measured
		"Presage.rollup.vehicle.odometer_km":                 20000 + 40*39,
		"Presage.rollup.vehicle.samples":                     3,
	}
	for _, r := range last.Readings {
		if x, ok := want[r.Signal]; ok && math.Abs(x-r.Value.Number) < 1e-9 {
			delete(want, r.Signal)
		}
	}
	if len(want) > 0 || !last.Time.Equal(start.AddDate(0, 0, 39)) {
		t.Errorf("the last day %v lacks %v", last, want)
	}
}
