package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"presage"
)

const (
	boardRows = 30
	slotsRead = 300
	slotDays  = 14
	deskDays  = 5 // days shown to an adviser
	deskTimes = 8 // times shown of each
)

// boardStates are the cases in hand, in the order they move.
func boardStates() []presage.CaseState {
	return []presage.CaseState{
		presage.CaseOpen, presage.CaseOffered, presage.CaseBooked, presage.CaseArrived, presage.CaseEscalated,
	}
}

func endedStates() []presage.CaseState {
	return []presage.CaseState{
		presage.CaseDone, presage.CaseDeclined, presage.CaseExpired, presage.CaseWithheld,
		presage.CaseSuppressed, presage.CaseSuperseded, presage.CaseResolvedElsewhere,
	}
}

// caseRow is a case with the vehicle it is about.
type caseRow struct {
	presage.Case
	Vehicle presage.Vehicle
}

type column struct {
	State presage.CaseState
	Rows  []caseRow
	More  bool
}

type casesBody struct {
	Columns []column // the board; empty when one state is listed
	State   presage.CaseState
	Rows    []caseRow
	Next    string
	Ended   []presage.CaseState
	Query   string // what is searched for; then the rows are of every state
}

func cases(r *request) error {
	b := casesBody{Ended: endedStates(), Query: oneLine(r.Query("q"))}
	state := presage.CaseState(r.Query("state"))
	if b.Query != "" || slices.Contains(b.Ended, state) || slices.Contains(boardStates(), state) {
		if b.State = state; b.Query != "" {
			b.State = ""
		}
		rows, err := r.site.caseRows(r.Request.Context(), presage.CaseFilter{
			State: b.State, Query: b.Query, BeforeID: r.Query("before"), Limit: vehicleRows,
		})
		if err != nil {
			return err
		}
		b.Rows = rows
		if len(rows) == vehicleRows {
			b.Next = rows[len(rows)-1].ID
		}
		return r.render(http.StatusOK, "cases", "cases", r.text("nav.cases"), b)
	}
	for _, state := range boardStates() {
		rows, err := r.site.caseRows(r.Request.Context(), presage.CaseFilter{State: state, Limit: boardRows})
		if err != nil {
			return err
		}
		b.Columns = append(b.Columns, column{State: state, Rows: rows, More: len(rows) == boardRows})
	}
	return r.render(http.StatusOK, "cases", "cases", r.text("nav.cases"), b)
}

func (s *Site) caseRows(ctx context.Context, f presage.CaseFilter) ([]caseRow, error) {
	found, err := s.Cases.Cases(ctx, f)
	if err != nil {
		return nil, err
	}
	rows := make([]caseRow, 0, len(found))
	for _, c := range found {
		v, err := s.vehicleOf(ctx, c.VIN)
		if err != nil {
			return nil, err
		}
		rows = append(rows, caseRow{Case: c, Vehicle: v})
	}
	return rows, nil
}

// vehicleOf is a vehicle, with its VIN alone where it is not registered any more.
func (s *Site) vehicleOf(ctx context.Context, vin presage.VIN) (presage.Vehicle, error) {
	v, err := s.Vehicles.Vehicle(ctx, vin)
	if errors.Is(err, presage.ErrNotFound) {
		err = nil
	}
	v.VIN = vin
	return v, err
}

// costPoint and costCurve are what a page reads of a stored decision.
type costPoint struct {
	Day       int   `json:"day"`
	Breakdown int64 `json:"breakdown"`
	Waste     int64 `json:"waste"`
	Visit     int64 `json:"visit"`
	Annoyance int64 `json:"annoyance"`
	Total     int64 `json:"total"`
	Open      bool  `json:"open"`
}

type costCurve struct {
	Policy   string      `json:"policy"`
	Day      int         `json:"day"`
	Currency string      `json:"currency"`
	Curve    []costPoint `json:"curve"`
	Input    struct {
		At   time.Time `json:"at"`
		Draw float64   `json:"draw"`
		// PolicyVersion is of the stored policy, 0 for the configuration's.
		PolicyVersion int64 `json:"policy_version"`
	} `json:"input"`
}

type caseBody struct {
	caseRow
	Customer   *presage.Customer
	Workshop   *presage.Workshop
	Jobs       []string
	Events     []presage.CaseEvent
	Messages   []presage.Message
	Booking    *presage.Booking // the one that stands, else nil
	Past       []presage.Booking
	Technician string // of the booking, by name
	Decision   *costCurve
	Days       []slotDay // free times by day
	CanBook    bool
	Cards      []componentCard        // what the data say now, while the case is in hand
	Why        *presage.CaseEvent     // why a person has it, nil when none does
	Result     *presage.ResultVersion // what the workshop found, nil for nothing yet
	Acts       []presage.ActionKind   // what a person may note now
	Calls      []presage.CallOutcome
	Who        signer
	Next       presage.CaseState // what the timeline waits for
	Coupon     *presage.Coupon   // that came with the offer; nil for none

	CouponState presage.CouponState
	Dispatch    *dispatchBody // why the booking has its technician
	Rescues     []rescueCard
	Photos      []presage.JobPhoto // of its visits
}

// MayRescue tells that a rescue may be asked for: nobody is on it, and the car is not in
// the workshop.
func (b caseBody) MayRescue() bool {
	live := len(b.Rescues) > 0 && b.Rescues[0].State.Live()
	return !live && !b.State.Ended() && b.State != presage.CaseArrived
}

