package apitest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"presage"
)

// AskEarlier implements web.Waits.
func (w *World) AskEarlier(ctx context.Context, token string) error {
	o, err := w.offer(token)
	if err != nil {
		return err
	}
	return w.PutOnList(ctx, o.caseID, "customer")
}

// PutOnList implements rest.Waits.
func (w *World) PutOnList(ctx context.Context, caseID, who string) error {
	if strings.TrimSpace(who) == "" {
		return fmt.Errorf("who: %w: want the person's name", presage.ErrInvalid)
	}
	if _, err := w.Case(ctx, caseID); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.bookings, func(b presage.Booking) bool {
		return b.CaseID == caseID && b.State == presage.BookingConfirmed
	})
	if i < 0 {
		return fmt.Errorf("%w: no visit is to come", presage.ErrConflict)
	}
	b := w.bookings[i]
	if !slices.ContainsFunc(w.waiting, func(x presage.Waiting) bool { return x.CaseID == caseID }) {
		w.waiting = append(w.waiting, presage.Waiting{
			CaseID: caseID, CustomerID: b.CustomerID, WorkshopID: b.WorkshopID, Since: w.now, VisitAt: b.Start, Who: who,
			BookingID: b.ID, Start: b.Start, Severity: presage.Comfort,
		})
	}
	return nil
}

// LeaveList implements rest.Waits.
func (w *World) LeaveList(_ context.Context, caseID, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return remove(&w.waiting, "waiting list: case", func(x presage.Waiting) bool { return x.CaseID == caseID })
}

// WaitingList implements rest.Waits.
func (w *World) WaitingList(_ context.Context, workshopID string) ([]presage.Waiting, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(w.waiting)
	return slices.DeleteFunc(list, func(x presage.Waiting) bool { return workshopID != "" && x.WorkshopID != workshopID }), w.Err
}
