package cluster_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/internal/cluster"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// town is processes over one database, with one clock that the test sets.
type town struct {
	t    *testing.T
	open func() *sqlstore.Store
	now  time.Time
}

func onFile(t *testing.T) *town {
	t.Helper()
	path := sqltest.NewFile(t)
	return &town{t: t, open: func() *sqlstore.Store { return sqltest.OpenURL(t, path) }, now: time.Unix(1e9, 0)}
}

func (w *town) join(id string, roles ...string) (*cluster.Member, *sqlstore.Store) {
	w.t.Helper()
	if len(roles) == 0 {
		roles = []string{"score", "outreach", "forecast"}
	}
	store := w.open()
	self := presage.Process{ID: id, Place: id, Roles: roles, Since: w.now}
	m := cluster.New(self, store, slog.New(slog.DiscardHandler))
	w.beat(m)
	return m, store
}

func (w *town) beat(ms ...*cluster.Member) {
	w.t.Helper()
	for _, m := range ms {
		if err := m.Beat(w.t.Context(), w.now); err != nil {
			w.t.Fatal(err)
		}
	}
}

// pass lets time go by, in which some beat.
func (w *town) pass(d time.Duration, ms ...*cluster.Member) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(cluster.BeatEvery)
		w.beat(ms...)
	}
}

// shards counts those of each, and fails when one has two owners.
func (w *town) shards(ms ...*cluster.Member) string {
	w.t.Helper()
	owner, counts := map[string]int{}, []int{}
	for i, m := range ms {
		n := 0
		for _, d := range m.Held() {
			if !d.IsShard() {
				continue
			}
			if other, twice := owner[d.Name]; twice {
				w.t.Errorf("%s is with %d and %d", d.Name, other, i)
			}
			owner[d.Name], n = i, n+1
		}
		counts = append(counts, n)
	}
	return fmt.Sprint(counts)
}

func (w *town) want(got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("shards %s, want %s", got, want)
	}
}

func TestPartsAreEvenAndMove(t *testing.T) {
	t.Parallel()
	partsAreEvenAndMove(onFile(t))
}

