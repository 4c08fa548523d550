package outreach

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"presage"
	"presage/internal/photo"
	"presage/internal/wording"
	"presage/outreach/advise"
	"presage/outreach/calendar"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/converse"
	"presage/outreach/decide"
	"presage/outreach/deliver"
	"presage/outreach/floor"
	"presage/outreach/link"
	"presage/outreach/rescue"
	"presage/outreach/rollout"
	"presage/outreach/rules"
	"presage/outreach/stages"
	"presage/outreach/talk"
	"presage/outreach/visit"
	"presage/outreach/waitlist"
)

// Config says how the service behaves. Start from DefaultConfig.
type Config = rules.Config

// DefaultConfig returns the defaults that the fields of Config name.
func DefaultConfig() Config { return rules.Default() }

// Channel is one way to reach a customer.
type Channel = contact.Channel

// Deps is what the service works with. All but Logger are required.
type Deps struct {
	Store     Store
	Catalogue *presage.Catalogue
	// Channels that are configured. A channel named outbox stands in for push
	// and SMS where neither is configured.
	Channels []Channel
	// Key signs booking links, at least 16 bytes, secret, the same after a restart.
	Key    presage.Secret
	Now    func() time.Time
	Texts  *wording.Texts // default: the embedded ones
	Logger *slog.Logger   // default: none
	// Whereabouts tells where cars stand, for vans to come there; nil: no van is sent.
	Whereabouts visit.Whereabouts
	// Telemetry tells where a car was seen last; nil where nobody knows.
	Telemetry rescue.Telemetry
}

// Service is outreach: its rooms and the deadlines between them. Make it with New.
type Service struct {
	*decide.Decider
	*decide.Watcher
	*deliver.Deliverer
	*converse.Listener
	appointments
	*visit.Page
	*visit.Bench
	*visit.Surveyor
	*advise.Adviser
	*talk.Switchboard
	*stages.Meter
	*Sweeper
	*Drafts
	*floor.Floor
	*waitlist.List
	*rescue.Rescuer

	// Rulebook holds the rules that are in force.
	Rulebook *rules.Book

	// Agenda and Desk are whole what the rooms use of each other.
	Agenda *visit.Agenda
	Desk   *visit.Desk
}

// appointments is what customers, advisers and partners do with Agenda and Desk.
type appointments interface {
	Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int) ([]presage.Slot, error)
	FreeDays(ctx context.Context, e presage.Errand, month string) (presage.FreeMonth, error)
	FreeTimes(ctx context.Context, e presage.Errand, day string) ([]presage.Slot, error)
	Book(ctx context.Context, token, slotID, via string) (presage.Booking, error)
	BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error)
	BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error)
	CancelByToken(ctx context.Context, token string) error
	CancelSeen(ctx context.Context, token string, seen *string) error
	CancelBooking(ctx context.Context, bookingID, who, why string) error
	MoveVisit(ctx context.Context, m presage.VisitMove) (presage.Booking, error)
}

