package mqtt

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"presage"
	"presage/ingest"
)

// CommandStore is where commands wait. *sqlstore.Store is one.
type CommandStore interface {
	// NewCommands tells which vehicles have open commands behind an ID, page by
	// page, and behind which ID to go on; no vehicles at the end.
	NewCommands(ctx context.Context, after int64) (vins []presage.VIN, last int64, err error)
	// PendingCommands lists a vehicle's open commands behind an ID, by ID.
	PendingCommands(
		ctx context.Context, vin presage.VIN, after int64, limit int, now time.Time,
	) ([]presage.Command, error)
	// CommandDone notes an acknowledgement; once more is no error.
	CommandDone(ctx context.Context, vin presage.VIN, id int64, at time.Time) error
	// HoldLease takes or prolongs a lease; false while another process has it.
	HoldLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
}

// CommandSender publishes in order and tells how many, from the first one on,
// were acknowledged. *Publisher is one.
type CommandSender interface {
	PublishAll(ctx context.Context, messages iter.Seq[Outgoing]) (acked int, err error)
	Close() error
}

// ForwarderConfig tells how to reach the broker. Dial, Owner and Now are needed;
// the zero value of the rest means its default.
type ForwarderConfig struct {
	// Owner names this process, the same after a restart, among those that share
	// the store: one of them forwards, another takes over within 30 s.
	Owner string
	// Dial connects, see DialCommands. It is called when there is a command and
	// no connection.
	Dial func(ctx context.Context) (CommandSender, error)
	// Poll is how often other processes' commands are looked for; default 2 s.
	Poll time.Duration
	// RetryMin and RetryMax bound the doubling wait after a failure; default
	// 200 ms and 30 s.
	RetryMin time.Duration
	RetryMax time.Duration
	// Aside is how long a vehicle waits whose command the broker answers by
	// closing the connection, twice; default 1 min.
	Aside  time.Duration
	Now    func() time.Time // judges expiry, stamps acknowledgements
	Logger *slog.Logger     // nil means none
}

const (
	// forwardBatch is how many commands are under way at most.
	forwardBatch = 100
	// maxAside bounds the vehicles that are put aside: when there are more, it
	// is the broker, not they.
	maxAside = 1000
	// A batch is over well before its lease is.
	leaseName    = "commands"
	leaseFor     = 30 * time.Second
	batchTimeout = 15 * time.Second
	// noteTimeout bounds noting what was acknowledged when the service ends.
	noteTimeout = 5 * time.Second
)

// errElsewhere means that another process forwards.
var errElsewhere = errors.New("another process forwards the commands")

// Forwarder hands commands to an external broker, which delivers them. Those of
// one vehicle go in the order of their IDs, each again until the broker has
// acknowledged it. Run once; Notify at any time.
type Forwarder struct {
	cfg   ForwarderConfig
	store CommandStore
	woken chan struct{}

	// Of Run alone:
	sender CommandSender             // nil without a connection
	aside  map[presage.VIN]time.Time // until when, at most maxAside
	single int                       // so many commands go one by one, after a failure
	suspect
}

// suspect is the command that failed alone, and how often in a row.
type suspect struct {
	id    int64
	times int
}

// NewForwarder returns a forwarder that Run starts.
func NewForwarder(cfg ForwarderConfig, store CommandStore) *Forwarder {
	cfg.Poll = cmp.Or(cfg.Poll, 2*time.Second)
	cfg.RetryMin = cmp.Or(cfg.RetryMin, 200*time.Millisecond)
	cfg.RetryMax = cmp.Or(cfg.RetryMax, 30*time.Second)
	cfg.Aside = cmp.Or(cfg.Aside, time.Minute)
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Forwarder{
		cfg: cfg, store: store, woken: make(chan struct{}, 1), aside: map[presage.VIN]time.Time{},
	}
}

// Notify says that there is a new command. It never waits.
func (f *Forwarder) Notify(presage.VIN) {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

// Run forwards until ctx ends, and then returns nil. When the broker or the
// store fails, it begins again with all that is open, after growing waits.
func (f *Forwarder) Run(ctx context.Context) error {
	retry := f.cfg.RetryMin
	for {
		sent, err := f.forward(ctx)
		f.disconnect(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // to end with ctx is what Run promises
		}
		if sent > 0 {
			retry = f.cfg.RetryMin
		}
		f.cfg.Logger.WarnContext(ctx, "mqtt: commands wait", slog.Any("error", err), slog.Duration("retry_in", retry))
		if !f.wait(ctx, retry, nil) {
			return nil
		}
		retry = min(2*retry, f.cfg.RetryMax)
	}
}

// wait is false when ctx ended. It ends early by wake.
func (f *Forwarder) wait(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-t.C:
	}
	return true
}

func (f *Forwarder) disconnect(ctx context.Context) {
	if f.sender == nil {
		return
	}
	if err := f.sender.Close(); err != nil {
		f.cfg.Logger.WarnContext(ctx, "mqtt: close the connection of the commands", slog.Any("error", err))
	}
	f.sender = nil
}

