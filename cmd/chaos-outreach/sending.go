package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
)

const (
	sendTag = "LSEND"
	callTag = "LCALL"
	sendAt  = "send"
	// betweenKills is how long a process lives on average before the next kill.
	betweenKills = 900 * time.Millisecond
	// patience is how long messages may take after the last kill: claims that grow
	// old, pauses that double, and what a late answer holds up.
	patience = 9 * claimTimeout
	// kinds of what becomes due: five providers, and calls.
	kinds = 6
)

// sending makes messages due over all channels, and cases of which a person is to
// be told by a call, while processes are killed: half of the kills under each
// configuration.
func (r *rig) sending(ctx context.Context, out *result) (err error) {
	if err := r.place(ctx, sendAt, 1, 1, 0); err != nil {
		return err
	}
	waves, err := r.waves() //nolint:contextcheck // a server of this process ends with it
	if err != nil {
		return err
	}
	defer func() {
		r.more = nil
		for _, w := range waves {
			for _, c := range w.carriers {
				c.close()
			}
		}
	}()
	began := time.Now()
	each := (r.Messages + kinds - 1) / kinds
	calls := channelResult{Channel: "call task", Guarantee: onceAsTask}
	for i, w := range waves {
		mine, err := r.wave(ctx, w, i, each, &calls)
		if err != nil {
			return err
		}
		out.Sending.Channels = append(out.Sending.Channels, mine...)
	}
	out.Sending.Channels = append(out.Sending.Channels, calls)
	out.Sending.Kills, out.Sending.Took = r.Kills/2*2, time.Since(began)
	return nil
}

// wave sends each messages by each provider of one configuration, and adds the
// calls of half as many cases to calls.
func (r *rig) wave(ctx context.Context, w wave, i, each int, calls *channelResult) ([]channelResult, error) {
	r.more = w.set
	for _, n := range r.nodes {
		if err := r.kill(ctx, n); err != nil {
			return nil, err
		}
	}
	letter := string(rune('A' + i))
	cars, err := r.cars(ctx, sendTag[:4]+letter, sendAt, each*len(w.carriers))
	if err != nil {
		return nil, err
	}
	tag, over := callTag[:4]+letter, time.Duration(r.Kills/2)*betweenKills
	callers, err := r.callers(ctx, tag, each/2, over)
	if err != nil {
		return nil, err
	}
	if err := r.plan(ctx, w, cars, over); err != nil {
		return nil, err
	}
	if err := r.torment(ctx, time.Now().Add(over)); err != nil {
		return nil, err
	}
	open, err := r.drained(ctx, cars, tag, len(callers))
	if err != nil {
		return nil, err
	}
	var results []channelResult
	for k, c := range w.carriers {
		results = append(results, c.count(cars[k*each:(k+1)*each], open))
	}
	return results, r.countCalls(ctx, tag, callers, calls)
}

// torment kills processes at random, and each once more when the last deadline is past:
// deadlines are looked at every ten minutes, and at once by who takes over.
func (r *rig) torment(ctx context.Context, last time.Time) error {
	dice := r.dice()
	for range r.Kills / 2 {
		if err := pause(ctx, between(dice, betweenKills/3, betweenKills*5/3)); err != nil {
			return err
		}
		if err := r.kill(ctx, r.nodes[dice.IntN(2)]); err != nil {
			return err
		}
	}
	if err := pause(ctx, time.Until(last)+time.Second); err != nil {
		return err
	}
	for _, n := range r.nodes {
		if err := r.kill(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// plan stores one offer a customer, due one after the other over a time, the
// providers in turn.
func (r *rig) plan(ctx context.Context, w wave, cars []car, over time.Duration) error {
	from, each := time.Now(), len(cars)/len(w.carriers)
	ms := make([]presage.Message, len(cars))
	for i, c := range cars {
		channel := w.carriers[i/each].channel
		id := messageID(c, channel)
		ms[i] = presage.Message{
			ID: id, Key: "offer/" + id, About: c.offer, CaseID: c.caseID, OfferID: c.offer, VIN: c.vin,
			CustomerID: c.customer, Kind: "offer", Channel: channel, Lang: presage.English,
			Title: "Offer", Body: fmt.Sprintf("Offer %d", i), State: presage.MessagePlanned,
			NotBefore: from.Add(over * time.Duration(i%each) / time.Duration(each)), CreatedAt: from, UpdatedAt: from,
		}
	}
	return r.store.PutMessages(ctx, ms)
}

// drained waits until every message is recorded as sent and every case has its
// call, and returns the messages that are not when the time for that is over.
func (r *rig) drained(ctx context.Context, cars []car, tag string, callers int) (open map[string]bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		left, err := r.left(ctx, cars)
		calls, callsErr := r.calls(ctx, tag)
		err = errors.Join(err, callsErr)
		switch {
		case err != nil && ctx.Err() == nil:
			return nil, err
		case err == nil:
			open = left
		}
		if err == nil && len(open) == 0 && len(calls) >= callers || pause(ctx, 500*time.Millisecond) != nil {
			return open, nil
		}
	}
}

// left are the customers whose message is not recorded as sent.
func (r *rig) left(ctx context.Context, cars []car) (map[string]bool, error) {
	sent, err := r.store.Messages(ctx, presage.MessageFilter{State: presage.MessageSent})
	if err != nil {
		return nil, err
	}
	open := make(map[string]bool, len(cars))
	for _, c := range cars {
		open[c.customer] = true
	}
	for _, m := range sent {
		delete(open, m.CustomerID)
	}
	return open, nil
}

// count is what the provider has of its messages.
func (c *carrier) count(cars []car, open map[string]bool) channelResult {
	out := channelResult{Channel: c.name, Guarantee: c.guarantee, Due: len(cars), Unique: c.unique}
	for _, to := range cars {
		switch n := c.accepted(to); {
		case n == 1:
			out.Once++
		case n > 1:
			out.Twice++
		}
		if c.shown(to) > 1 {
			out.Shown++
		}
		if open[to.customer] {
			out.Unrecorded++
		}
	}
	seen, untold := c.line.sum()
	out.Attempts, out.Busy, out.Down, out.Early = seen.attempts, seen.busy, seen.down, seen.early
	out.Lost, out.Untold = seen.lost+seen.late, untold
	return out
}
