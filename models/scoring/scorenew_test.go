package scoring_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/models"
	"presage/models/scoring"
)

// fleet is vehicles over a real store, whose samples are in memory.
type fleet struct {
	*sqlstore.Store

	t       *testing.T
	rnd     *rand.Rand
	samples map[presage.VIN][]presage.Sample
	vins    []presage.VIN
	now     time.Time
}

func (f *fleet) Scan(_ context.Context, v presage.VIN, from, to time.Time, _ ...string) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, x := range f.samples[v] {
			if !x.Time.Before(from) && x.Time.Before(to) && !yield(x, nil) {
				return
			}
		}
	}
}

func (f *fleet) Write(context.Context, []presage.Sample) error { return nil }

func newFleet(t *testing.T, vehicles int, seed uint64) *fleet {
	t.Helper()
	f := &fleet{
		Store: sqltest.Open(t), t: t, rnd: rand.New(rand.NewPCG(seed, 2)),
		samples: map[presage.VIN][]presage.Sample{}, now: start.AddDate(0, 0, 60).Add(time.Hour),
	}
	for i := range vehicles {
		v := presage.Vehicle{
			VIN: presage.VIN(fmt.Sprintf("LPSTEST00TEST%04d", i)), InService: start.AddDate(-3, 0, -i),
			Powertrain: []presage.Powertrain{presage.Combustion, presage.BatteryElectric}[i%2],
		}
		f.vins = append(f.vins, v.VIN)
		f.do(f.PutVehicles(t.Context(), []presage.Vehicle{v}))
		for d := range 60 {
			if f.rnd.IntN(5) > 0 {
				f.drive(v.VIN, d)
			}
		}
	}
	return f
}

func (f *fleet) do(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// drive measures a vehicle on a day; it may come late, and again.
func (f *fleet) drive(vin presage.VIN, day int) {
	f.t.Helper()
	at := start.AddDate(0, 0, day).Add(time.Duration(6+f.rnd.IntN(12)) * time.Hour)
	for _, s := range f.samples[vin] {
		if s.Time.Equal(at) {
			return
		}
	}
	f.samples[vin] = append(f.samples[vin], presage.Sample{VIN: vin, Time: at, Readings: []presage.Reading{
		{Signal: presage.SignalOdometer, Value: presage.Number(1000 * (20000 + 40*float64(day) + f.rnd.Float64()))},
		{Signal: presage.SignalPadFrontLeft, Value: presage.Number(60 + float64(day)/2 + f.rnd.NormFloat64())},
	}})
	slices.SortFunc(f.samples[vin], func(a, b presage.Sample) int { return a.Time.Compare(b.Time) })
	f.do(f.MarkDirty(f.t.Context(), []presage.VehicleDay{{VIN: vin, Day: presage.DayOf(at)}}))
}

func (f *fleet) stage() *scoring.Stage {
	f.t.Helper()
	cat, err := models.LoadCatalogue(nil)
	f.do(err)
	st, err := scoring.New(scoring.Config{BatchDays: 50}, scoring.Deps{
		Telemetry: f, Queue: f, Rollups: f, Fleet: f, Prognoses: f, Memory: f, Now: func() time.Time { return f.now },
	}, models.NewPrognoser(cat))
	f.do(err)
	return st
}

func (f *fleet) all() map[presage.VIN][]presage.Prognosis {
	f.t.Helper()
	out := map[presage.VIN][]presage.Prognosis{}
	for _, vin := range f.vins {
		ps, err := f.Prognoses(f.t.Context(), vin)
		f.do(err)
		out[vin] = ps
	}
	return out
}

// change lets something new be known of a vehicle.
func (f *fleet) change(vin presage.VIN, day int) {
	f.t.Helper()
	switch f.rnd.IntN(3) {
	case 0:
		f.drive(vin, day-f.rnd.IntN(20)) // late
	case 1:
		f.do(f.PutLabels(f.t.Context(), []presage.Label{{
			VIN: vin, Component: presage.BrakePadsFront, At: f.now.Add(-time.Hour), Replaced: true, Outcome: presage.OutcomeConfirmed,
		}}))
	default:
		v, err := f.Vehicle(f.t.Context(), vin)
		f.do(err)
		v.InService = v.InService.AddDate(0, -1, 0)
		f.do(f.PutVehicles(f.t.Context(), []presage.Vehicle{v}))
	}
}

// Any changes of any vehicles, also by a process that was started in between: the
// pass over what is new says of these vehicles what a pass over the whole fleet
// says, bit for bit, and leaves the others alone.
func TestScoreNewSaysWhatScoreSays(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		f := newFleet(t, 10, seed)
		st := f.stage()
		_, err := st.Score(t.Context())
		f.do(err)
		for day := 60; day < 64; day++ {
			f.now = start.AddDate(0, 0, day).Add(23 * time.Hour)
			before, touched := f.all(), map[presage.VIN]bool{}
			for range 1 + f.rnd.IntN(5) {
				vin := f.vins[f.rnd.IntN(len(f.vins))]
				f.change(vin, day)
				touched[vin] = true
			}
			if f.rnd.IntN(2) == 0 {
				st = f.stage() // a restart
			}
			rep, err := st.ScoreNew(t.Context())
			f.do(err)
			if rep.Learned || len(rep.VINs) > len(touched) {
				t.Fatalf("%d vehicles were judged, %d had something new; learned: %v", len(rep.VINs), len(touched), rep.Learned)
			}
			after := f.all()
			_, err = f.stage().Score(t.Context())
			f.do(err)
			want := f.all()
			for _, vin := range f.vins {
				if !slices.Contains(rep.VINs, vin) {
					want[vin] = before[vin]
				}
			}
			if diff := cmp.Diff(want, after); diff != "" {
				t.Fatalf("seed %d, day %d: -whole fleet +new\n%s", seed, day, diff)
			}
		}
		left, err := f.Outdated(t.Context(), 0)
		f.do(err)
		if len(left) > 0 {
			t.Errorf("%d vehicles are still listed", len(left))
		}
	}
}

