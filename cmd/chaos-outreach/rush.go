package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/outreach/twilio/twiliotest"
)

const (
	rushTag = "LRUSH"
	rushAt  = "rush"
	// rushEach is how many of the messages go to one customer.
	rushEach = 5
	// rushAnswer is how long the provider takes for each.
	rushAnswer = 200 * time.Millisecond
	// senders is the default of outreach.senders: so many at a time.
	senders = 16
	// rushPerMessage is 10,000 messages in 3 minutes; a short rush may take rushLeast.
	rushPerMessage = 18 * time.Millisecond
	rushLeast      = 20 * time.Second
)

// mayTake is how long a rush of n messages may take.
func mayTake(n int) time.Duration { return max(rushLeast, time.Duration(n)*rushPerMessage) }

// rush makes messages due all at once, several to each customer, and starts one
// process, which sends them. It scores and plans as often as by default.
func (r *rig) rush(ctx context.Context, out *result) error {
	if err := r.place(ctx, rushAt, 1, 1, 0); err != nil {
		return err
	}
	cars, err := r.cars(ctx, rushTag, rushAt, (r.Due+rushEach-1)/rushEach)
	if err != nil {
		return err
	}
	for _, n := range r.nodes {
		n.process().Kill()
	}
	began := time.Now()
	before := len(r.provider.twilio.Sent())
	r.provider.rush.Store(true)
	if err := r.store.PutMessages(ctx, r.rushed(cars, began)); err != nil {
		return err
	}
	if err := r.start(ctx, r.nodes[0], "schedule.score_every=1m"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*mayTake(r.Due))
	defer cancel()
	sent := 0
	for sent < r.Due && pause(ctx, 100*time.Millisecond) == nil {
		sent = len(r.provider.twilio.Sent()) - before
	}
	took := time.Since(began)
	out.Rush = rushResult{Due: r.Due, Sent: sent, AtOnce: int(r.provider.most.Load()), Took: took}
	out.Rush.Disorder = disorder(r.provider.twilio.Sent()[before:])
	return nil
}

// rushed is what becomes due: r.Due messages, the customers in turn, numbered.
func (r *rig) rushed(cars []car, now time.Time) []presage.Message {
	ms := make([]presage.Message, r.Due)
	for i := range ms {
		c := cars[i%len(cars)]
		key := fmt.Sprintf("cancellation/%s-%d/sms", c.caseID, i)
		due := now.Add(time.Duration(i-len(ms)) * time.Millisecond)
		ms[i] = presage.Message{
			ID: fmt.Sprintf("%s-m%d", rushTag, i), Key: key, CaseID: c.caseID, VIN: c.vin, CustomerID: c.customer,
			Kind: "cancellation", Channel: presage.ChannelSMS, Lang: presage.English, Body: fmt.Sprintf("Notice %06d", i),
			State: presage.MessagePlanned, NotBefore: due, CreatedAt: due, UpdatedAt: due,
		}
	}
	return ms
}

// disorder counts messages that a customer got before an earlier one, or again.
func disorder(sent []twiliotest.Sent) int {
	last, n := map[string]string{}, 0
	for _, m := range sent {
		if strings.Compare(m.Body, last[m.To]) <= 0 {
			n++
		}
		last[m.To] = m.Body
	}
	return n
}
