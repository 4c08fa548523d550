package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/cluster"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/models"
	"presage/models/scoring"
)

// crew is processes that share a fleet, whose samples are in memory.
type crew struct {
	t       *testing.T
	open    func() *sqlstore.Store
	store   *sqlstore.Store
	now     time.Time // of the service
	wall    time.Time // of the machine
	samples map[presage.VIN][]presage.Sample
	vins    []presage.VIN
	judged  map[presage.VIN]int // how often, by whichever process
	decided []presage.VIN       // in the order of the decisions
	nights  int                 // decisions on the whole fleet
	sweeps  []string            // who looked at the deadlines
	broken  presage.VIN         // nothing can be decided on it
}

var errBroken = errors.New("broken")

func newCrew(t *testing.T, vehicles int) *crew {
	t.Helper()
	path := sqltest.NewFile(t)
	c := &crew{
		t: t, open: func() *sqlstore.Store { return sqltest.OpenURL(t, path) }, samples: map[presage.VIN][]presage.Sample{},
		now: time.Date(2026, 4, 30, 1, 0, 0, 0, time.UTC), judged: map[presage.VIN]int{},
	}
	c.store = c.open()
	for i := range vehicles {
		v := presage.Vehicle{
			VIN: presage.VIN(fmt.Sprintf("LPSTEST00TEST%04d", i)), InService: c.now.AddDate(-3, 0, -i),
			Powertrain: presage.Combustion,
		}
		c.vins = append(c.vins, v.VIN)
		c.do(c.store.PutVehicles(t.Context(), []presage.Vehicle{v}))
		for d := range 40 {
			c.drive(v.VIN, c.now.AddDate(0, 0, d-40), float64(i+d))
		}
	}
	return c
}

func (c *crew) do(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crew) drive(vin presage.VIN, at time.Time, worn float64) {
	c.t.Helper()
	c.samples[vin] = append(c.samples[vin], presage.Sample{VIN: vin, Time: at, Readings: []presage.Reading{
		{Signal: presage.SignalOdometer, Value: presage.Number(1e7 + 1e5*worn)},
		{Signal: presage.SignalPadFrontLeft, Value: presage.Number(min(95, 20+worn))},
	}})
	c.do(c.store.MarkDirty(c.t.Context(), []presage.VehicleDay{{VIN: vin, Day: presage.DayOf(at)}}))
}

func (c *crew) Scan(_ context.Context, v presage.VIN, from, to time.Time, _ ...string) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, x := range c.samples[v] {
			if !x.Time.Before(from) && x.Time.Before(to) && !yield(x, nil) {
				return
			}
		}
	}
}

func (c *crew) Write(context.Context, []presage.Sample) error { return nil }

func (c *crew) stage(store *sqlstore.Store) *scoring.Stage {
	c.t.Helper()
	catalogue, err := models.LoadCatalogue(nil)
	c.do(err)
	st, err := scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: c, Queue: store, Rollups: store, Fleet: store, Prognoses: store, Memory: store,
		Now: func() time.Time { return c.now },
	}, models.NewPrognoser(catalogue))
	c.do(err)
	return st
}

// counting counts the vehicles whose prognoses are written.
type counting struct {
	*sqlstore.Store

	crew *crew
}

func (s counting) PutPrognoses(ctx context.Context, ps []presage.Prognosis) error {
	err := s.Store.PutPrognoses(ctx, ps)
	for i := range ps {
		if err == nil && (i == 0 || ps[i].VIN != ps[i-1].VIN) {
			s.crew.judged[ps[i].VIN]++
		}
	}
	return err
}