func oneCase(r *request) error {
	b, err := r.site.readCase(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	b.Who = r.signer()
	if !b.State.Ended() {
		b.Acts, b.Calls = caseActs(), presage.CallOutcomes()
	}
	if b.Rescues, err = r.caseRescues(b.ID); err != nil {
		return err
	}
	r.heed()
	return r.render(http.StatusOK, "case", "cases", r.text("case.title", b.ID), b)
}

func (s *Site) readCase(ctx context.Context, id string) (caseBody, error) {
	var (
		b   caseBody
		err error
	)
	if b.Case, err = s.Cases.Case(ctx, id); err != nil {
		return b, err
	}
	vb := vehicleBody{}
	if vb.Vehicle, err = s.Vehicles.Vehicle(ctx, b.VIN); err != nil && !errors.Is(err, presage.ErrNotFound) {
		return b, err
	}
	b.Vehicle = vb.Vehicle
	vb.CustomerID, vb.WorkshopID = b.CustomerID, b.WorkshopID
	if err = s.people(ctx, &vb); err != nil {
		return b, err
	}
	b.Customer, b.Workshop = vb.Customer, vb.Workshop
	if b.Events, err = s.Cases.CaseEvents(ctx, id); err != nil {
		return b, err
	}
	if b.Messages, err = s.Messages.Messages(ctx, presage.MessageFilter{CaseID: id, Limit: boardRows}); err != nil {
		return b, err
	}
	slices.SortStableFunc(b.Messages, func(x, y presage.Message) int { return said(x).Compare(said(y)) })
	if !b.State.Ended() {
		if b.Cards, err = s.found(ctx, b.Case); err != nil {
			return b, err
		}
	}
	for _, e := range b.Events {
		if b.State == presage.CaseEscalated && e.To == presage.CaseEscalated {
			b.Why = &e
		}
	}
	b.Decision = readDecision(b.Case.Decision)
	b.Jobs = s.jobsOf(b.Components)
	return b, errors.Join(s.readBookings(ctx, &b), s.readCoupon(ctx, &b))
}

func (s *Site) readBookings(ctx context.Context, b *caseBody) error {
	bookings, err := s.Bookings.Bookings(ctx, presage.BookingFilter{CaseID: b.ID, Limit: boardRows})
	if err != nil {
		return err
	}
	var shop presage.Workshop // without one technicians are named by their IDs
	if b.Workshop != nil {
		shop = *b.Workshop
	}
	for _, k := range bookings {
		photos, err := s.Photos.JobPhotos(ctx, k.ID)
		if err != nil {
			return err
		}
		b.Photos = append(b.Photos, photos...)
		if k.State == presage.BookingConfirmed || k.State == presage.BookingArrived {
			b.Booking, b.Technician, b.Dispatch = &k, technician(shop, k.TechnicianID), dispatchOf(k, shop)
			continue
		}
		b.Past = append(b.Past, k)
		if err := s.readResult(ctx, b, k); err != nil {
			return err
		}
	}
	b.CanBook = b.Booking == nil && b.State.CanBecome(presage.CaseBooked)
	if !b.CanBook || b.WorkshopID == "" || len(b.Jobs) == 0 {
		return nil
	}
	return s.freeTimes(ctx, b)
}

// readResult adds what the workshop found at a visit that is done.
func (s *Site) readResult(ctx context.Context, b *caseBody, k presage.Booking) error {
	if k.State != presage.BookingDone {
		return nil
	}
	versions, err := s.Bench.Versions(ctx, k.ID)
	if v := presage.CurrentOf(versions); v.Version > 0 {
		b.Result = &v
	}
	return err
}

// freeTimes offers an adviser some times of the next days to book for the customer.
func (s *Site) freeTimes(ctx context.Context, b *caseBody) error {
	now := s.Now()
	free, err := s.Desk.Slots(ctx, b.WorkshopID, b.Jobs, now, now.AddDate(0, 0, slotDays), slotsRead)
	if err != nil {
		return err
	}
	zone := time.UTC
	if b.Workshop != nil {
		zone = s.speakers[presage.English].zone(b.Workshop.Zone)
	}
	days := byDay(free, zone)
	b.Days = days[:min(deskDays, len(days))]
	for i := range b.Days {
		b.Days[i].Slots = spread(b.Days[i].Slots, deskTimes)
	}
	return nil
}

// said is when a message was sent, or is to be.
func said(m presage.Message) time.Time {
	if m.SentAt.IsZero() {
		return m.NotBefore
	}
	return m.SentAt
}

// spread keeps at most n of the slots, evenly over the day.
func spread(slots []presage.Slot, n int) []presage.Slot {
	if len(slots) <= n {
		return slots
	}
	kept := make([]presage.Slot, 0, n)
	for i := range n {
		kept = append(kept, slots[i*len(slots)/n])
	}
	return kept
}

// readDecision is nil when there is none or it was written by a policy this page cannot read.
func readDecision(raw json.RawMessage) *costCurve {
	var d costCurve
	if err := json.Unmarshal(raw, &d); err != nil || len(d.Curve) == 0 {
		return nil
	}
	return &d
}

// jobsOf are the catalogue's jobs for components, each once.
func (s *Site) jobsOf(components []presage.ComponentID) []string {
	var jobs []string
	for _, id := range components {
		c, err := s.Catalogue.Component(id)
		if err == nil && c.JobCode != "" && !slices.Contains(jobs, c.JobCode) {
			jobs = append(jobs, c.JobCode)
		}
	}
	return jobs
}
