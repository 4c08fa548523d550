package port

import (
	"context"
	"time"

	"presage"
)

// Parts reads the demand for parts; names and prices come from the catalogue.
type Parts interface {
	// PartForecasts lists forecasts by part, region and depot.
	PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
}

// Planning is what a parts planner looks at and decides.
type Planning interface {
	// PartOutlook is the outlook of a part at a depot, in a region (depot
	// empty) or everywhere (both empty); ErrNotFound without a forecast.
	PartOutlook(ctx context.Context, part, depot, region string) (presage.PartOutlook, error)
	// PutOverride keeps the override and takes the one in force for the same
	// part and depot back, by the same planner; it returns it with ID and
	// CreatedAt. ErrInvalid names every field out of range, ErrNotFound a part
	// or depot that is not planned.
	PutOverride(ctx context.Context, o presage.DemandOverride) (presage.DemandOverride, error)
	// WithdrawOverride ends an override; ErrNotFound, ErrConflict when it has ended.
	WithdrawOverride(ctx context.Context, id int64, by string) error
	// Overrides lists the overrides, the newest first; empty part or depot: of all.
	Overrides(ctx context.Context, part, depot string) ([]presage.DemandOverride, error)
}

// PlanAccuracy is what a Planning may tell besides: how the past forecasts of
// all the parts and depots of a filter did together. The pages show it where
// it is there.
type PlanAccuracy interface {
	// PlanAccuracy is empty before the days of a first forecast are over.
	PlanAccuracy(ctx context.Context, f presage.ForecastFilter) ([]presage.ForecastAccuracy, error)
}

// DeadLetters reads what could not be taken in.
type DeadLetters interface {
	DeadLetterHeads(ctx context.Context, f presage.DeadLetterFilter) ([]presage.DeadLetter, error)
	// DeadLetterCounts counts the open ones by reason.
	DeadLetterCounts(ctx context.Context) (map[string]int64, error)
	// HeldLetters lists of whom most letters came under a reason with a bound
	// ("" for any such), at most limit, 0 for all.
	HeldLetters(ctx context.Context, reason string, limit int) ([]presage.HeldLetters, error)
}

// Redriver drives dead letters through ingest once more.
type Redriver interface {
	// Redrive takes at most limit open letters with the reason ("" for any)
	// and returns how many went in whole; the others stay open.
	Redrive(ctx context.Context, reason string, limit int) (int, error)
}

// Clock is the service's time. In a demonstration it runs ahead of the wall.
type Clock struct {
	Now   func() time.Time
	Label func() string // "" for wall time, else what the badge says, e.g. "x60"; may be nil
}
