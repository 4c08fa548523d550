package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"presage"
)

// Store keeps duties and processes.
type Store interface {
	Beat(ctx context.Context, p presage.Process) error
	Processes(ctx context.Context) ([]presage.Process, error)
	RemoveProcess(ctx context.Context, p presage.Process) error
	Duties(ctx context.Context) ([]presage.Duty, error)
	// TakeDuty and LeaveDuty are ErrFenced when the duty has changed hands.
	TakeDuty(ctx context.Context, d presage.Duty, owner string) (presage.Duty, error)
	LeaveDuty(ctx context.Context, d presage.Duty) error
	// FinishDuty keeps Done; ErrFenced as above.
	FinishDuty(ctx context.Context, d presage.Duty) error
}

// How soon a death is noticed: a shard is taken DeadAfter and two beats later at the most.
const (
	BeatEvery = 3 * time.Second
	DeadAfter = 12 * time.Second
)

// Member is this process among the others. Its methods may be called from several goroutines.
type Member struct {
	store Store
	log   *slog.Logger

	mu     sync.Mutex
	self   presage.Process
	heard  map[string]heard
	looked time.Time
	held   map[string]presage.Duty
	all    []presage.Duty    // as they were at the last beat
	living []presage.Process // as they were at the last beat, this one among them
	busy   map[string]int    // duties that are worked on now, and how often
	due    map[string]bool   // to be given away when they are not busy
}

// heard is when the number of a process last moved, by our clock.
type heard struct {
	beat int64
	at   time.Time
}

// New returns a member that has nothing yet. self.ID is another one at each start.
func New(self presage.Process, store Store, log *slog.Logger) *Member {
	return &Member{
		store: store, log: log, self: self, heard: map[string]heard{}, held: map[string]presage.Duty{},
		busy: map[string]int{}, due: map[string]bool{},
	}
}

// Beat tells that this process lives, looks who else does, and brings what it has
// nearer to its part. now is by a clock of this process that only moves forwards.
func (m *Member) Beat(ctx context.Context, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.self.Beat++
	if err := m.store.Beat(ctx, m.self); err != nil {
		return fmt.Errorf("beat: %w", err)
	}
	if err := m.look(ctx, now); err != nil {
		return fmt.Errorf("beat: %w", err)
	}
	return m.balance(ctx)
}

// look reads who lives and who has what. A dead process leaves the list.
func (m *Member) look(ctx context.Context, now time.Time) error {
	listed, err := m.store.Processes(ctx)
	if err != nil {
		return err
	}
	m.forgive(now)
	m.living = m.living[:0]
	for _, p := range listed {
		why := m.dead(p, now)
		if why == "" {
			m.living = append(m.living, p)
			continue
		}
		if err := m.store.RemoveProcess(ctx, p); err != nil {
			return err
		}
		delete(m.heard, p.ID)
		m.log.WarnContext(ctx, "a process is taken for dead", slog.String("process", p.Place), slog.String("why", why))
	}
	if m.all, err = m.store.Duties(ctx); err != nil {
		return err
	}
	before := len(m.held)
	clear(m.held)
	for _, d := range m.all {
		if d.Owner == m.self.ID {
			m.held[d.Name] = d
		}
	}
	if lost := before - len(m.held); lost > 0 {
		m.log.WarnContext(ctx, "other processes took what this one had: it did not beat in time", slog.Int("duties", lost))
	}
	return nil
}

// dead says why a process is taken for dead, "" when it is not.
func (m *Member) dead(p presage.Process, now time.Time) string {
	last, known := m.heard[p.ID]
	switch {
	case p.ID == m.self.ID:
		return ""
	case p.Seat != "" && p.Seat == m.self.Seat:
		return "this process has its place"
	case !known || last.beat != p.Beat:
		m.heard[p.ID] = heard{p.Beat, now}
	case now.Sub(last.at) >= DeadAfter:
		return "it is silent"
	}
	return ""
}

// forgive takes the time in which this process itself could not look, such as an outage of
// the database, off the silence of the others.
func (m *Member) forgive(now time.Time) {
	if blind := now.Sub(m.looked) - BeatEvery; blind > 0 {
		for id, h := range m.heard {
			h.at = h.at.Add(blind)
			m.heard[id] = h
		}
	}
	m.looked = now
}

// balance gives away what is too much and takes what nobody living has.
func (m *Member) balance(ctx context.Context) error {
	part := m.part()
	if err := m.shed(ctx, part); err != nil {
		return err
	}
	for _, d := range m.all {
		if !m.wants(d, part) || m.lives(d.Owner) {
			continue
		}
		taken, err := m.store.TakeDuty(ctx, d, m.self.ID)
		switch {
		case errors.Is(err, presage.ErrFenced): // another one was faster
		case err != nil:
			return err
		default:
			m.held[taken.Name] = taken
		}
	}
	return nil
}

// part is how many shards this process is to have.
func (m *Member) part() int {
	if !m.self.Has(presage.ProcessScore) {
		return 0
	}
	if m.self.Alone {
		return presage.Shards
	}
	n, mine := 0, 0
	for _, p := range m.living { // by ID
		if !p.Has(presage.ProcessScore) {
			continue
		}
		if p.ID == m.self.ID {
			mine = n
		}
		n++
	}
	part := presage.Shards / max(n, 1)
	if mine < presage.Shards%max(n, 1) {
		part++
	}
	return part
}

// wants tells whether this process would take a duty that nobody has.
func (m *Member) wants(d presage.Duty, part int) bool {
	switch {
	case d.IsShard():
		return m.shards() < part
	case d.Name == presage.DutyLearn:
		return m.self.Has(presage.ProcessScore)
	case d.Name == presage.DutyOutreach:
		return m.self.Has(presage.ProcessOutreach)
	case d.Name == presage.DutyForecast:
		return m.self.Has(presage.ProcessForecast)
	}
	return false
}

// shed gives shards away that are beyond part: those that rest now, the others after End.
func (m *Member) shed(ctx context.Context, part int) error {
	clear(m.due)
	over := m.shards() - part
	if over <= 0 {
		return nil
	}
	var idle, busy []presage.Duty
	for _, d := range m.all {
		switch _, mine := m.held[d.Name]; {
		case !mine || !d.IsShard():
		case m.busy[d.Name] > 0:
			busy = append(busy, d)
		default:
			idle = append(idle, d)
		}
	}
	for _, d := range idle[:min(over, len(idle))] {
		delete(m.held, d.Name)
		if err := m.store.LeaveDuty(ctx, d); err != nil && !errors.Is(err, presage.ErrFenced) {
			return err
		}
	}
	for _, d := range busy[:max(0, min(over-len(idle), len(busy)))] {
		m.due[d.Name] = true
	}
	return nil
}

func (m *Member) shards() (n int) {
	for _, d := range m.held {
		if d.IsShard() {
			n++
		}
	}
	return n
}

func (m *Member) lives(id string) bool {
	return slices.ContainsFunc(m.living, func(p presage.Process) bool { return p.ID == id })
}
