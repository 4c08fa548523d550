package scoring

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"presage"
	"presage/models"
)

// Telemetry is where samples are read from and, without Deps.Series, the series of prognoses go.
type Telemetry interface {
	// Scan yields the samples in [from, to) ascending, with the named signals only.
	Scan(ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string) iter.Seq2[presage.Sample, error]
	// Write stores samples durably; a repeat is harmless.
	Write(ctx context.Context, samples []presage.Sample) error
}

// Queue is the set of dirty days.
type Queue interface {
	DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error)
	// ClearDirty removes the days whose Seq has not moved on.
	ClearDirty(ctx context.Context, days []presage.DirtyDay) error
}

// Rollups keeps roll-ups.
type Rollups interface {
	PutRollups(ctx context.Context, rs []presage.Rollup) error
	// Rollups returns the days in [from, to] ascending.
	Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error)
}

// Fleet lists vehicles and what workshops found at them.
type Fleet interface {
	AllVehicles(ctx context.Context) ([]presage.Vehicle, error)
	AllLabels(ctx context.Context) ([]presage.Label, error)
}

// Prognoses keeps the current state per vehicle and component.
type Prognoses interface {
	// PutPrognoses stores ps, which is lent: its memory, that of terms and paths
	// included, is used again after the call.
	PutPrognoses(ctx context.Context, ps []presage.Prognosis) error
}

// Deps is what the stage needs from outside. All fields but Series and Logger are required.
type Deps struct {
	Telemetry Telemetry
	Queue     Queue
	Rollups   Rollups
	Fleet     Fleet
	Prognoses Prognoses
	// Series takes prognoses and roll-ups as series. nil: prognoses are written
	// to Telemetry, as a part of the pass, and roll-ups are not series.
	Series Series
	Now    func() time.Time
	Logger *slog.Logger // default: discards
}

// Config tunes the stage.
type Config struct {
	// BatchDays is how many dirty days are rolled up before their roll-ups are stored. Default 2,000.
	BatchDays int
	// LearnEvery is the time between two lessons from the fleet. Default 7 days; negative: never.
	LearnEvery time.Duration
}

// Default returns the defaults.
func Default() Config { return Config{BatchDays: 2000, LearnEvery: 7 * 24 * time.Hour} }

// Report is what one pass did.
type Report struct {
	Days      int                    // dirty days rolled up
	Vehicles  int                    // vehicles prognosed
	Prognoses int                    // prognoses stored
	Statuses  map[presage.Status]int // prognoses by status
	Due       []presage.VIN          // vehicles with a component that is due, ascending
	Learned   bool                   // the priors were refitted
}

// Stage holds the tracks of the fleet in memory between passes: about 60 KB a
// vehicle with 400 days. Its methods may be called from several goroutines; passes wait for each other.
type Stage struct {
	deps Deps
	conf Config

	mu        sync.Mutex
	prognoser *models.Prognoser
	tracks    map[presage.VIN]*models.Track
	labels    map[presage.VIN]int // how many each track has seen
	learned   time.Time
}

// New returns a stage that has read nothing yet. The error is an ErrInvalid
// that names a missing dependency.
func New(conf Config, deps Deps, p *models.Prognoser) (*Stage, error) {
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"Telemetry", deps.Telemetry == nil},
		{"Queue", deps.Queue == nil},
		{"Rollups", deps.Rollups == nil},
		{"Fleet", deps.Fleet == nil},
		{"Prognoses", deps.Prognoses == nil},
		{"Now", deps.Now == nil},
		{"prognoser", p == nil},
	} {
		if d.missing {
			return nil, fmt.Errorf("scoring: %w: no %s", presage.ErrInvalid, d.name)
		}
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	if conf.BatchDays <= 0 {
		conf.BatchDays = Default().BatchDays
	}
	if conf.LearnEvery == 0 {
		conf.LearnEvery = Default().LearnEvery
	}
	return &Stage{
		deps: deps, conf: conf, prognoser: p,
		tracks: map[presage.VIN]*models.Track{}, labels: map[presage.VIN]int{},
	}, nil
}

