package scoring

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
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
	// PutRollups stores roll-ups and marks their vehicles as outdated.
	PutRollups(ctx context.Context, rs []presage.Rollup) error
	// RollupBlocks hands over the roll-ups of vehicles, which ascend, by VIN and
	// day: those from a day on, and the oldest of each. The block is lent.
	RollupBlocks(ctx context.Context, vins []presage.VIN, from presage.Day,
		each func(presage.VIN, *presage.RollupBlock)) error
}

// Fleet lists vehicles by ascending VIN, and what workshops found at them.
type Fleet interface {
	Vehicles(ctx context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error)
	VehiclesOf(ctx context.Context, vins []presage.VIN) ([]presage.Vehicle, error)
	LabelsOf(ctx context.Context, vins []presage.VIN) ([]presage.Label, error)
}

// Prognoses keeps the current state per vehicle and component, and which
// vehicles something newer is known of.
type Prognoses interface {
	// PutPrognoses replaces all prognoses of each vehicle that ps names. ps is lent: its
	// memory, that of terms and paths included, is used again after the call.
	PutPrognoses(ctx context.Context, ps []presage.Prognosis) error
	// Outdated lists at most limit vehicles, 0 for all.
	Outdated(ctx context.Context, limit int) ([]presage.Outdated, error)
	// ClearOutdated removes the vehicles whose Mark has not changed.
	ClearOutdated(ctx context.Context, list []presage.Outdated) error
}

// Memory keeps what the fleet has taught for the next start. ErrNotFound before the first lesson.
type Memory interface {
	Setting(ctx context.Context, name string) (string, error)
	PutSetting(ctx context.Context, name, value string) error
}

// Deps is what the stage needs from outside. All fields but Series and Logger are required.
type Deps struct {
	Telemetry Telemetry
	Queue     Queue
	Rollups   Rollups
	Fleet     Fleet
	Prognoses Prognoses
	Memory    Memory
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
	VINs      []presage.VIN          // those vehicles, ascending; nil for the whole fleet
	Due       []presage.VIN          // vehicles with a component that is due, ascending
	Learned   bool                   // the priors were refitted
}

// Stage makes passes. Its methods may be called from several goroutines; passes wait for each other.
type Stage struct {
	deps Deps
	conf Config

	prognoser atomic.Pointer[models.Prognoser] // pages ask for it while a pass runs

	mu      sync.Mutex
	learned time.Time // zero before the first lesson
	asked   bool      // Memory was asked for the last lesson
	known   string    // the lesson that Memory had then
	desks   []*desk
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
		{"Memory", deps.Memory == nil},
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
	s := &Stage{deps: deps, conf: conf}
	s.prognoser.Store(p)
	return s, nil
}

// Score is the pass over the whole fleet: dirty days to roll-ups, every vehicle to
// prognoses, both stored. Days that cannot be read stay dirty and are the error of a pass that
// did all else; it stops at any other error, with what was stored until then
// whole, and the next pass does the rest.
func (s *Stage) Score(ctx context.Context) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(ctx, s.whole(), s.learnAndJudge)
}

// ScoreNew is Score for the vehicles of which something new is known, and for
// all of them before the fleet has taught anything.
func (s *Stage) ScoreNew(ctx context.Context) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(ctx, s.whole(), func(ctx context.Context, of Part, now time.Time, rep *Report) error {
		if s.unlearned() {
			return s.learnAndJudge(ctx, of, now, rep)
		}
		return s.judgeOutdated(ctx, of, now, rep)
	})
}

type judging func(ctx context.Context, of Part, now time.Time, rep *Report) error

func (s *Stage) pass(ctx context.Context, of Part, judge judging) (Report, error) {
	now := s.deps.Now()
	rep := Report{Statuses: map[presage.Status]int{}}
	if err := s.recall(ctx); err != nil {
		return rep, fmt.Errorf("score: %w", err)
	}
	unread, err := s.rollUp(ctx, of, &rep)
	if err == nil {
		err = judge(ctx, of, now, &rep)
	}
	if err != nil {
		return rep, fmt.Errorf("score: %w", err)
	}
	if rep.Days > 0 || rep.Vehicles > 0 {
		s.deps.Logger.Info("scored",
			"days", rep.Days, "vehicles", rep.Vehicles, "due", len(rep.Due), "learned", rep.Learned)
	}
	if unread != nil {
		return rep, fmt.Errorf("score: a day stays dirty: %w", unread)
	}
	return rep, nil
}

// Prognoser returns the prognoser now in use, with what the fleet has taught it.
func (s *Stage) Prognoser() *models.Prognoser { return s.prognoser.Load() }

// rollUp works the dirty days off in batches, for as long as that brings any further.
func (s *Stage) rollUp(ctx context.Context, of Part, rep *Report) (unread, err error) {
	for {
		days, err := of.Queue.DirtyDays(ctx, s.conf.BatchDays)
		if err != nil {
			return nil, fmt.Errorf("read dirty days: %w", err)
		}
		if len(days) == 0 {
			return unread, nil
		}
		done, fault, err := s.rollUpBatch(ctx, of, days)
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
