package web

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/api/ready"
	"presage/internal/wording"
)

// Deps is what the pages need from the stages behind them. Errors are wrapped
// kinds of the root package; anything else is shown without its text.
type Deps struct {
	Catalogue   *presage.Catalogue
	Vehicles    Vehicles
	Customers   Customers
	Places      Places
	Health      Health
	Alerts      Alerts
	Fleet       Fleet
	Cases       Cases
	Bookings    Bookings
	Messages    Messages
	Texts       Texts
	Policy      Policy
	Desk        Desk
	Acts        CaseDesk
	Talks       Talks
	Stages      Stages
	Recalls     Recalls
	Rollouts    Rollouts
	Rescues     Rescues
	Notices     Notices
	Coupons     Coupons
	Advisers    Advisers
	Accounts    Accounts
	Articles    Articles
	Visits      Visits
	Bench       Bench
	Photos      Photos
	Surveys     Surveys
	Visited     VisitFigures
	Board       Board
	Floor       Floor
	Waits       Waits
	Offers      Offers
	Refusals    Refusals
	Parts       Parts
	Overrides   Overrides
	Parameters  Parameters
	Orders      Orders
	Month       Month
	DeadLetters DeadLetters
	Redriver    Redriver
	Now         func() time.Time
	// ClockLabel is "" while Now tells the wall's time, else what the badge
	// says, e.g. "x60"; may be nil.
	ClockLabel func() string `deps:"optional"`
	// SilentAfter is when a vehicle counts as not heard from unless it has its
	// own expected interval; 0 for never.
	SilentAfter time.Duration `deps:"optional"`
	Checks      []ready.Check `deps:"optional"`
	Logger      *slog.Logger

	Subscriptions Subscriptions // systems of dealers
	Quality       Quality
	Merges        Merges
}

// silence is how "not heard from" is judged now.
func (d Deps) silence() presage.Silence { return presage.Silence{Now: d.Now(), After: d.SilentAfter} }

// Vehicles reads the fleet by VIN.
type Vehicles interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Vehicles(ctx context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error)
	// SoftwareOf is the version that a vehicle said it runs; "" when it has not said.
	SoftwareOf(ctx context.Context, vin presage.VIN) (string, error)
	// Events returns the newest events of a vehicle, newest first.
	Events(ctx context.Context, vin presage.VIN, limit int) ([]presage.Event, error)
}

// Texts shows how messages read.
type Texts interface {
	// TextPreviews is about a real case where asked and where there is one.
	TextPreviews(ctx context.Context, about bool) (rows []wording.Preview, isReal bool, err error)
	ReloadTexts() []wording.Fault
	TextFolder() string // "" for our own texts
}

// Customers are who answers for vehicles, and what they agreed to.
type Customers interface {
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// ConsentHistory is the newest first.
	ConsentHistory(ctx context.Context, customerID string) ([]presage.ConsentRecord, error)
	// ChangeConsent does one step; ErrConflict with ErrStale when the consent is not the
	// one that was seen.
	ChangeConsent(ctx context.Context, customerID string, x presage.ConsentStep) error
}

// Places reads workshops and depots.
type Places interface {
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	Depots(ctx context.Context) ([]presage.Depot, error)
}

// Health reads what is known about the components of a vehicle.
type Health interface {
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	// PrognosesWithPaths is Prognoses with the Path of each that has a sensor.
	PrognosesWithPaths(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	// Rollups returns the days [from, to] in ascending order.
	Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error)
	Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error)
}

// Alerts reads the newest alert of every rule, signal and vehicle, those that stand first.
type Alerts interface {
	Alerts(ctx context.Context, f presage.AlertFilter) ([]presage.Alert, error)
}

// Fleet answers for all vehicles at once.
type Fleet interface {
	// Overview counts as heard who was heard from at heardSince or later.
	Overview(ctx context.Context, heardSince time.Time, silence presage.Silence) (presage.Overview, error)
	// Urgent returns each vehicle's most urgent prognosis, the most urgent
	// vehicle first: due before watch, then by the 30-day failure probability.
	Urgent(ctx context.Context, limit int) ([]presage.Prognosis, error)
}

// Cases reads cases, the newest first, and their changes, the oldest first.
type Cases interface {
	Case(ctx context.Context, id string) (presage.Case, error)
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
}

// Bookings reads sold slots, the earliest first.
type Bookings interface {
	Booking(ctx context.Context, id string) (presage.Booking, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
}

// Messages reads what was said to customers and what they said, the newest first.
type Messages interface {
	Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error)
	Replies(ctx context.Context, limit int) ([]presage.Reply, error)
	RepliesOf(ctx context.Context, customerID string, limit int) ([]presage.Reply, error)
}

