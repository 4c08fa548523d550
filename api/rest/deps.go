package rest

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/internal/wording"
)

// Deps is what the operations need from the stages behind them. Errors are
// wrapped kinds of the root package (ErrNotFound, ErrConflict, ...); anything
// else is answered as an internal error without its text.
type Deps struct {
	Catalogue   *presage.Catalogue
	Vehicles    Vehicles
	Places      Places
	Health      Health
	Alerts      Alerts
	Fleet       Fleet
	Registry    Registry
	Cases       Cases
	Bookings    Bookings
	Messages    Messages
	Texts       Texts
	Devices     Devices
	Receipts    Receipts
	Desk        Desk
	Calendar    Calendar
	Waits       Waits
	Board       Board
	Mover       Mover
	Talks       Talks
	Stages      Stages
	Notices     Notices
	Coupons     Coupons
	Recalls     Recalls
	Rollouts    Rollouts
	Rescues     Rescues
	Advisers    Advisers
	Accounts    Accounts
	Links       Links `deps:"optional"` // set by api.New
	Articles    Articles
	Visits      Visits
	Bench       Bench
	Photos      Photos
	Surveys     Surveys
	Parts       Parts
	Overrides   Overrides
	Parameters  Parameters
	Orders      Orders
	Month       Month
	Policy      Policy
	Decisions   Decisions
	DeadLetters DeadLetters
	Redriver    Redriver
	Credentials Credentials
	Issuer      Issuer
	Commands    Commands
	Privacy     Privacy
	Consents    Consents
	Backups     Backups  `deps:"optional"` // nil: no backups
	Reported    Reported `deps:"optional"` // nil: no telemetry in exports
	Now         func() time.Time
	// Notify says that a vehicle has a new command; nil: nobody waits for it. It
	// never waits itself.
	Notify func(presage.VIN) `deps:"optional"`
	// SilentAfter is when a vehicle counts as not heard from unless it has its
	// own expected interval; 0 for never.
	SilentAfter time.Duration `deps:"optional"`
	// Zone is of the times in words; nil for UTC.
	Zone   *time.Location `deps:"optional"`
	Logger *slog.Logger

	Subscriptions Subscriptions // systems of dealers
	Quality       Quality
	Merges        Merges
	Dealer        Dealer
}

// silence is how "not heard from" is judged now.
func (d Deps) silence() presage.Silence { return presage.Silence{Now: d.Now(), After: d.SilentAfter} }

// Vehicles reads the fleet by VIN.
type Vehicles interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Vehicles(ctx context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error)
	// SoftwareOf is the version that a vehicle said it runs; "" when it has not said.
	SoftwareOf(ctx context.Context, vin presage.VIN) (string, error)
}

// Places reads workshops and depots.
type Places interface {
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

// Alerts reads what the watch rules say: of every rule, signal and vehicle the
// newest alert, those that stand first, then the newest first.
type Alerts interface {
	Alerts(ctx context.Context, f presage.AlertFilter) ([]presage.Alert, error)
}

// Fleet answers for all vehicles at once.
type Fleet interface {
	// Overview counts as heard who was heard from at heardSince or later.
	Overview(ctx context.Context, heardSince time.Time, silence presage.Silence) (presage.Overview, error)
}

// Registry takes in what an operator knows: who and what there is.
type Registry interface {
	// PutFleet stores all rows or none; those with a known key are replaced. Of
	// stock it takes what is on hand and on order; what bookings reserved stays.
	PutFleet(ctx context.Context, f presage.Fleet) error
	// CustomersKnown tells which of the IDs are of known customers.
	CustomersKnown(ctx context.Context, ids []string) (map[string]bool, error)
}

// Cases reads cases, the newest first.
type Cases interface {
	Case(ctx context.Context, id string) (presage.Case, error)
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
	// CaseEvents returns every change of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
}

// Bookings reads sold slots, the earliest first.
type Bookings interface {
	Booking(ctx context.Context, id string) (presage.Booking, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
}

// Messages reads what was said to customers, the newest first.
type Messages interface {
	Message(ctx context.Context, id string) (presage.Message, error)
	Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error)
}

// Desk is the adviser's side of outreach.
type Desk interface {
	// Slots returns appointments with a free bay, technician and parts for the jobs, the earliest first.
	Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int) ([]presage.Slot, error)
	// BookWish books a slot for a case, or for who holds an offer's token, or
	// moves the visit there. ErrConflict when the slot is gone, the case moved on
	// or, with ErrStale, the visit is not the one that was seen; ErrForbidden for
	// a forged token, ErrExpired for an old one, and with it ErrNewOwner once the
	// car is somebody else's.
	BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error)
	// Act does what a person wishes with a case and returns it as it is then.
	// ErrConflict says why the case is not one for it.
	Act(ctx context.Context, x presage.CaseAction) (presage.Case, error)
	// CancelBooking frees bay, technician and parts; who and why go into the case's history.
	CancelBooking(ctx context.Context, bookingID, who, why string) error
}