// New checks the configuration and builds the service; ErrInvalid names every fault.
func New(cfg Config, d Deps) (*Service, error) {
	faults := []error{cfg.Validate()}
	if d.Store == nil || d.Catalogue == nil || d.Now == nil || len(d.Channels) == 0 {
		faults = append(faults, fmt.Errorf("%w outreach: store, catalogue, clock and one channel are required",
			presage.ErrInvalid))
	}
	links, err := link.NewSigner(d.Key, cfg.BaseURL)
	texts, errTexts := d.Texts, error(nil)
	if texts == nil && d.Catalogue != nil {
		texts, errTexts = wording.OpenTexts("", d.Catalogue, cfg.Sender)
	}
	if err := errors.Join(append(faults, err, errTexts)...); err != nil {
		return nil, fmt.Errorf("outreach: %w", err)
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	d.Texts = texts
	book := rules.NewBook(cfg, d.Store, d.Catalogue)
	days, err := calendar.Open(d.Logger)
	if err != nil {
		return nil, fmt.Errorf("outreach: %w", err)
	}
	s := furnish(book.Current, d, &contact.Planner{
		Directory: contact.NewDirectory(d.Channels), Rules: book.Current, Links: links, Texts: texts, Now: d.Now,
		Calendar: days,
	})
	s.Rulebook = book
	return s, nil
}

// furnish gives each room what it works with.
func furnish(current rules.Current, d Deps, planner *contact.Planner) *Service {
	store, cat, now := d.Store, d.Catalogue, d.Now
	ledger, limit := accounts(current, d)
	agenda := &visit.Agenda{
		Store: store, Catalogue: cat, Rules: current, Now: now, Holiday: planner.Calendar.Holiday, Whereabouts: d.Whereabouts,
	}
	files := &visit.Files{Store: store, Agenda: agenda, Planner: planner, Now: now}
	desk := &visit.Desk{
		Store: store, Files: files, Agenda: agenda, Planner: planner, Catalogue: cat, Rules: current, Now: now,
	}
	offerer := &decide.Offerer{
		Store: store, Agenda: agenda, Visits: desk, Ledger: ledger, Planner: planner, Rules: current, Now: now,
	}
	conductor := &rollout.Conductor{Store: store, Ledger: ledger, Offers: offerer, Now: now, Log: d.Logger}
	rescuer := &rescue.Rescuer{
		Store: store, Telemetry: d.Telemetry, Ledger: ledger, Planner: planner, Catalogue: cat, Rules: current,
		Now: now, Log: d.Logger,
	}
	watcher := &decide.Watcher{
		Store: store, Offerer: offerer, Cap: limit, Ledger: ledger, Remote: conductor, Roadside: rescuer, Catalogue: cat,
		Rules: current, Now: now, Log: d.Logger,
	}
	adviser := &advise.Adviser{
		Store: store, Files: files, Desk: desk, Ledger: ledger, Offerer: offerer, Rules: current, Now: now,
	}
	talks := &talk.Switchboard{Store: store, Planner: planner, Cases: adviser, Catalogue: cat, Rules: current, Now: now}
	surveyor := &visit.Surveyor{Surveys: store, Files: files, Planner: planner, Rules: current, Now: now}
	waits := &waitlist.List{Store: store, Files: files, Agenda: agenda, Planner: planner, Rules: current, Now: now}
	keeper := &visit.Keeper{Store: store, Desk: desk, Now: now}
	reception := &visit.Reception{Store: store, Ledger: ledger, Catalogue: cat, Now: now}
	return &Service{
		Decider: &decide.Decider{
			Store: store, Offerer: offerer, Watcher: watcher, Cap: limit, Agenda: agenda, Ledger: ledger,
			Catalogue: cat, Rules: current, Now: now, Log: d.Logger,
		},
		Watcher: watcher,
		Deliverer: &deliver.Deliverer{
			Store: store, Ledger: ledger, Cap: limit, Planner: planner, Offers: offerer, Rules: current, Now: now, Log: d.Logger,
		},
		Listener: &converse.Listener{
			Store: store, Files: files, Desk: desk, Ledger: ledger, Planner: planner, Offers: offerer,
			Persons: talks, Fetcher: rescuer, Rules: current, Now: now,
		},
		appointments: struct {
			*visit.Agenda
			*visit.Desk
		}{agenda, desk},
		Agenda: agenda, Desk: desk,
		Page:     &visit.Page{Files: files, Agenda: agenda, Catalogue: cat, Rules: current, Now: now},
		Surveyor: surveyor,
		Bench:    &visit.Bench{Reception: reception, Repairs: store, Files: files, Photos: photo.NewMaker()},
		Adviser:  adviser, Switchboard: talks, Meter: &stages.Meter{Store: store, Rules: current, Now: now},
		Drafts: &Drafts{Messages: store, Files: files, Texts: d.Texts},
		Sweeper: &Sweeper{
			Store: store, Ledger: ledger, Offers: offerer, Rules: current, Now: now, Talks: talks,
			Keeper: keeper, Surveys: surveyor, Waits: waits, Remote: conductor, Roadside: rescuer,
			Watch: watcher, Away: &visit.Lookout{Store: store, Files: files, Planner: planner, Now: now},
		},
		List: waits, Rescuer: rescuer,
		Floor: &floor.Floor{Store: store, Keeper: keeper, Desk: desk, Reception: reception, Now: now},
	}
}

// accounts are the ledger of cases and the cap on texts to a customer: both read the
// rules anew at each question.
func accounts(current rules.Current, d Deps) (*casework.Ledger, *casework.Cap) {
	within := func(s presage.Severity) time.Duration { return current().CallWithin(s) }
	limit := func() (int, time.Duration) {
		r := current()
		return r.Cap, r.CapWindow
	}
	return &casework.Ledger{Store: d.Store, Catalogue: d.Catalogue, Now: d.Now, CallWithin: within},
		&casework.Cap{Store: d.Store, Now: d.Now, Limit: limit}
}
