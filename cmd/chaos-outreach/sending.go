package main

import (
	"context"
	"fmt"
	"time"

	"presage"
)

const (
	sendTag = "LSEND"
	sendAt  = "send"
	// betweenKills is how long a process lives on average before the next kill.
	betweenKills = 900 * time.Millisecond
)

// sending makes messages due one after the other and kills processes meanwhile.
func (r *rig) sending(ctx context.Context, out *result) error {
	if err := r.place(ctx, sendAt, 1, 1, 0); err != nil {
		return err
	}
	cars, err := r.cars(ctx, sendTag, sendAt, r.Messages)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := r.plan(ctx, cars, began); err != nil {
		return err
	}
	dice := r.dice()
	for range r.Kills {
		if err := pause(ctx, between(dice, betweenKills/3, betweenKills*5/3)); err != nil {
			return err
		}
		if err := r.kill(ctx, r.nodes[dice.IntN(2)]); err != nil {
			return err
		}
	}
	open, err := r.drained(ctx)
	if err != nil {
		return err
	}
	out.Sending = sendResult{Messages: len(cars), Kills: r.Kills, Unrecorded: open, Took: time.Since(began)}
	out.Sending.Untold = int(r.provider.untold.Load())
	accepted := r.provider.accepted()
	for _, c := range cars {
		switch n := accepted[string(c.phone)]; {
		case n == 1:
			out.Sending.Once++
		case n > 1:
			out.Sending.Twice++
		}
	}
	return nil
}

// plan stores one offer a customer, due one after the other over the time that
// the kills take.
func (r *rig) plan(ctx context.Context, cars []car, from time.Time) error {
	every := betweenKills * time.Duration(r.Kills) / time.Duration(len(cars))
	ms := make([]presage.Message, len(cars))
	for i, c := range cars {
		ms[i] = presage.Message{
			ID: c.offer + "-sms", Key: "offer/" + c.offer + "/sms", CaseID: c.caseID, OfferID: c.offer, VIN: c.vin,
			CustomerID: c.customer, Kind: "offer", Channel: presage.ChannelSMS, Lang: presage.English,
			Body: fmt.Sprintf("Offer %d", i), State: presage.MessagePlanned,
			NotBefore: from.Add(time.Duration(i) * every), CreatedAt: from, UpdatedAt: from,
		}
	}
	return r.store.PutMessages(ctx, ms)
}

// drained waits until every message is recorded as sent, and returns how many
// are not when the time for that is over.
func (r *rig) drained(ctx context.Context) (open int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 6*claimTimeout)
	defer cancel()
	for {
		sent, err := r.store.Messages(ctx, presage.MessageFilter{State: presage.MessageSent})
		if err != nil && ctx.Err() == nil {
			return 0, err
		}
		if err == nil {
			open = r.Messages - len(sent)
		}
		if open == 0 || pause(ctx, 200*time.Millisecond) != nil {
			return open, nil
		}
	}
}
