package app

import (
	"context"
	"fmt"
	"sync"

	"presage"
	"presage/api/port"
	"presage/ingest"
	"presage/outreach"
)

// offers is outreach in the words of the customer's page.
type offers struct{ *outreach.Service }

// OfferByToken reads an offer's page and notes that it was opened.
func (o offers) OfferByToken(ctx context.Context, token string) (port.OfferView, error) {
	v, err := o.Service.OfferByToken(ctx, token)
	if err != nil {
		return port.OfferView{Lang: v.Lang}, err
	}
	slots := make([]presage.Slot, len(v.Slots))
	for i, s := range v.Slots {
		slots[i] = s.Slot
	}
	return port.OfferView{
		Offer: v.Offer, Case: v.Case, Vehicle: v.Vehicle, Workshop: v.Workshop, Lang: v.Lang, Zone: v.Zone,
		Slots: slots, Booking: v.Booking, State: port.OfferState(v.State),
		CanBook: v.CanBook, CanCancel: v.CanCancel, CanDecline: v.CanDecline,
	}, nil
}

// redriver sends dead letters through ingest once more. It goes on behind the
// last letter that it tried with the same reason, so that letters which fail
// again and again do not hide the ones behind them, and begins anew at the end.
type redriver struct {
	app   *App
	mu    sync.Mutex
	after map[string]int64 // by reason; none at the beginning
}

// redriveBytes is how much of letters' payloads is in memory at once.
const redriveBytes = 16 << 20

// Redrive takes at most limit open letters with the reason ("" for any) and
// returns how many went in whole.
func (r *redriver) Redrive(ctx context.Context, reason string, limit int) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left, begin := limit, r.after[reason]
	done, err := ingest.Redrive(ctx, r.app.Pipeline, ingest.LetterBox{
		List: func(ctx context.Context, after int64) ([]presage.DeadLetter, error) {
			if left <= 0 {
				return nil, nil
			}
			letters, err := r.app.SQL.DeadLetterPage(ctx, presage.DeadLetterFilter{
				Reason: reason, AfterID: max(after, begin), Limit: min(left, 200), OnlyOpen: true,
			}, redriveBytes)
			if left -= len(letters); len(letters) > 0 {
				r.after[reason] = letters[len(letters)-1].ID
			} else {
				delete(r.after, reason)
			}
			return letters, err
		},
		Mark: r.app.SQL.MarkRedriven,
		Now:  r.app.Clock.Now,
	})
	if err != nil {
		return done.Accepted, fmt.Errorf("redrive: %w", err)
	}
	return done.Accepted, nil
}
