package deliver

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/outreach/casework"
)

// SendDue sends every message whose time has come and returns how many went
// out: Config.Senders at a time over each channel, one at a time to each
// customer. No channel waits for a slower one. Messages left claimed by a crash
// are asked for at the provider first. A fault of the provider's stays with its
// message, one of our account with its channel; an error means that the store or
// the context ended the pass, and the pass may simply be repeated.
func (d *Deliverer) SendDue(ctx context.Context) (int, error) {
	var sent atomic.Int64
	batch, err := d.Store.Sending(ctx, d.Now().Add(-d.Rules().ClaimTimeout))
	for left := true; err == nil; left = false {
		if err = d.allChannels(ctx, batch, left, &sent); err != nil {
			return int(sent.Load()), err
		}
		// What a channel that failed handed on meanwhile, or what has none.
		if batch, err = d.claim(ctx, ""); err == nil && len(batch) == 0 {
			return int(sent.Load()), nil
		}
	}
	return int(sent.Load()), fmt.Errorf("send: %w", err)
}

// claim takes ten rounds of the senders, over any channel for "".
func (d *Deliverer) claim(ctx context.Context, over presage.ChannelName) ([]presage.Message, error) {
	return d.Store.ClaimMessages(ctx, over, d.Now(), 10*d.Rules().Senders)
}

// allChannels sends a batch and what is due beside it, each channel on its own.
// left: the batch is what a crash left.
func (d *Deliverer) allChannels(ctx context.Context, batch []presage.Message, left bool, sent *atomic.Int64) error {
	lanes := map[presage.ChannelName][]presage.Message{}
	for name := range d.Planner.Directory {
		lanes[name] = nil
	}
	for _, m := range batch {
		lanes[m.Channel] = append(lanes[m.Channel], m)
	}
	var all errgroup.Group
	for name, first := range lanes {
		all.Go(func() error { return d.channel(ctx, name, first, left, sent) })
	}
	return all.Wait()
}

// channel sends a batch, then what is due over the channel until nothing is. It
// claims more as soon as the last of a batch has a sender, for a claim leaves out
// the customers whom a message is being sent to.
func (d *Deliverer) channel(
	ctx context.Context, name presage.ChannelName, batch []presage.Message, left bool, sent *atomic.Int64,
) error {
	pool := senders{dispatch: func(m presage.Message, ask bool) error { return d.dispatch(ctx, m, ask, sent) }}
	pool.SetLimit(d.Rules().Senders)
	for ; ; left = false {
		for _, m := range batch {
			pool.send(m, left || m.Attempts > 1)
		}
		last := len(batch) == 0 // all of them are sent before nothing is due
		if last || pool.failed.Load() {
			if err := pool.Wait(); err != nil {
				return err
			}
		}
		err := d.keptReceipts(ctx)
		if err == nil {
			batch, err = d.claim(ctx, name)
		}
		if err != nil || last && len(batch) == 0 {
			return errors.Join(err, pool.Wait())
		}
	}
}

// senders dispatch messages side by side, as many at a time as the limit says.
type senders struct {
	errgroup.Group
	dispatch func(m presage.Message, ask bool) error
	failed   atomic.Bool
}

// send returns when a sender has m.
func (s *senders) send(m presage.Message, ask bool) {
	s.Go(func() error {
		err := s.dispatch(m, ask)
		if err != nil {
			s.failed.Store(true)
		}
		return err
	})
}

// dispatch delivers one claimed message and counts it in sent. A claim that
// grows old, behind slow ones of its batch or left by a crash, is renewed
// first: another process may take it over, and only one of them may send.
func (d *Deliverer) dispatch(ctx context.Context, m presage.Message, ask bool, sent *atomic.Int64) error {
	if now := d.Now(); now.Sub(m.UpdatedAt) >= d.Rules().ClaimTimeout/2 {
		err := d.Store.RenewClaim(ctx, m.ID, m.UpdatedAt, now)
		if casework.Overtaken(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("send: %w", err)
		}
		m.UpdatedAt = now
	}
	ok, err := d.deliver(ctx, m, ask)
	if err != nil {
		return fmt.Errorf("send message %s: %w", m.ID, err)
	}
	if ok {
		sent.Add(1)
	}
	return nil
}

// found is what a provider knows of a message.
type found struct {
	id  string // "" where it has none
	has bool
	err error
}

// asked acts on what the provider says that it has already; settled tells that
// nothing more is to be done about the message now.
func (d *Deliverer) asked(ctx context.Context, m presage.Message, c presage.Customer, x found,
) (settled, sent bool, err error) {
	switch {
	case x.err != nil:
		return true, false, d.unasked(ctx, m, c, x.err)
	case x.has:
		return true, true, d.sent(ctx, m, x.id)
	case m.Attempts > d.Rules().MaxAttempts && (!mustTell(m) || d.Planner.After(c.For(m.Purpose()), m.Channel) != ""):
		return true, false, d.fail(ctx, m, c, presage.Because(presage.WhyGivenUp))
	}
	return false, false, nil
}

// withProvider is how long a message may take with its provider, to be asked for and
// to be sent: a claim that dispatch lets pass is good for half of its time at least,
// and another process may take the message when that is over.
func withProvider(claim time.Duration) time.Duration { return claim * 2 / 5 }

// deliver takes one claimed message to its end: sent, held, dropped or failed.
// ask is set when the provider may have it already.
func (d *Deliverer) deliver(ctx context.Context, m presage.Message, ask bool) (bool, error) {
	talk, end := context.WithTimeout(ctx, withProvider(d.Rules().ClaimTimeout))
	defer end()
	c, err := d.reader(ctx, m)
	if errors.Is(err, presage.ErrNotFound) {
		return false, d.finish(ctx, m, presage.MessageFailed, presage.Because(presage.WhyNoCustomer))
	}
	if err != nil {
		return false, err
	}
	channel := d.Planner.Directory[m.Channel]
	if channel == nil {
		return false, d.fail(ctx, m, c, onChannel(presage.WhyNoProvider, m)) // it was configured once
	}
	until, ok := d.holds.admit(m.Channel, d.Now())
	if !ok {
		return false, d.wait(ctx, m, until)
	}
	defer d.holds.done(m.Channel)
	if ask {
		var x found
		x.id, x.has, x.err = channel.Find(talk, m, c)
		if settled, sent, err := d.asked(ctx, m, c, x); settled || err != nil {
			return sent, err
		}
	}
	v, err := d.gate(ctx, m, c)
	if err != nil {
		return false, err
	}
	if !v.passes() {
		return false, d.stay(ctx, m, c, v)
	}
	providerID, err := channel.Send(talk, m, c)
	if err == nil {
		return true, d.sent(ctx, m, providerID)
	}
	return false, d.refused(ctx, m, c, err)
}