// Score is one pass: dirty days to roll-ups, every vehicle to prognoses, both
// stored. Days that cannot be read stay dirty and are the error of a pass that
// did all else; it stops at any other error, with what was stored until then
// whole, and the next pass does the rest.
func (s *Stage) Score(ctx context.Context) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.deps.Now()
	rep := Report{Statuses: map[presage.Status]int{}}
	if err := s.refresh(ctx, now); err != nil {
		return rep, fmt.Errorf("score: %w", err)
	}
	unread, err := s.rollUp(ctx, &rep)
	if err != nil {
		return rep, fmt.Errorf("score: %w", err)
	}
	s.learn(now, &rep)
	if err := s.prognose(ctx, now, &rep); err != nil {
		return rep, fmt.Errorf("score: %w", err)
	}
	s.deps.Logger.Info("scored", "days", rep.Days, "vehicles", rep.Vehicles, "due", len(rep.Due), "learned", rep.Learned)
	if unread != nil {
		return rep, fmt.Errorf("score: a day stays dirty: %w", unread)
	}
	return rep, nil
}

// Forget drops every track, so that the next pass reads the stores anew.
func (s *Stage) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tracks)
	clear(s.labels)
}

// Prognoser returns the prognoser now in use, with what the fleet has taught it.
func (s *Stage) Prognoser() *models.Prognoser {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.prognoser
}

// refresh brings vehicles and labels up to date and loads tracks not yet held.
func (s *Stage) refresh(ctx context.Context, now time.Time) error {
	vehicles, err := s.deps.Fleet.AllVehicles(ctx)
	if err != nil {
		return fmt.Errorf("read vehicles: %w", err)
	}
	for _, v := range vehicles {
		if t, ok := s.tracks[v.VIN]; ok {
			t.Vehicle = v
			continue
		}
		if s.tracks[v.VIN], err = s.load(ctx, v, now); err != nil {
			return err
		}
	}
	labels, err := s.deps.Fleet.AllLabels(ctx)
	if err != nil {
		return fmt.Errorf("read labels: %w", err)
	}
	byVIN := map[presage.VIN][]presage.Label{}
	for _, l := range labels {
		byVIN[l.VIN] = append(byVIN[l.VIN], l)
	}
	for vin, ls := range byVIN {
		if t, ok := s.tracks[vin]; ok && s.labels[vin] != len(ls) {
			t.SetLabels(ls)
			s.labels[vin] = len(ls)
		}
	}
	return nil
}

func (s *Stage) load(ctx context.Context, v presage.Vehicle, now time.Time) (*models.Track, error) {
	today := presage.DayOf(now)
	t := models.NewTrack(v)
	rs, err := s.deps.Rollups.Rollups(ctx, v.VIN, today-models.KeepDays, today+1)
	if err != nil {
		return nil, fmt.Errorf("read roll-ups of %s: %w", v.VIN.Masked(), err)
	}
	for i := range rs {
		t.Put(rs[i])
	}
	return t, nil
}

// rollUp works the dirty days off in batches, for as long as that brings any further.
func (s *Stage) rollUp(ctx context.Context, rep *Report) (unread, err error) {
	for {
		days, err := s.deps.Queue.DirtyDays(ctx, s.conf.BatchDays)
		if err != nil {
			return nil, fmt.Errorf("read dirty days: %w", err)
		}
		if len(days) == 0 {
			return unread, nil
		}
		done, fault, err := s.rollUpBatch(ctx, days)
		if err != nil {
			return nil, err
		}
		rep.Days += done
		unread = cmp.Or(unread, fault)
		if len(days) < s.conf.BatchDays || done == 0 {
			return unread, nil
		}
	}
}

func (s *Stage) learn(now time.Time, rep *Report) {
	if s.conf.LearnEvery < 0 || (!s.learned.IsZero() && now.Sub(s.learned) < s.conf.LearnEvery) {
		return
	}
	s.prognoser = s.prognoser.LearnTracks(func(yield func(*models.Track) bool) {
		for _, vin := range s.order() {
			if !yield(s.tracks[vin]) {
				return
			}
		}
	})
	s.learned, rep.Learned = now, true
}

// order is the VINs ascending: the same fleet gives the same sums, bit for bit.
func (s *Stage) order() []presage.VIN { return slices.Sorted(maps.Keys(s.tracks)) }
