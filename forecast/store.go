package forecast

import (
	"context"
	"iter"
	"time"

	"presage"
)

// Fleet tells which vehicles there are, where they are served and what is
// predicted for them.
type Fleet interface {
	AllVehicles(ctx context.Context) ([]presage.Vehicle, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error]
}

// Commitments tells what has been offered and promised.
type Commitments interface {
	// CasesIn returns every case in one of the states.
	CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
}

// Depots tells which depots there are, and in which regions.
type Depots interface {
	Depots(ctx context.Context) ([]presage.Depot, error)
}

// Shelves tells what lies in the depots and what was taken.
type Shelves interface {
	Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error)
	// PartUse returns the use at a depot ("" for all) on the days [from, to].
	PartUse(ctx context.Context, depot, part string, from, to presage.Day) ([]presage.PartUse, error)
}

// Purchasing orders parts. What comes is received where it comes: see forecast/orders.
type Purchasing interface {
	// PutOrder keeps the order and adds it to what is on order.
	PutOrder(ctx context.Context, o presage.PurchaseOrder) error
}

// Orders tells how long orders took and which are on their way.
type Orders interface {
	// OpenOrders returns the pieces that are still to come; empty depot or part: of all.
	OpenOrders(ctx context.Context, depot, part string) ([]presage.PurchaseOrder, error)
	// ReceivedOrders returns what was received whole at since or later, of all
	// parts and depots.
	ReceivedOrders(ctx context.Context, since time.Time) ([]presage.PurchaseOrder, error)
}

// Overrides tells what the planners know better.
type Overrides interface {
	// OverridesInForce returns the overrides that are neither withdrawn nor
	// over on the day, at most one for a part at a depot.
	OverridesInForce(ctx context.Context, on presage.Day) ([]presage.DemandOverride, error)
}

// Parameters tells how planners want parts to be planned.
type Parameters interface {
	// PlanningParameters is the version, the newest for 0; version 0 without rules while none was
	// put. ErrNotFound for another one that is not there.
	PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error)
}

// PlannedParts tells what the newest plan says.
type PlannedParts interface {
	// PartForecasts returns forecasts by part, region and depot.
	PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
	// PlanLines returns the same without their distributions.
	PlanLines(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
	// PartForecastsAt returns those of a level at the places, in their order.
	PartForecastsAt(ctx context.Context, level string, places []presage.PlanPlace) ([]presage.PartForecast, error)
	// PlannedPart returns one with its weeks ahead; ErrNotFound if it is not planned.
	PlannedPart(ctx context.Context, part, depot, region string) (presage.PlannedPart, error)
}

// PartUses tells what was used of one part.
type PartUses interface {
	// FirstPartUse is the first day of the record; ErrNotFound without one.
	FirstPartUse(ctx context.Context) (presage.Day, error)
	// PartUse returns the use at a depot ("" for all) on the days [from, to].
	PartUse(ctx context.Context, depot, part string, from, to presage.Day) ([]presage.PartUse, error)
}

// GivenOverrides keeps the planners' own figures.
type GivenOverrides interface {
	// PutOverride numbers and keeps the override, and withdraws the one then in
	// force for the same part and depot.
	PutOverride(ctx context.Context, o presage.DemandOverride) (presage.DemandOverride, error)
	// WithdrawOverride ends an override; ErrNotFound without one, ErrConflict when it has ended.
	WithdrawOverride(ctx context.Context, id int64, by string, now time.Time) error
	// Overrides returns those of a part and depot ("" for all), the newest first.
	Overrides(ctx context.Context, part, depot string) ([]presage.DemandOverride, error)
}

// DeskReads is what a planner looks at.
type DeskReads interface {
	Depots
	Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error)
	// ProposedPieces are those of orders that are proposed and neither placed nor cancelled.
	ProposedPieces(ctx context.Context, f presage.StockFilter) ([]presage.PartQuantityAt, error)
	// ProposedTransfers are those that are neither picked nor cancelled.
	ProposedTransfers(ctx context.Context) ([]presage.PartTransfer, error)
	Overrides
	GivenOverrides
	PlannedParts
	PartUses
	Scores
}

// DeskStore is what the Desk works on; sqlstore provides it.
type DeskStore interface {
	// DeskSnapshot hands f what there is to read as it stands at one moment.
	DeskSnapshot(ctx context.Context, f func(DeskReads) error) error
	DeskReads
}

// Scores tells what past forecasts were worth.
type Scores interface {
	// EachForecastScore hands over the scored forecasts of a filter, always in
	// the same order.
	EachForecastScore(ctx context.Context, f presage.ScoreFilter, each func(presage.ScoredForecast)) error
}

// Archive keeps forecasts as they were made until they are scored. A distribution is
// named by part, depot, day of AsOf (UTC) and horizon.
type Archive interface {
	// NewestArchived is the newest AsOf of a distribution ever kept, scored ones
	// included; the zero time without any.
	NewestArchived(ctx context.Context) (time.Time, error)
	// ArchiveForecasts keeps the distributions; one of the same name is replaced.
	ArchiveForecasts(ctx context.Context, forecasts []presage.ArchivedForecast) error
	// UnscoredForecasts returns the distributions not scored yet whose days are over on
	// the day of now: day of AsOf + HorizonDays <= day of now (UTC).
	UnscoredForecasts(ctx context.Context, now time.Time) ([]presage.ArchivedForecast, error)
	// PutForecastScores puts scores in the place of the distributions of their names,
	// and forgets scores of forecasts made two years before the newest.
	PutForecastScores(ctx context.Context, scores []presage.ScoredForecast) error
}

// Weeks keeps what the first plan of each week said, and what it was worth.
type Weeks interface {
	PutPlanPoints(ctx context.Context, day presage.Day, points []presage.PlanPoint) error
	// PlanWeeks are the days of which points are kept, the oldest first.
	PlanWeeks(ctx context.Context) ([]presage.Day, error)
	// PlanPoints and PlanScores are of a depot, "" for all.
	PlanPoints(ctx context.Context, day presage.Day, depot string) ([]presage.PlanPoint, error)
	PutPlanScores(ctx context.Context, scores []presage.PlanScore) error
	PlanScores(ctx context.Context, since presage.Day, depot string) ([]presage.PlanScore, error)
}

// PlanKeeper keeps the newest plan, with the weeks ahead of each forecast.
type PlanKeeper interface {
	// PlanVersion is that of the plan in force, 0 before the first.
	PlanVersion(ctx context.Context) (int64, error)
	// KeepPlan replaces the plan of version next.Before by the parts, handed over one after the
	// other. Readers see the plan before until the new one is whole; an error leaves it as it was.
	// ErrConflict: another process kept a plan meanwhile.
	KeepPlan(ctx context.Context, next presage.NextPlan, parts iter.Seq2[presage.PlannedRows, error],
	) (presage.KeptPlan, error)
}

// Reads is everything that a plan is made from.
type Reads interface {
	Fleet
	Commitments
	Depots
	Shelves
	Orders
	Overrides
	Parameters
	Scores
}

// Store is what the Service works on; sqlstore provides it.
type Store interface {
	// Snapshot hands f what there is to read as it stands at one moment: a
	// booking must not be seen without the parts that it reserved.
	Snapshot(ctx context.Context, f func(Reads) error) error
	Purchasing
	Archive
	Weeks
	PlanKeeper
}