// Before the fleet has taught anything, and for a process that finds a lesson of
// another catalogue, the first pass is over the whole fleet.
func TestFirstPassIsOverTheFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 8, 9)
	rep, err := f.stage().ScoreNew(t.Context())
	f.do(err)
	if rep.VINs != nil || rep.Vehicles != 8 || !rep.Learned {
		t.Errorf("first pass: %d vehicles, learned %v", rep.Vehicles, rep.Learned)
	}
	rep, err = f.stage().ScoreNew(t.Context())
	f.do(err)
	if rep.Vehicles != 0 || rep.Learned {
		t.Errorf("nothing new: %d vehicles, learned %v", rep.Vehicles, rep.Learned)
	}
	f.do(f.PutSetting(t.Context(), "scoring.lesson", `{"at":"2026-03-01T00:00:00Z","taught":{"catalogue":"other"}}`))
	rep, err = f.stage().ScoreNew(t.Context())
	f.do(err)
	if rep.Vehicles != 8 || !rep.Learned {
		t.Errorf("another catalogue: %d vehicles, learned %v", rep.Vehicles, rep.Learned)
	}
}

// The paths that a page asks for are those of the very prognoses that are stored:
// a prognosis computed outside the stage, from the same days, has them too.
func TestPathsAreThoseOfTheStoredPrognoses(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 6, 3)
	st := f.stage()
	_, err := st.Score(t.Context())
	f.do(err)
	drawn := 0
	for _, vin := range f.vins {
		ps, err := f.Prognoses(t.Context(), vin)
		f.do(err)
		f.do(st.Paths(t.Context(), vin, ps))
		h := models.History{}
		h.Vehicle, err = f.Vehicle(t.Context(), vin)
		f.do(err)
		h.Rollups, err = f.Rollups(t.Context(), vin, 0, presage.DayOf(f.now))
		f.do(err)
		want := st.Prognoser().Prognose(h, f.now)
		slices.SortFunc(want, func(a, b presage.Prognosis) int { return strings.Compare(string(a.Component), string(b.Component)) })
		if diff := cmp.Diff(want, ps, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		for _, p := range ps {
			drawn += len(p.Path)
		}
	}
	if drawn < 6*14 { // today, then every week to day 90
		t.Errorf("%d points are drawn", drawn)
	}
}

// looking is a store that asks for paths, as a page does, while a pass writes to it.
type looking struct {
	*fleet

	stage *scoring.Stage
	asked int
}

func (l *looking) PutPrognoses(ctx context.Context, ps []presage.Prognosis) error {
	l.asked++
	if err := l.stage.Paths(ctx, ps[0].VIN, slices.Clone(ps[:1])); err != nil {
		return err
	}
	return l.fleet.PutPrognoses(ctx, ps)
}

// A page that asks for paths does not wait for the pass that runs.
func TestPathsDoNotWaitForAPass(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, 5)
	l := &looking{fleet: f}
	cat, err := models.LoadCatalogue(nil)
	f.do(err)
	l.stage, err = scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: f, Queue: f, Rollups: f, Fleet: f, Prognoses: l, Memory: f, Now: func() time.Time { return f.now },
	}, models.NewPrognoser(cat))
	f.do(err)
	_, err = l.stage.Score(t.Context())
	f.do(err)
	if l.asked == 0 {
		t.Error("nobody asked")
	}
}
