package dealer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/internal/records"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// Store is what an import reads and changes; *sqlstore.Store is one.
type Store interface {
	// Import stores a batch, all or nothing; ErrConflict when it changed meanwhile.
	Import(ctx context.Context, b presage.ImportBatch) (presage.ImportReport, error)
	// External gives what is known of a dealer's record, or ErrNotFound.
	External(ctx context.Context, source, kind, externalID string) (presage.External, error)
	Booking(ctx context.Context, id string) (presage.Booking, error)
}

// Importer takes in what dealers' systems say. Its fields are set once, before its
// first use.
type Importer struct {
	Store     Store
	Catalogue *presage.Catalogue
	Desk      *visit.Desk
	Reception *visit.Reception
	// Keep plans visits anew that lost their bay; nil: the next sweep of the service does.
	Keep func(ctx context.Context) error
	Now  func() time.Time
}

// Import takes in what a source says, as JSON or, where list is one of form().Lists, as CSV:
// all or nothing. ErrInvalid names every fault by its place.
func (m *Importer) Import(
	ctx context.Context, source, list string, data []byte, dryRun bool,
) (presage.ImportReport, error) {
	x := &intake{catalogue: m.Catalogue, batch: presage.ImportBatch{Source: source, Now: m.Now().UTC(), DryRun: dryRun}}
	if err := CheckSource(source); err != nil {
		return presage.ImportReport{}, fmt.Errorf("source: %w", err)
	}
	rows, faults := read(list, data)
	if len(rows) > mostRows {
		return presage.ImportReport{}, fmt.Errorf("%w: %d records, want %d at the most: split the file",
			presage.ErrInvalid, len(rows), mostRows)
	}
	x.faults = faults
	x.add(rows)
	if err := records.Joined(x.faults); err != nil {
		return presage.ImportReport{}, err
	}
	var report presage.ImportReport
	err := casework.Contend(func() error {
		batch, err := m.prepared(ctx, x.batch)
		if err == nil {
			report, err = m.Store.Import(ctx, batch)
		}
		return err
	})
	if err == nil && len(report.Conflicts) > 0 && !dryRun && m.Keep != nil {
		err = m.Keep(ctx)
	}
	return report, err
}

// mostRows bounds a file.
const mostRows = 20_000

func read(list string, data []byte) ([]records.Row, []error) {
	if list == "" {
		return form().JSON("", data)
	}
	return form().CSV(list, list, data)
}

// CheckSource tells what is wrong with the name of a dealer's system. Histories name
// who did something: a name that they have for a person or a part of ours is taken.
func CheckSource(name string) error {
	taken := []string{
		presage.OwnerOutreach, presage.OwnerAdviser, presage.OwnerWorkshop, presage.OwnerManager, "customer", "policy",
		"watch", "sweep", "api",
	}
	if err := presage.CheckID(name); err != nil {
		return err
	}
	if len(name) > 40 || slices.Contains(taken, name) {
		return fmt.Errorf("%w: %.64q: want a name of the dealer's system, such as dms-1", presage.ErrInvalid, name)
	}
	return nil
}

// prepared adds what has to be known of visits before they are changed: who is told,
// which parts are promised.
func (m *Importer) prepared(ctx context.Context, b presage.ImportBatch) (presage.ImportBatch, error) {
	b.Bookings, b.WorkOrders = slices.Clone(b.Bookings), slices.Clone(b.WorkOrders)
	var faults []error
	for i := range b.Bookings {
		x := &b.Bookings[i]
		if err := m.booking(ctx, b.Source, x); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", x.Place, err))
		}
	}
	for i := range b.WorkOrders {
		x := &b.WorkOrders[i]
		if err := m.workOrder(ctx, b, x); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", x.Place, err))
		}
	}
	return b, wrong(faults)
}

// wrong joins the errors of rows, as faults of the file where a row refers to what is
// not there or cannot be changed so. Other errors, as of the database, stay what they are.
func wrong(faults []error) error {
	for i, err := range faults {
		if errors.Is(err, presage.ErrNotFound) || errors.Is(err, presage.ErrConflict) {
			faults[i] = fmt.Errorf("%w: %s", presage.ErrInvalid, err.Error())
		}
	}
	return records.Joined(faults)
}

// known is what is known of a dealer's record; the zero value for nothing.
func (m *Importer) known(ctx context.Context, source, kind, externalID string) (presage.External, error) {
	if externalID == "" {
		return presage.External{}, nil
	}
	e, err := m.Store.External(ctx, source, kind, externalID)
	if errors.Is(err, presage.ErrNotFound) {
		return presage.External{}, nil
	}
	return e, err
}

