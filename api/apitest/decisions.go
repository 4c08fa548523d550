package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

func decisions() []presage.DecisionRecord {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return []presage.DecisionRecord{
		{
			ID: "d1", At: at, VIN: VIN(1), CustomerID: "k1", WorkshopID: "w1", CaseID: "c1", Outcome: presage.DecisionTold,
			PolicyVersion: 1, Known: []byte(`{"catalogue":"t"}`),
		},
		{
			ID: "d2", At: at.AddDate(0, 0, 1), VIN: VIN(1), CustomerID: "k1", WorkshopID: "w1",
			Outcome: presage.DecisionCapped, PolicyVersion: 1, Known: []byte(`{"catalogue":"t"}`),
		},
	}
}

// Decisions implements rest.Decisions.
func (w *World) Decisions(_ context.Context, f presage.DecisionFilter) ([]presage.DecisionRecord, error) {
	all := decisions()
	all = slices.DeleteFunc(all, func(d presage.DecisionRecord) bool {
		return d.At.Before(f.From) || !f.To.IsZero() && !d.At.Before(f.To) || f.AfterID >= d.ID
	})
	return all[:min(len(all), f.Limit)], nil
}

// DecisionKept implements rest.Decisions.
func (w *World) DecisionKept(_ context.Context, id string) (bool, error) {
	return slices.ContainsFunc(decisions(), func(d presage.DecisionRecord) bool { return d.ID == id }), nil
}
