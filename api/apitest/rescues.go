package apitest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// RescueToken opens the customer's page of every rescue of the world.
const RescueToken = "rescue-token"

// Rescues implements rest.Rescues.
func (w *World) Rescues(_ context.Context, f presage.RescueFilter) ([]presage.Rescue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Rescue
	seen := f.BeforeID == ""
	for _, x := range w.rescues {
		ok := (f.State == "" || x.State == f.State) && (!f.Live || x.State.Live()) && (f.VIN == "" || x.VIN == f.VIN) &&
			(f.CaseID == "" || x.CaseID == f.CaseID) && (f.WorkshopID == "" || x.WorkshopID == f.WorkshopID)
		if seen && ok && (f.Limit == 0 || len(out) < f.Limit) {
			out = append(out, x)
		}
		seen = seen || x.ID == f.BeforeID
	}
	return out, w.Err
}

// Rescue implements rest.Rescues.
func (w *World) Rescue(_ context.Context, id string) (presage.Rescue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, err := w.rescueAt(id)
	if err != nil {
		return presage.Rescue{}, err
	}
	return w.rescues[i], w.Err
}

func (w *World) rescueAt(id string) (int, error) {
	i := slices.IndexFunc(w.rescues, func(x presage.Rescue) bool { return x.ID == id })
	if i < 0 {
		return 0, fmt.Errorf("rescue %q: %w", id, presage.ErrNotFound)
	}
	return i, nil
}

// RescueEvents implements rest.Rescues.
func (w *World) RescueEvents(_ context.Context, id string) ([]presage.RescueEvent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.rescueAt(id); err != nil {
		return nil, err
	}
	return w.steps[id], w.Err
}

// StepRescue implements rest.Rescues.
func (w *World) StepRescue(_ context.Context, s presage.RescueStep) (presage.Rescue, error) {
	if err := s.Validate(); err != nil {
		return presage.Rescue{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	i, err := w.rescueAt(s.ID)
	if err != nil {
		return presage.Rescue{}, err
	}
	x := w.rescues[i]
	if x.State != s.Seen || !slices.Contains(x.State.Next(), s.To) {
		return x, fmt.Errorf("rescue: %w: it is %s", presage.ErrConflict, x.State)
	}
	w.steps[x.ID] = append(w.steps[x.ID], presage.RescueEvent{
		RescueID: x.ID, At: w.now, Who: s.Who, From: x.State, To: s.To,
	})
	x.State, x.UpdatedAt = s.To, w.now
	if s.Minutes > 0 {
		x.ETA = w.now.Add(time.Duration(s.Minutes) * time.Minute)
	}
	w.rescues[i] = x
	return x, nil
}

// Report implements rest.Rescues.
func (w *World) Report(ctx context.Context, caseID, who string) (presage.Rescue, error) {
	c, err := w.Case(ctx, caseID)
	if err != nil {
		return presage.Rescue{}, err
	}
	if c.State.Ended() {
		return presage.Rescue{}, fmt.Errorf("case: %w: it is %s", presage.ErrConflict, c.State)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.rescues {
		if x.CaseID == caseID && x.State.Live() {
			return x, nil
		}
	}
	km := presage.Kilometre(6.4)
	x := presage.Rescue{
		ID: fmt.Sprintf("r%03d", len(w.rescues)), CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID, WorkshopID: "w-1",
		State: presage.RescueAsked, Owner: presage.OwnerAdviser, Place: &presage.Place{Lat: 31.26, Lon: 121.52},
		SeenAt: w.now, Km: &km, Cause: presage.Because(presage.WhyRescueReported),
		Partner:  presage.Because(presage.WhyRescueNearest, "workshop", "w-1", "km", "6.4"),
		OpenedAt: w.now, UpdatedAt: w.now, DueAt: w.now.Add(15 * time.Minute),
	}
	if w.steps == nil {
		w.steps = map[string][]presage.RescueEvent{}
	}
	w.rescues = append([]presage.Rescue{x}, w.rescues...)
	w.steps[x.ID] = []presage.RescueEvent{{RescueID: x.ID, At: w.now, Who: who, To: x.State}}
	return x, nil
}

// RescueByToken implements web.Rescues.
func (w *World) RescueByToken(_ context.Context, token string) (presage.RescueView, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if token != RescueToken || len(w.rescues) == 0 {
		return presage.RescueView{}, fmt.Errorf("link: %w", presage.ErrForbidden)
	}
	x := w.rescues[0]
	return presage.RescueView{
		Rescue: x, Token: token, Lang: presage.English, Brand: "Aurora Service", Vehicle: w.vehicles[0],
		Workshop: w.workshops[0], Zone: time.UTC, Events: w.steps[x.ID],
	}, nil
}

// CallOffByToken implements web.Rescues.
func (w *World) CallOffByToken(ctx context.Context, token string, seen presage.RescueState) error {
	v, err := w.RescueByToken(ctx, token)
	if err != nil {
		return err
	}
	_, err = w.StepRescue(ctx, presage.RescueStep{ID: v.ID, Seen: seen, To: presage.RescueCalledOff, Who: "customer"})
	return err
}

// ReportByToken implements web.Rescues.
func (w *World) ReportByToken(ctx context.Context, token string) (string, error) {
	v, err := w.OfferAt(ctx, token, "")
	if err != nil {
		return "", err
	}
	_, err = w.Report(ctx, v.Case.ID, "customer")
	return RescueToken, err
}
