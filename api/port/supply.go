package port

import (
	"context"
	"time"

	"presage"
)

// ForecastFilter selects part forecasts; zero fields select everything.
type ForecastFilter struct {
	Part    string
	DepotID string
}

// Parts reads the demand for parts; names and prices come from the catalogue.
type Parts interface {
	PartForecasts(ctx context.Context, f ForecastFilter) ([]presage.PartForecast, error)
}

// DeadLetterFilter selects dead letters; zero fields select everything.
type DeadLetterFilter struct {
	Reason   string
	VIN      presage.VIN // of the sender
	AfterID  int64       // keyset: only IDs above this one, ascending
	Limit    int         // 1-500
	OnlyOpen bool        // not yet driven again
}

// DeadLetters reads what could not be taken in.
type DeadLetters interface {
	DeadLetters(ctx context.Context, f DeadLetterFilter) ([]presage.DeadLetter, error)
	// DeadLetterCounts counts the open ones by reason.
	DeadLetterCounts(ctx context.Context) (map[string]int64, error)
	// HeldLetters lists of whom most letters came under a reason with a bound
	// ("" for any such), at most limit.
	HeldLetters(ctx context.Context, reason string, limit int) ([]presage.HeldLetters, error)
}

// Redriver drives dead letters through ingest once more.
type Redriver interface {
	// Redrive takes at most limit open letters with the reason ("" for any)
	// and returns how many went in whole; the others stay open.
	Redrive(ctx context.Context, reason string, limit int) (int, error)
}

// Check is one part of the service that can be down.
type Check struct {
	Name  string // "telemetry", "sql", "mqtt", "ingest"
	Ready func(ctx context.Context) error
}

// Clock is the service's time. In a demonstration it runs ahead of the wall.
type Clock struct {
	Now   func() time.Time
	Label func() string // "" for wall time, else what the badge says, e.g. "x60"; may be nil
}
