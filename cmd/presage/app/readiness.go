package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"presage"
	"presage/api/ready"
	"presage/outreach/deliver"
)

const (
	// A part is tried when somebody asks and this long after the last time: a
	// monitor that asks often costs no more.
	triedEvery = 2 * time.Second
	// One that has not answered by then is not ready. It is below the time that
	// /readyz takes to answer.
	tryTimeout = 3 * time.Second
)

// trial tries one part by a small real operation, one at a time.
type trial struct {
	name string
	try  func(ctx context.Context) error

	mu      sync.Mutex
	ended   time.Time // of the latest one; zero before the first
	err     error
	running chan struct{} // closed when the one under way ends; nil without one
}

// check is the trial as /readyz asks for it.
func check(name string, try func(ctx context.Context) error) ready.Check {
	t := &trial{name: name, try: try}
	return ready.Check{Name: name, Ready: t.Ready, Checked: t.Checked}
}

// Ready is how the latest try went, or a new one when that is too old.
func (t *trial) Ready(ctx context.Context) error {
	t.mu.Lock()
	if !t.ended.IsZero() && time.Since(t.ended) < triedEvery {
		defer t.mu.Unlock()
		return t.err
	}
	running := t.running
	if running == nil {
		running = make(chan struct{})
		t.running = running
		// It outlives the question: its answer is for whoever asks next, and it
		// ends by itself; one that does not is not joined by another.
		go t.run(context.WithoutCancel(ctx), running)
	}
	t.mu.Unlock()
	select {
	case <-running:
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.err
	case <-ctx.Done():
	case <-time.After(tryTimeout):
	}
	return &presage.PublicError{
		Words: "no answer in time",
		Err:   fmt.Errorf("%s: %w: no answer in %s", t.name, presage.ErrUnavailable, tryTimeout),
	}
}

func (t *trial) run(ctx context.Context, running chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	err := t.try(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended, t.err, t.running = time.Now(), err, nil
	close(running)
}

// Checked is how long ago the latest try ended; 0 before the first.
func (t *trial) Checked() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended.IsZero() {
		return 0
	}
	return time.Since(t.ended)
}

// checks are the parts of /readyz: those that the roles of this process need.
func (a *App) checks() []ready.Check {
	parts := []ready.Check{
		{Name: "stopping", Ready: a.stays, Checked: func() time.Duration { return 0 }},
		check("disk", func(context.Context) error { return a.room() }),
		check("telemetry", a.telemetryReady),
		check("sql", a.SQL.Probe),
	}
	if a.Does(presage.ProcessIngest) {
		parts = append(parts, check("mqtt", a.mqttReady),
			check("ingest", a.reaches(a.Pipeline.Trial().Probe)), check("clock", a.clockReady))
	}
	parts = append(parts, ready.Check{Name: "schedule", Ready: a.schedule.Ready, Checked: a.schedule.Checked})
	if a.Does(presage.ProcessOutreach) {
		parts = append(parts, ready.Check{Name: "messages", Ready: func(context.Context) error {
			return refusing(a.Outreach.Faults())
		}})
	}
	if a.shared != nil {
		parts = append(parts, ready.Check{Name: "roles", Ready: a.peersReady})
	}
	return parts
}

// refusing tells of channels whose provider refuses our account. The service
// works; what it has to tell to customers waits for the operator.
func refusing(faults []deliver.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	var notes, details []string
	for _, f := range faults {
		notes = append(notes, fmt.Sprintf(
			"messages by %s wait since %s: its provider refuses our account, sender or settings",
			f.Channel, f.Since.UTC().Format(time.RFC3339)))
		details = append(details, f.Reason)
	}
	return fmt.Errorf("%w: %s", &ready.DegradedError{Note: strings.Join(notes, "; ")}, strings.Join(details, "; "))
}

// reaches is nil when a probe got to the store and was acknowledged. While
// something holds the pipeline that is told, and no further probe waits in it.
func (a *App) reaches(probe func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if err := a.Pipeline.Ready(ctx); err != nil {
			return held(err)
		}
		err := probe(ctx)
		if err == nil {
			return nil
		}
		if why := a.Pipeline.Ready(ctx); why != nil {
			err = why
		}
		return held(err)
	}
}

// held says what holds ingest; a cause that has words for outsiders keeps them.
func held(err error) error {
	const unsaid = "a probe was not acknowledged: the log says why"
	return &presage.PublicError{Words: "nothing is acknowledged: " + ready.Words(err, unsaid), Err: err}
}
