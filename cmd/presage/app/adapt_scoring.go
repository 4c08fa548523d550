package app

import (
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