// join starts a process.
func (c *crew) join(id string) *sharedPasses {
	c.t.Helper()
	store, log := c.open(), slog.New(slog.DiscardHandler)
	p := &sharedPasses{
		member: cluster.New(presage.Process{ID: id, Place: id, Roles: presage.ProcessRoles()}, store, log),
		sweep:  func(context.Context) error { c.sweeps = append(c.sweeps, id); return nil },
		stage:  c.stage(store), store: store, now: func() time.Time { return c.now }, log: log, decideAtOnce: 10,
		part: func(ds []presage.Duty) scoring.Part {
			on := store.On(ds)
			return scoring.Part{Queue: on, Rollups: on, Fleet: on, Prognoses: counting{on, c}}
		},
		once: &passes{
			decideAll: func(context.Context) error { c.nights++; return nil },
			decideFor: func(_ context.Context, vins []presage.VIN) error {
				if slices.Contains(vins, c.broken) {
					return errBroken
				}
				c.decided = append(c.decided, vins...)
				return nil
			},
			plan: func(context.Context) error { return nil }, wall: func() time.Time { return c.now },
		},
	}
	c.beat(p)
	return p
}

func (c *crew) beat(ps ...*sharedPasses) {
	c.t.Helper()
	c.wall = c.wall.Add(cluster.BeatEvery)
	for _, p := range ps {
		c.do(p.member.Beat(c.t.Context(), c.wall))
	}
}

// night is 02:00 of the day of now, or of the day before.
func (c *crew) night() time.Time {
	night := presage.DayOf(c.now).Start().Add(2 * time.Hour)
	if night.After(c.now) {
		night = night.AddDate(0, 0, -1)
	}
	return night
}

func (c *crew) pass(ps ...*sharedPasses) {
	c.t.Helper()
	for _, p := range ps {
		c.do(p.pass(c.t.Context(), c.night()))
	}
}

func (c *crew) all() map[presage.VIN][]presage.Prognosis {
	c.t.Helper()
	out := map[presage.VIN][]presage.Prognosis{}
	for _, vin := range c.vins {
		ps, err := c.store.Prognoses(c.t.Context(), vin)
		c.do(err)
		out[vin] = ps
	}
	return out
}

// times tells how often vehicles were judged since it was last asked: all the same.
func (c *crew) times() string {
	var counts []int
	for _, vin := range c.vins {
		counts = append(counts, c.judged[vin])
	}
	clear(c.judged)
	return fmt.Sprint(slices.Compact(counts))
}

func (c *crew) want(what, got, want string) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// Two processes say of a fleet what one that has all of it says, bit for bit: after a
// night, after new data and after one of them died in the middle of a night. No vehicle
// is judged twice, and what was judged anew is decided on once.
func TestSharedPassesSayWhatOneSays(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 150)
	a := c.join("a")
	b := c.join("b")
	c.beat(a, b)
	c.beat(a, b)
	same := func(what string) {
		t.Helper()
		got := c.all()
		_, err := c.stage(c.store).Score(t.Context())
		c.do(err)
		if diff := cmp.Diff(c.all(), got); diff != "" {
			t.Errorf("%s: -one process +shared\n%s", what, diff)
		}
	}

	c.pass(b, a, b) // b waits for the lesson that a leads
	c.want("first pass", c.times(), "[1]")
	c.pass(a)
	c.want("decisions on the fleet", fmt.Sprint(c.nights), "1")
	same("first pass")
	c.decided = nil

	c.now = c.now.Add(30 * time.Minute)
	fresh := []presage.VIN{c.vins[3], c.vins[70], c.vins[71], c.vins[149]}
	for i, vin := range fresh {
		c.drive(vin, c.now.Add(-time.Minute), float64(60+i))
	}
	before := c.all()
	c.beat(a, b)
	c.pass(b, a)
	for _, vin := range c.vins {
		if n := c.judged[vin]; n > 1 || n == 1 != slices.Contains(fresh, vin) {
			t.Errorf("%s was judged %d times", vin, n)
		}
	}
	clear(c.judged)
	slices.Sort(c.decided)
	if diff := cmp.Diff(fresh, c.decided); diff != "" {
		t.Errorf("decided on: %s", diff)
	}
	got := c.all()
	_, err := c.stage(c.store).Score(t.Context())
	c.do(err)
	want := c.all()
	for _, vin := range c.vins {
		if !slices.Contains(fresh, vin) {
			want[vin] = before[vin]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("new data: -one process +shared\n%s", diff)
	}

	// The night begins, b judges its part and dies; a does its own, then what b left.
	c.now = c.now.AddDate(0, 0, 1).Add(time.Hour)
	c.beat(a, b)
	c.pass(b)
	part := len(c.judged)
	if part < 40 || part > 110 {
		t.Errorf("b judged %d of 150 vehicles", part)
	}
	c.pass(a)
	c.want("a night of two", c.times(), "[1]")
	c.want("decisions on the fleet", fmt.Sprint(c.nights), "2")
	c.now = c.now.AddDate(0, 0, 1)
	c.beat(a)
	c.pass(a)
	for range 10 {
		c.beat(a)
	}
	c.want("decisions while a shard waits", fmt.Sprint(c.nights), "2")
	c.pass(a)
	c.want("the shards of the dead", c.times(), "[1]")
	c.want("decisions on the fleet", fmt.Sprint(c.nights), "3")
	c.want("deadlines, by who leads, and at once by who takes over", fmt.Sprint(c.sweeps), "[a]")
	same("after a death")
}