// forward sends all that is open and all that comes until something fails.
func (f *Forwarder) forward(ctx context.Context) (sent int, err error) {
	var after int64
	for {
		vins, last, err := f.store.NewCommands(ctx, after)
		if err != nil {
			return sent, err
		}
		n, err := f.send(ctx, f.backFromAside())
		if sent += n; err == nil {
			n, err = f.send(ctx, vins) // apart: a vehicle may be in both
			sent += n
		}
		switch {
		case errors.Is(err, errElsewhere):
			f.disconnect(ctx)
			last, vins = 0, nil // all of it again
		case err != nil:
			return sent, err
		}
		after = last
		if len(vins) == 0 && !f.wait(ctx, f.cfg.Poll, f.woken) {
			return sent, ctx.Err()
		}
	}
}

// backFromAside are the vehicles that have been put aside for long enough.
func (f *Forwarder) backFromAside() []presage.VIN {
	var vins []presage.VIN
	for vin, until := range f.aside {
		if !until.After(f.cfg.Now()) {
			vins = append(vins, vin)
			delete(f.aside, vin)
		}
	}
	return vins
}

// send publishes what waits for the vehicles and returns how many were
// acknowledged.
func (f *Forwarder) send(ctx context.Context, vins []presage.VIN) (sent int, err error) {
	var batch []presage.Command
	flush := func() error {
		n, err := f.publish(ctx, batch)
		sent += n
		batch = nil
		return err
	}
	for _, vin := range vins {
		_, waits := f.aside[vin]
		var after int64
		for more := !waits; more; {
			room := f.room() - len(batch)
			cs, err := f.store.PendingCommands(ctx, vin, after, room, f.cfg.Now())
			if err != nil {
				return sent, err
			}
			if more = len(cs) == room; len(cs) > 0 {
				after, batch = cs[len(cs)-1].ID, append(batch, cs...)
			}
			if len(batch) < f.room() {
				continue
			}
			if err := flush(); err != nil {
				return sent, err
			}
		}
	}
	err = flush()
	return sent, err
}

func (f *Forwarder) room() int {
	if f.single > 0 {
		return 1
	}
	return forwardBatch
}

// ready holds the lease and a connection.
func (f *Forwarder) ready(ctx context.Context) error {
	held, err := f.store.HoldLease(ctx, leaseName, f.cfg.Owner, f.cfg.Now(), f.cfg.Now().Add(leaseFor))
	switch {
	case err != nil:
		return err
	case !held:
		return errElsewhere
	case f.sender == nil:
		f.sender, err = f.cfg.Dial(ctx)
	}
	return err
}

// publish sends one batch and notes what was acknowledged, also when ctx ends.
func (f *Forwarder) publish(ctx context.Context, batch []presage.Command) (acked int, err error) {
	if len(batch) == 0 {
		return 0, nil
	}
	if err := f.ready(ctx); err != nil {
		return 0, err
	}
	limited, cancelBatch := context.WithTimeout(ctx, batchTimeout)
	defer cancelBatch()
	acked, err = f.sender.PublishAll(limited, func(yield func(Outgoing) bool) {
		for _, c := range batch {
			if !yield(Outgoing{Topic: ingest.CommandTopic(c.VIN), Payload: c.Payload, Retained: c.Retain}) {
				return
			}
		}
	})
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	for _, c := range batch[:acked] {
		if err := f.store.CommandDone(note, c.VIN, c.ID, f.cfg.Now()); err != nil {
			return acked, err
		}
	}
	f.single = max(0, f.single-acked)
	if err != nil && ctx.Err() == nil && acked < len(batch) {
		f.blame(ctx, batch[acked:], err)
	}
	return acked, err
}

// blame finds out whose fault a lost connection is. What was under way goes one
// by one; a command that fails twice alone puts its vehicle aside, so that the
// others' go on.
func (f *Forwarder) blame(ctx context.Context, rest []presage.Command, err error) {
	f.single = max(f.single, len(rest))
	if len(rest) > 1 {
		return
	}
	c := rest[0]
	if f.id != c.ID {
		f.suspect = suspect{id: c.ID}
	}
	if f.times++; f.times < 2 {
		return
	}
	f.suspect = suspect{}
	if len(f.aside) >= maxAside {
		clear(f.aside)
	}
	f.aside[c.VIN] = f.cfg.Now().Add(f.cfg.Aside)
	f.cfg.Logger.WarnContext(ctx, "mqtt: the broker does not take a command; its vehicle waits, the others go on",
		slog.Any("vehicle", c.VIN), slog.Int64("command", c.ID), slog.Duration("for", f.cfg.Aside), slog.Any("error", err))
}

// DialCommands connects as c says. A publisher that fails does not try again by
// itself: a command may have expired meanwhile.
func DialCommands(c PublisherConfig) func(ctx context.Context) (CommandSender, error) {
	c.InFlight, c.Attempts = forwardBatch, 1
	return func(ctx context.Context) (CommandSender, error) {
		p, err := NewPublisher(ctx, c)
		if err != nil {
			return nil, err
		}
		return p, nil
	}
}