// Visits is the workshop's side of outreach.
type Visits interface {
	// Arrive notes that the vehicle stands at the workshop.
	Arrive(ctx context.Context, bookingID, who string) error
	// RecordResult stores what the workshop found, closes the case and labels the components.
	RecordResult(ctx context.Context, r presage.WorkshopResult) error
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
}

// Overrides keeps what planners know better.
type Overrides interface {
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

// Policy keeps what operators decide about outreach, version by version.
type Policy interface {
	// InForce is the newest version, 0 for the configuration's.
	InForce(ctx context.Context) (presage.Policy, error)
	Policy(ctx context.Context, version int64) (presage.Policy, error)
	// Policies lists the versions below before, all for 0, the newest first.
	Policies(ctx context.Context, before int64, limit int) ([]presage.Policy, error)
	// Put stores the next version and puts it in force. ErrInvalid names every
	// fault, ErrConflict says that p.Version is not the newest any more.
	Put(ctx context.Context, p presage.Policy) (presage.Policy, error)
}

// Decisions reads what outreach decided.
type Decisions interface {
	// Decisions lists records, the oldest first.
	Decisions(ctx context.Context, f presage.DecisionFilter) ([]presage.DecisionRecord, error)
	DecisionKept(ctx context.Context, id string) (bool, error)
}

// DeadLetters reads what could not be taken in.
type DeadLetters interface {
	// DeadLetterHeads lists letters by ID, of each the head of its payload.
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

// Credentials reads which vehicles may connect to the embedded broker.
type Credentials interface {
	// Credential returns what is known of one vehicle; see presage.Credential.
	Credential(ctx context.Context, vin presage.VIN) (presage.Credential, error)
	Credentials(ctx context.Context, f presage.CredentialFilter) ([]presage.Credential, error)
}

// Issuer gives vehicles the right to connect, and takes it away.
type Issuer interface {
	// Provision makes new secrets, which nobody can read again; the ones before
	// stop working. VINs that are not known are registered. All or none.
	Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error)
	// Revoke takes the secret away, shuts out the certificates issued so far
	// and cuts the connection. ErrNotFound: nobody knows the vehicle.
	Revoke(ctx context.Context, vin presage.VIN) error
}

// Commands keeps what vehicles are to be told until they acknowledge it.
type Commands interface {
	// PutCommand numbers and keeps a command made at its CreatedAt. ErrNotFound:
	// nobody knows the vehicle. ErrConflict: as many wait for it as may.
	PutCommand(ctx context.Context, c presage.Command) (presage.Command, error)
	// Commands lists one vehicle's, the newest first.
	Commands(ctx context.Context, f presage.CommandFilter) ([]presage.Command, error)
	// WithdrawCommand removes one that is not done, and ends the retained copy of
	// one that is. ErrConflict: it is done, and no copy of it is retained.
	WithdrawCommand(ctx context.Context, vin presage.VIN, id int64, now time.Time) error
}

// Backups makes backups of the working service.
type Backups interface {
	// Start begins one: ErrConflict while another is running, ErrForbidden when
	// no directory is configured.
	Start(ctx context.Context) (presage.BackupState, error)
	State(ctx context.Context) (presage.BackupState, error)
}

// Texts shows how messages read.
type Texts interface {
	// TextPreviews is about a real case where asked and where there is one.
	TextPreviews(ctx context.Context, about bool) (rows []wording.Preview, isReal bool, err error)
}