func partsAreEvenAndMove(w *town) {
	a, _ := w.join("a")
	w.want(w.shards(a), "[64]")
	b, _ := w.join("b")
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[32 32]")
	c, _ := w.join("c")
	w.pass(2*cluster.BeatEvery, a, b, c)
	w.want(w.shards(a, b, c), "[22 21 21]")
	for _, name := range []string{presage.DutyLearn, presage.DutyOutreach, presage.DutyForecast} {
		if _, leads := a.Leads(name); !leads {
			w.t.Errorf("the first has not %s any more", name)
		}
	}
	if err := b.Leave(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.pass(cluster.BeatEvery, a, c)
	w.want(w.shards(a, b, c), "[32 0 32]")
	// a dies.
	w.pass(30*time.Second, c)
	w.want(w.shards(c), "[64]")
	if _, leads := c.Leads(presage.DutyLearn); !leads {
		w.t.Error("nobody learns")
	}
	// a was only paused.
	w.pass(2*cluster.BeatEvery, a, c)
	w.want(w.shards(a, c), "[32 32]")
}

// What nobody can see, because the database is away, is no death.
func TestOutageIsNoDeath(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	a, _ := w.join("a")
	b, _ := w.join("b")
	w.pass(2*cluster.BeatEvery, a, b)
	before := a.Held()
	w.now = w.now.Add(time.Hour)
	w.beat(a)
	if n := len(a.Held()); n != len(before) {
		t.Errorf("%d duties, %d before", n, len(before))
	}
	w.want(w.shards(a, b), "[32 32]")
}

// A process has duties of its roles alone.
func TestRoles(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	api, _ := w.join("a", "api", "ingest")
	score, _ := w.join("b", "score")
	outreach, _ := w.join("c", "outreach", "forecast")
	w.pass(2*cluster.BeatEvery, api, score, outreach)
	w.want(w.shards(api, score, outreach), "[0 64 0]")
	if n := len(api.Held()); n > 0 {
		t.Errorf("%d duties for pages", n)
	}
	if _, ok := score.Leads(presage.DutyOutreach); ok {
		t.Error("who scores decides")
	}
	for _, name := range []string{presage.DutyOutreach, presage.DutyForecast} {
		if _, ok := outreach.Leads(name); !ok {
			t.Errorf("nobody has %s", name)
		}
	}
	if missing := api.Missing(); len(missing) > 0 {
		t.Errorf("%v are missing", missing)
	}
	if err := outreach.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass(cluster.BeatEvery, api, score)
	if missing := api.Missing(); !slices.Equal(missing, []string{presage.ProcessOutreach, presage.ProcessForecast}) {
		t.Errorf("%v are missing, want outreach and forecast", missing)
	}
}

// A process that is about to stop gives away what rests at its next beat and the rest after
// End, and takes nothing more.
func TestRetire(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	a, _ := w.join("a")
	busy, ok := a.BeginOne(presage.ShardDuty(7))
	if !ok {
		t.Fatal("it has not shard 7")
	}
	b, _ := w.join("b")
	a.Retire()
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[1 63]")
	a.End(busy)
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[0 64]")
}

// One that was killed and starts again on its data directory does not wait for its own death,
// and takes nothing from those that live elsewhere.
func TestASeatIsTakenOver(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	sit := func(id, seat string) *cluster.Member {
		self := presage.Process{ID: id, Seat: seat, Place: id, Roles: presage.ProcessRoles(), Since: w.now}
		m := cluster.New(self, w.open(), slog.New(slog.DiscardHandler))
		w.beat(m)
		return m
	}
	a, b := sit("a", "one"), sit("b", "two")
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[32 32]")
	again := sit("c", "one") // a was killed
	w.want(w.shards(b, again), "[32 32]")
	for _, name := range []string{presage.DutyLearn, presage.DutyOutreach, presage.DutyForecast} {
		if _, leads := again.Leads(name); !leads {
			t.Errorf("nobody has %s", name)
		}
	}
}

// A process whose telemetry is on its own disk gives no shard to another one.
func TestAloneSharesNothing(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	alone := cluster.New(presage.Process{ID: "x", Roles: []string{"score"}, Alone: true}, w.open(), slog.New(slog.DiscardHandler))
	w.beat(alone)
	other, _ := w.join("a")
	w.pass(30*time.Second, alone, other)
	w.want(w.shards(alone, other), "[64 0]")
}

// What is worked on is given away after its end, and nothing of it is begun anew.
func TestBusyShardsStay(t *testing.T) {
	t.Parallel()
	w := onFile(t)
	a, _ := w.join("a")
	busy := a.Begin()
	b, _ := w.join("b")
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[64 0]")
	if next := a.Begin(); len(next) != 32 {
		t.Errorf("%d shards are begun anew, 32 are to go", len(next))
	} else {
		a.End(next...)
	}
	a.End(busy...)
	w.pass(2*cluster.BeatEvery, a, b)
	w.want(w.shards(a, b), "[32 32]")
}

// A holder is paused, another one takes over, the first wakes and writes what it had
// made: each write is refused, and nothing has changed.
func TestPausedHolderCannotWrite(t *testing.T) {
	t.Parallel()
	pausedHolderCannotWrite(onFile(t))
}

func pausedHolderCannotWrite(w *town) {
	ctx := w.t.Context()
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	a, store := w.join("a")
	vin := presage.VIN("LPSTEST00TEST0042")
	day := presage.DayOf(w.now)
	do(store.PutVehicles(ctx, []presage.Vehicle{{VIN: vin}}))
	do(store.MarkDirty(ctx, []presage.VehicleDay{{VIN: vin, Day: day}}))
	held := a.Begin()
	mine := store.On(held)
	dirty, err := mine.DirtyDays(ctx, 0)
	do(err)
	outdated, err := mine.Outdated(ctx, 0)
	do(err)
	if len(dirty) != 1 || len(outdated) != 1 {
		w.t.Fatalf("%d dirty days, %d outdated vehicles", len(dirty), len(outdated))
	}

	b, theirs := w.join("b") // a is paused from here on
	w.pass(30*time.Second, b)
	w.want(w.shards(b), "[64]")

	rollup := []presage.Rollup{{VIN: vin, Day: day, Samples: 7, First: w.now, Last: w.now}}
	judged := []presage.Prognosis{{VIN: vin, Component: presage.BrakePadsFront, AsOf: w.now, Status: presage.StatusDue}}
	for what, write := range map[string]func(*sqlstore.Store) error{
		"roll-ups":            func(s *sqlstore.Store) error { return s.PutRollups(ctx, rollup) },
		"prognoses":           func(s *sqlstore.Store) error { return s.PutPrognoses(ctx, judged) },
		"clearing days":       func(s *sqlstore.Store) error { return s.ClearDirty(ctx, dirty) },
		"clearing vehicles":   func(s *sqlstore.Store) error { return s.ClearOutdated(ctx, outdated) },
		"the end of its pass": func(s *sqlstore.Store) error { return s.FinishDuty(ctx, held[0]) },
	} {
		if err := write(mine); !errorsIs(err, presage.ErrFenced, presage.ErrConflict) {
			w.t.Errorf("%s: %v, want ErrFenced", what, err)
		}
	}
	rs, err := store.Rollups(ctx, vin, 0, day)
	do(err)
	ps, err := store.Prognoses(ctx, vin)
	do(err)
	left, err := store.DirtyDays(ctx, 0)
	do(err)
	marked, err := store.Outdated(ctx, 0)
	do(err)
	if len(rs) != 0 || len(ps) != 0 || len(left) != 1 || len(marked) != 1 {
		w.t.Errorf("%d roll-ups, %d prognoses, %d dirty days, %d marks: a refused write changed something",
			len(rs), len(ps), len(left), len(marked))
	}

	theirs = theirs.On(b.Begin())
	do(theirs.PutRollups(ctx, rollup))
	do(theirs.PutPrognoses(ctx, judged))
	do(theirs.ClearDirty(ctx, dirty))
	if err := theirs.On(nil).PutPrognoses(ctx, judged); !errorsIs(err, presage.ErrFenced) {
		w.t.Errorf("without a shard: %v", err)
	}
	// The first learns of it at its next beat.
	w.beat(a)
	w.want(w.shards(a, b), "[0 64]")
}

func errorsIs(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if !errors.Is(err, kind) {
			return false
		}
	}
	return true
}