// booking finds out whether a booking is one of ours, and prepares its change.
func (m *Importer) booking(ctx context.Context, source string, x *presage.ImportedBooking) error {
	e, err := m.known(ctx, source, presage.KindBooking, x.ExternalID)
	if err != nil || !e.Says(x.ImportRow) {
		return err
	}
	ours := x.BookingID
	if e.ID != "" && !visit.OfDealer(e.ID) {
		x.Known, ours = e.ID, e.ID
	}
	if ours == "" && x.CaseID == "" {
		return nil // the dealer's own
	}
	place, err := m.known(ctx, source, presage.KindWorkshop, x.Workshop)
	if err != nil {
		return err
	}
	w := visit.DealerWish{
		Source: source, CaseID: x.CaseID, WorkshopID: cmp.Or(place.ID, x.Workshop),
		At: presage.Span{From: x.Start, To: x.End}, Bay: x.Bay, Technician: x.Technician,
	}
	var b presage.Booking
	if ours != "" {
		if b, err = m.newest(ctx, ours); err != nil {
			return err
		}
		w.CaseID, w.BookingID, x.Ours = b.CaseID, b.ID, b.ID
	}
	return m.change(ctx, w, b, x)
}

// newest is the booking that a visit has by now: a move makes another one.
func (m *Importer) newest(ctx context.Context, id string) (presage.Booking, error) {
	b, err := m.Store.Booking(ctx, id)
	if err != nil {
		return b, err
	}
	all, err := m.Desk.Files.Store.BookingsOf(ctx, b.CaseID)
	if err != nil || len(all) == 0 {
		return b, err
	}
	return slices.MaxFunc(all, func(a, b presage.Booking) int { return cmp.Compare(a.Sequence, b.Sequence) }), nil
}

func (m *Importer) change(
	ctx context.Context, w visit.DealerWish, b presage.Booking, x *presage.ImportedBooking,
) (err error) {
	over := b.State == presage.BookingCancelled || b.State == presage.BookingDone
	switch {
	case x.State == presage.BookingCancelled && (x.Ours == "" || over):
		return nil // it is not there any more
	case x.State == presage.BookingCancelled:
		x.Cancel, err = m.Desk.DealerCancels(ctx, w)
	case b.State == presage.BookingDone || b.State == presage.BookingArrived:
		return nil // it takes place, or has: its time does not change any more
	default:
		x.Sell, err = m.Desk.DealerBooks(ctx, w)
	}
	return err
}

// workOrder completes what a dealer's workshop found: whose it is, and what follows.
func (m *Importer) workOrder(ctx context.Context, b presage.ImportBatch, x *presage.ImportedWorkOrder) error {
	e, err := m.known(ctx, b.Source, presage.KindWorkOrder, x.ExternalID)
	if err != nil || e.ID != "" || !e.Says(x.ImportRow) {
		return err // a result is stored once
	}
	if x.Result.BookingID == "" {
		e, err := m.known(ctx, b.Source, presage.KindBooking, x.Booking)
		if err != nil {
			return err
		}
		if e.ID != "" && !visit.OfDealer(e.ID) {
			x.Result.BookingID = e.ID
		}
	}
	vin, err := m.vin(ctx, b, x)
	if err != nil {
		return err
	}
	x.Result.VIN, x.Result.ConfirmedBy = vin, b.Source // what is only doubtful is kept as that
	x.Result, x.Events, err = m.Reception.Prepare(ctx, x.Result)
	x.Labels = x.Result.Labels()
	return err
}

// vin is the car of a work order: of its booking, of a vehicle in the same import, or known before.
func (m *Importer) vin(ctx context.Context, b presage.ImportBatch, x *presage.ImportedWorkOrder) (presage.VIN, error) {
	if x.Result.BookingID != "" {
		booking, err := m.Store.Booking(ctx, x.Result.BookingID)
		return booking.VIN, err
	}
	ref := x.Vehicle
	if ref == "" {
		i := slices.IndexFunc(b.Bookings, func(v presage.ImportedBooking) bool { return v.ExternalID == x.Booking })
		if i < 0 {
			return "", fmt.Errorf("%w: name the vehicle of the work order", presage.ErrInvalid)
		}
		ref = b.Bookings[i].Vehicle
	}
	for _, v := range b.Vehicles {
		if v.ExternalID == ref {
			return v.VIN, nil
		}
	}
	e, err := m.known(ctx, b.Source, presage.KindVehicle, ref)
	if e.ID == "" && err == nil {
		return presage.ParseVIN(ref)
	}
	return presage.VIN(e.ID), err
}
