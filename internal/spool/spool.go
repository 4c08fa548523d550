package spool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"presage"
)

// Spool is a telemetry store that outlives the absence of the one behind it.
// All methods may be called at the same time; Run once.
type Spool struct {
	cfg  Config
	deps Deps
	log  *slog.Logger
	j    *journal
	wake chan struct{} // something was appended

	drained, aside, refused counter

	mu      sync.Mutex
	failing time.Time // since when the store fails; zero while it answers
	fault   error     // its latest error
	full    bool      // the latest batch was refused
}

// Open opens the journal and counts what is in it. The error names every fault
// of c and deps; a directory in use is an ErrConflict.
func Open(c Config, deps Deps) (*Spool, error) {
	if err := errors.Join(c.Validate(), deps.validate()); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	log := deps.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	j, err := openJournal(c, log)
	if err != nil {
		return nil, err
	}
	s := &Spool{cfg: c, deps: deps, log: log, j: j, wake: make(chan struct{}, 1)}
	s.register(deps.Registerer)
	if d := j.depth(); d.batches > 0 {
		log.Info("the spool holds telemetry from before", slog.Int64("batches", d.batches),
			slog.Int64("bytes", d.bytes), slog.Time("since", d.oldest))
	}
	return s, nil
}

// Close closes the journal; Run and all calls of Write must have returned.
func (s *Spool) Close() error { return s.j.close() }

// Write makes samples durable, in the store or in the journal; see the package
// comment. A *presage.RejectedError is the store's own. Every other error means
// that the call must be repeated. Samples are not changed or kept.
func (s *Spool) Write(ctx context.Context, samples []presage.Sample) error {
	var cause error
	if s.j.depth().batches == 0 {
		if cause = s.deps.Store.Write(ctx, samples); stored(cause) {
			s.answered()
			return cause
		}
		if ctx.Err() != nil || !s.outlasted(cause) {
			return cause
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("spool telemetry: %w", err)
	}
	if err := s.j.append(samples, s.deps.Now()); err != nil {
		return s.refuse(err, cause)
	}
	s.took(cause)
	return nil
}

// Keep makes samples durable in the journal without asking the store, for a
// caller that must not wait for it; Run takes them over. An error means that
// they are not kept.
func (s *Spool) Keep(ctx context.Context, samples []presage.Sample) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("spool telemetry: %w", err)
	}
	if err := s.j.append(samples, s.deps.Now()); err != nil {
		return s.refuse(err, nil)
	}
	s.took(nil)
	return nil
}

// Bytes is how much waits for the store.
func (s *Spool) Bytes() int64 { return s.j.depth().bytes }

// Probe does what a Write would: it tries the store, or the journal once the
// store has failed for Grace or something is spooled.
func (s *Spool) Probe(ctx context.Context) error {
	if d := s.j.depth(); d.batches > 0 {
		if d.bytes >= s.cfg.MaxBytes {
			return s.refuse(errFull, nil)
		}
		return s.j.probe()
	}
	err := s.tryStore(ctx)
	if err == nil {
		s.answered()
		return nil
	}
	if ctx.Err() != nil || !s.outlasted(err) {
		return err
	}
	return s.j.probe()
}

// tryStore probes the store behind, or asks it when it cannot be probed.
func (s *Spool) tryStore(ctx context.Context) error {
	if p, ok := s.deps.Store.(interface {
		Probe(ctx context.Context) error
	}); ok {
		return p.Probe(ctx)
	}
	return s.deps.Store.Ready(ctx)
}

// stored tells whether a write left nothing behind that would have to be repeated.
func stored(err error) bool {
	_, rejected := errors.AsType[*presage.RejectedError](err)
	return err == nil || rejected
}

// answered notes that the store works.
func (s *Spool) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing, s.fault, s.full = time.Time{}, nil, false
}

// failed notes that it does not.
func (s *Spool) failed(err error) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
	if s.failing.IsZero() {
		s.failing = s.deps.Now()
	}
	return s.failing
}

// outlasted tells whether the store has failed for so long that the journal takes over.
func (s *Spool) outlasted(err error) bool {
	since := s.failed(err)
	return s.cfg.MaxBytes > 0 && s.deps.Now().Sub(since) >= s.cfg.Grace
}

// took wakes Run and says so once in an outage: cause is the store's error that led here.
func (s *Spool) took(cause error) {
	s.mu.Lock()
	s.full = false
	s.mu.Unlock()
	if cause != nil {
		s.log.Warn("the telemetry store is away: what arrives is spooled, and acknowledged, until it is back",
			slog.Any("error", cause), slog.Int64("max_bytes", s.cfg.MaxBytes))
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// refuse tells the caller that nothing more is taken.
func (s *Spool) refuse(err, cause error) error {
	if !errors.Is(err, errFull) {
		return errors.Join(err, cause)
	}
	s.mu.Lock()
	s.full = true
	s.mu.Unlock()
	d := s.j.depth()
	if s.cfg.MaxBytes == 0 {
		return fmt.Errorf("%w: the spool is switched off and is being emptied first: %s to go",
			presage.ErrUnavailable, mebibytes(d.bytes))
	}
	return errors.Join(fmt.Errorf("%w: %w: %s of %s: nothing more is acknowledged until the telemetry store is back; "+
		"mend it, or raise ingest.spool", presage.ErrUnavailable, errFull, mebibytes(d.bytes),
		mebibytes(s.cfg.MaxBytes)), cause)
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// Health tells whether a Write would succeed now (err is nil), and in a note,
// which outsiders may read, what is not as it should be although it would.
func (s *Spool) Health(ctx context.Context) (note string, err error) {
	d := s.j.depth()
	s.mu.Lock()
	full := s.full
	s.mu.Unlock()
	if d.batches == 0 {
		err := s.deps.Store.Ready(ctx)
		if err == nil || s.cfg.MaxBytes == 0 {
			return "", err
		}
		return "the store does not answer, what arrives is spooled", nil
	}
	note = fmt.Sprintf("spooling since %s: %s of %s in %d batches",
		d.oldest.UTC().Format(time.RFC3339), mebibytes(d.bytes), mebibytes(s.cfg.MaxBytes), d.batches)
	if full || d.bytes >= s.cfg.MaxBytes {
		return "", &presage.PublicError{
			Words: "the spool is full", Err: fmt.Errorf("%w: %w: %s", presage.ErrUnavailable, errFull, note),
		}
	}
	return note, nil
}