// Desk is the adviser's side of outreach; see rest.Desk.
type Desk interface {
	Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int) ([]presage.Slot, error)
	BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error)
	CancelBooking(ctx context.Context, bookingID, who, why string) error
}

// Visits is the workshop's side of outreach; see rest.Visits.
type Visits interface {
	Arrive(ctx context.Context, bookingID, who string) error
	RecordResult(ctx context.Context, r presage.WorkshopResult) error
}

// Offers is the customer's side of outreach: whoever holds the signed token may
// act. Each method returns ErrForbidden for a forged token, ErrExpired for an
// old one, and with it ErrNewOwner once the car is somebody else's.
type Offers interface {
	// OfferAt is the page at another workshop nearby, "" for the offer's own;
	// ErrInvalid for one that does not take the car.
	OfferAt(ctx context.Context, token, workshop string) (presage.OfferView, error)
	OfferDays(ctx context.Context, token, workshop, month string) (presage.FreeMonth, error)
	OfferTimes(ctx context.Context, token, workshop, day string) ([]presage.Slot, error)
	// BookWish books any free slot of the offer's workshop, or moves the visit
	// there; ErrConflict when it was just sold, with ErrStale when the visit is
	// not the one that was shown; ErrInvalid with ErrTooLate.
	BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error)
	// ICS returns the booked appointment as text/calendar.
	ICS(ctx context.Context, token string) ([]byte, error)
}

// Refusals is how a customer says no; tokens and errors are those of Offers.
// seen is the visit that was shown, "" for none, nil where nobody knows.
type Refusals interface {
	CancelSeen(ctx context.Context, token string, seen *string) error
	DeclineSeen(ctx context.Context, token, why string, seen *string) error
	StopByToken(ctx context.Context, token string) error
	// Unsubscribe ends e-mails to whom the token of an e-mail's own link names;
	// Unsubscriber is their language, and changes nothing.
	Unsubscribe(ctx context.Context, token string) error
	Unsubscriber(ctx context.Context, token string) (presage.Lang, error)
	// AgreeByToken sets by which ways the customer is written to and called, in view of
	// the consent that was changed at seen; ErrConflict with ErrStale when it is another.
	AgreeByToken(ctx context.Context, token string, ways presage.Channels, seen *time.Time) error
}

// Parts reads the demand for parts; names and prices come from the catalogue.
type Parts interface {
	// PartForecasts lists forecasts by part, region and depot.
	PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
	// PlanRows chooses forecasts by their lines, which lack distributions: pick returns those to
	// be read whole, in its own order; nil picks all.
	PlanRows(ctx context.Context, f presage.ForecastFilter, pick func(lines []presage.PartForecast) []presage.PartForecast,
	) ([]presage.PartForecast, error)
	// EachPlanRow hands the same over one by one: a large plan is never whole in memory.
	EachPlanRow(ctx context.Context, f presage.ForecastFilter,
		pick func(lines []presage.PartForecast) []presage.PartForecast, each func(presage.PartForecast) error) error
	// StockBudget is the best fill for the money (below 0 for what the plan binds) over the depots of
	// the filter.
	StockBudget(ctx context.Context, f presage.ForecastFilter, money presage.Money, price func(part string) presage.Money,
	) (presage.StockBudget, error)
	// PartOutlook is the outlook of a part at a depot, in a region (depot
	// empty) or everywhere (both empty); ErrNotFound without a forecast.
	PartOutlook(ctx context.Context, part, depot, region string) (presage.PartOutlook, error)
	// PlanAccuracy is how past forecasts of all the parts and depots of the
	// filter did together; empty before the days of a first one are over.
	PlanAccuracy(ctx context.Context, f presage.ForecastFilter) ([]presage.ForecastAccuracy, error)
}

// Overrides keeps what planners know better; see rest.Overrides.
type Overrides interface {
	PutOverride(ctx context.Context, o presage.DemandOverride) (presage.DemandOverride, error)
	WithdrawOverride(ctx context.Context, id int64, by string) error
	Overrides(ctx context.Context, part, depot string) ([]presage.DemandOverride, error)
}

// DeadLetters reads what could not be taken in, and counts it by reason.
type DeadLetters interface {
	DeadLetterHeads(ctx context.Context, f presage.DeadLetterFilter) ([]presage.DeadLetter, error)
	DeadLetterCounts(ctx context.Context) (map[string]int64, error)
}

// Redriver drives dead letters through ingest once more; see rest.Redriver.
type Redriver interface {
	Redrive(ctx context.Context, reason string, limit int) (int, error)
}
