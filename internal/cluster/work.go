package cluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"presage"
)

// Begin returns the shards that this process has and will keep until End, by name.
func (m *Member) Begin() []presage.Duty {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []presage.Duty
	for _, d := range m.held {
		if d.IsShard() && !m.due[d.Name] {
			m.busy[d.Name]++
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b presage.Duty) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// BeginOne is Begin for one shard; false when this process does not have it any more, or
// is about to give it away.
func (m *Member) BeginOne(name string) (presage.Duty, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.held[name]
	if !ok || m.due[name] {
		return d, false
	}
	m.busy[name]++
	return d, true
}

// End tells that the work on shards is at its end, whether it went well or not.
func (m *Member) End(ds ...presage.Duty) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range ds {
		if m.busy[d.Name]--; m.busy[d.Name] <= 0 {
			delete(m.busy, d.Name)
		}
	}
}

// Leads returns one of the duties that are done once for all; false when another process has it.
func (m *Member) Leads(name string) (presage.Duty, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.held[name]
	return d, ok
}

// Finish notes that the pass over a duty is at its end. ErrFenced: another process has it by now.
func (m *Member) Finish(ctx context.Context, d presage.Duty, at time.Time) error {
	d.Done = at
	if err := m.store.FinishDuty(ctx, d); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if held, ok := m.held[d.Name]; ok && held.Token == d.Token {
		m.held[d.Name] = d
	}
	return nil
}

// Held are the duties of this process, by name.
func (m *Member) Held() []presage.Duty {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []presage.Duty
	for _, d := range m.all {
		if held, ok := m.held[d.Name]; ok {
			out = append(out, held)
		}
	}
	return out
}

// Self is this process.
func (m *Member) Self() presage.Process {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.self
}

// Run beats until ctx ends. A beat that fails is tried again at the next one: what is held
// stays held, for the database says who may write. now is the machine's clock.
func (m *Member) Run(ctx context.Context, now func() time.Time) error {
	tick := time.NewTicker(BeatEvery)
	defer tick.Stop()
	for {
		if err := m.Beat(ctx, now()); err != nil && ctx.Err() == nil {
			m.log.ErrorContext(ctx, "this process cannot tell that it lives", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Retire takes nothing more from the next beat on, and gives the shards away, those that are
// worked on after their End. What is done once for all it keeps until Leave.
func (m *Member) Retire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.self.Roles = nil
}

// Missing are the roles that no living process has, as of the last beat.
func (m *Member) Missing() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(presage.ProcessRoles(), func(role string) bool {
		return slices.ContainsFunc(m.living, func(p presage.Process) bool { return p.Has(role) })
	})
}

// Leave gives everything back and takes this process off the list; it has nothing and
// must not beat any more.
func (m *Member) Leave(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for _, d := range m.held {
		if err := m.store.LeaveDuty(ctx, d); err != nil && !errors.Is(err, presage.ErrFenced) {
			errs = append(errs, err)
		}
	}
	clear(m.held)
	return errors.Join(append(errs, m.store.RemoveProcess(ctx, m.self))...)
}
