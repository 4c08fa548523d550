package app

import (
	"context"

	"presage"
	"presage/internal/sqlstore"
	"presage/models/scoring"
)

// scoringStore is the SQL store in scoring's words.
type scoringStore struct{ *sqlstore.Store }

var (
	_ scoring.Queue     = scoringStore{}
	_ scoring.Rollups   = scoringStore{}
	_ scoring.Fleet     = scoringStore{}
	_ scoring.Prognoses = scoringStore{}
)

// AllVehicles lists the whole fleet.
func (s scoringStore) AllVehicles(ctx context.Context) ([]presage.Vehicle, error) {
	return allVehicles(ctx, s.Store)
}

// DirtyDays lists the days that wait longest.
func (s scoringStore) DirtyDays(ctx context.Context, limit int) ([]scoring.DirtyDay, error) {
	rows, err := s.Store.DirtyDays(ctx, limit)
	if err != nil {
		return nil, err
	}
	days := make([]scoring.DirtyDay, len(rows))
	for i, r := range rows {
		days[i] = scoring.DirtyDay(r)
	}
	return days, nil
}

// ClearDirty takes days off the queue.
func (s scoringStore) ClearDirty(ctx context.Context, days []scoring.DirtyDay) error {
	rows := make([]sqlstore.DirtyDay, len(days))
	for i, d := range days {
		rows[i] = sqlstore.DirtyDay(d)
	}
	return s.Store.ClearDirty(ctx, rows)
}