// A holder that is paused in the middle of its pass writes nothing once another one has its
// shards; the pass of that one is the one that counts.
func TestPausedPassIsRefused(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 20)
	a := c.join("a")
	c.pass(a)
	c.now = c.now.AddDate(0, 0, 1).Add(2 * time.Hour)
	b := c.join("b")
	c.drive(c.vins[0], c.now.Add(-time.Minute), 70)
	clear(c.judged)
	for range 10 { // a does not beat
		c.beat(b)
	}
	c.pass(b)
	want := c.all()
	c.want("by b", c.times(), "[1]")
	c.pass(a) // it believes that it has all shards, and that the night is to be made
	c.want("by a", c.times(), "[0]")
	if diff := cmp.Diff(want, c.all()); diff != "" {
		t.Errorf("a wrote: %s", diff)
	}
}

// A vehicle on which nothing can be decided holds up those that are decided with it and no
// others, and is decided on as soon as that works.
func TestBrokenVehicleHoldsFewUp(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 35)
	a := c.join("a")
	c.pass(a)
	c.now = c.now.Add(30 * time.Minute)
	for _, vin := range c.vins {
		c.drive(vin, c.now.Add(-time.Minute), 70)
	}
	c.decided, c.broken = nil, c.vins[3]
	for range 2 {
		if err := a.pass(t.Context(), c.night()); !errors.Is(err, errBroken) {
			t.Errorf("%v, want what failed", err)
		}
	}
	slices.Sort(c.decided)
	if diff := cmp.Diff(c.vins[10:], c.decided); diff != "" {
		t.Errorf("decided on beside the first ten: %s", diff)
	}
	c.decided, c.broken = nil, ""
	c.pass(a)
	slices.Sort(c.decided)
	if diff := cmp.Diff(c.vins[:10], c.decided); diff != "" {
		t.Errorf("decided on later: %s", diff)
	}
}

// Deadlines are looked at by one process; another one that takes over does so at once,
// and does not wait until it is time again.
func TestDeadlinesAreTakenOver(t *testing.T) {
	t.Parallel()
	c := newCrew(t, 1)
	a, b := c.join("a"), c.join("b")
	for range 3 {
		c.pass(a, b)
		c.do(b.deadlines(t.Context()))
	}
	c.want("while both live", fmt.Sprint(c.sweeps), "[a]")
	c.do(a.deadlines(t.Context()))
	for range 10 { // a is dead
		c.beat(b)
	}
	c.pass(b, b)
	c.want("after a death", fmt.Sprint(c.sweeps), "[a a b]")
}
