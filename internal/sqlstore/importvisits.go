package sqlstore

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"presage"
)

// freshVisit is a booking of the import that says something new.
type freshVisit struct {
	presage.ImportedBooking

	known known
	id    string // the booking of ours, or the dealer's visit
	ours  bool
	at    presage.Workshop // where it is, by our records
}

// visitPrefix begins the IDs of dealers' visits, which bookings of ours do not have.
const visitPrefix = "dealer-"

// bookings takes first what all of them held, so that visits can change places, and
// then gives each what it wants.
func (x *intake) bookings() error {
	visits, err := x.freshVisits()
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.ours {
			continue
		}
		if _, err := x.tx.ExecContext(x.ctx, `DELETE FROM booking_cells WHERE booking_id = $1`, v.id); err != nil {
			return err
		}
	}
	for _, v := range visits {
		put := x.putVisit
		if v.ours {
			put = x.putOurs
		}
		if err := put(v); err != nil {
			return err
		}
	}
	return nil
}

func (x *intake) freshVisits() (visits []freshVisit, err error) {
	for _, b := range x.batch.Bookings {
		v := freshVisit{ImportedBooking: b}
		var fresh bool
		if v.known, fresh, err = x.news(b.ImportRow); err != nil {
			return nil, err
		}
		if !fresh {
			continue
		}
		if is := v.known.id; is != b.Known && (b.Known != "" || !strings.HasPrefix(is, visitPrefix)) {
			return nil, fmt.Errorf("%s: %w: the booking changed meanwhile", b.Place, presage.ErrConflict)
		}
		faults := len(x.faults)
		if err := x.visit(&v); err != nil {
			return nil, err
		}
		if len(x.faults) == faults {
			visits = append(visits, v)
		}
	}
	return visits, x.readPlaces(visits)
}

// readPlaces reads and locks the workshops of visits, in one order for all, so that two
// imports do not wait for each other.
func (x *intake) readPlaces(visits []freshVisit) (err error) {
	places := map[string]presage.Workshop{}
	for _, v := range visits {
		places[v.at.ID] = v.at
	}
	for _, id := range slices.Sorted(maps.Keys(places)) {
		if places[id], err = lockWorkshop(x.ctx, x.tx, id); err != nil {
			return err
		}
	}
	for i := range visits {
		visits[i].at = places[visits[i].at.ID]
	}
	return nil
}

// visit tells which booking a row is about, and where: by the workshop's ID alone.
func (x *intake) visit(v *freshVisit) (err error) {
	v.ours = v.Ours != "" || v.Sell != nil
	if v.at.ID, err = x.ours(v.ImportRow, presage.KindWorkshop, v.Workshop); err != nil {
		return err
	}
	v.id = v.known.id
	if !v.known.there {
		v.id = visitPrefix + x.batch.Source + "/" + v.ExternalID
	}
	if v.ours {
		v.id = v.Ours
	}
	return nil
}

// blocks tells whether a visit in a state takes its bay and technician.
func blocks(s presage.BookingState) bool {
	return s == presage.BookingConfirmed || s == presage.BookingArrived
}

// putVisit keeps a visit that the dealer sold.
func (x *intake) putVisit(v freshVisit) error {
	if blocks(v.State) {
		ok, err := x.block(&v)
		if err != nil || !ok {
			return err
		}
	}
	vin, customer, err := x.visitor(v)
	if err != nil {
		return err
	}
	jobs, err := encode(v.Jobs)
	if err != nil {
		return err
	}
	_, err = x.tx.ExecContext(x.ctx, `INSERT INTO dealer_visits
		(id, source, external_id, workshop_id, bay_id, technician_id, vin, customer_id, start_at, end_at, jobs,
			state, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET workshop_id = excluded.workshop_id, bay_id = excluded.bay_id,
			technician_id = excluded.technician_id, vin = excluded.vin, customer_id = excluded.customer_id,
			start_at = excluded.start_at, end_at = excluded.end_at, jobs = excluded.jobs, state = excluded.state,
			updated_at = excluded.updated_at`,
		v.id, x.batch.Source, v.ExternalID, v.at.ID, v.Bay, v.Technician, vin, customer, micros(v.Start), micros(v.End),
		clean(jobs), string(v.State), micros(x.batch.Now))
	if err != nil {
		return err
	}
	return x.keep(v.ImportRow, v.known, v.id, "")
}

// visitor is whose visit it is, as far as they are known here.
func (x *intake) visitor(v freshVisit) (vin, customer string, err error) {
	for _, ref := range []struct {
		kind, id, stmt string
		to             *string
	}{
		{presage.KindVehicle, v.Vehicle, `SELECT COALESCE(MIN(vin), '') FROM vehicles WHERE vin = $1`, &vin},
		{presage.KindCustomer, v.Customer, `SELECT COALESCE(MIN(id), '') FROM customers WHERE id = $1`, &customer},
	} {
		if ref.id == "" {
			continue
		}
		k, err := x.look(ref.kind, ref.id)
		if err != nil {
			return "", "", err
		}
		if *ref.to = k.id; !k.there {
			if *ref.to, err = one(x.ctx, x.tx, scanString, ref.stmt, ref.id); err != nil {
				return "", "", err
			}
		}
	}
	return vin, customer, nil
}

// block takes a bay and a technician: those that the dealer names, whoever has them,
// else any that are free. False after a fault.
func (x *intake) block(v *freshVisit) (bool, error) {
	b := presage.Booking{ID: v.id, WorkshopID: v.at.ID, Start: v.Start, End: v.End}
	for _, r := range []struct {
		what  string
		named *string
		all   []string
	}{{"bay", &v.Bay, baysOf(v.at)}, {"technician", &v.Technician, techniciansOf(v.at)}} {
		if *r.named == "" {
			var err error
			if *r.named, err = sell(x.ctx, x.tx, b, r.what, r.all); errors.Is(err, presage.ErrConflict) {
				x.bad(v.ImportRow, "no %s of the workshop is free then: name the %s that it takes", r.what, r.what)
				return false, nil
			}
			if err != nil {
				return false, err
			}
			continue
		}
		if !slices.Contains(r.all, *r.named) {
			x.bad(v.ImportRow, "%s %.64q is not one of the workshop's", r.what, *r.named)
			return false, nil
		}
		if ok, err := x.displace(v.ImportRow, *r.named, v.Start, v.End, v.id); err != nil || !ok {
			return false, err
		}
		if _, err := take(x.ctx, x.tx, b, *r.named); err != nil {
			return false, err
		}
	}
	return true, nil
}

// displace takes a bay or technician from visits that were sold here, and reports
// them: the keeper plans them anew. False after a fault: a car stands in the bay, or
// another booking of a dealer has it.
func (x *intake) displace(r presage.ImportRow, resource string, start, end time.Time, except string) (bool, error) {
	first, past := cellsOf(start, end)
	const there = `FROM booking_cells WHERE resource = $1 AND cell >= $2 AND cell < $3 AND booking_id <> $4`
	ids, err := all(x.ctx, x.tx, scanString, `SELECT DISTINCT booking_id `+there+` ORDER BY booking_id`,
		resource, first, past, except)
	if err != nil {
		return false, err
	}
	ok := true
	for _, id := range ids {
		if strings.HasPrefix(id, visitPrefix) {
			_, theirs, _ := strings.Cut(id, "/")
			x.bad(r, "%s is taken then by booking %.64q", resource, theirs)
			ok = false
			continue
		}
		b, err := lockBooking(x.ctx, x.tx, id)
		if err != nil {
			return false, err
		}
		if b.State != presage.BookingConfirmed {
			x.bad(r, "%s is taken then by booking %s, which is %s", resource, id, b.State)
			ok = false
			continue
		}
		// The keeper sees that it lacks one: what it had at that time counts as its own else.
		_, err = x.tx.ExecContext(x.ctx, `UPDATE bookings SET bay_id = CASE bay_id WHEN $2 THEN '' ELSE bay_id END,
			technician_id = CASE technician_id WHEN $2 THEN '' ELSE technician_id END WHERE id = $1`, id, resource)
		if err != nil {
			return false, err
		}
		x.report.Conflicts = append(x.report.Conflicts, presage.ImportConflict{
			ExternalID: r.ExternalID, BookingID: id, Resource: resource, Start: b.Start,
		})
	}
	if ok {
		_, err = x.tx.ExecContext(x.ctx, `DELETE `+there, resource, first, past, except)
	}
	return ok, err
}

// putOurs books, moves, takes in or cancels a visit that is kept here.
func (x *intake) putOurs(v freshVisit) error {
	id := v.Ours
	if v.Sell != nil {
		ok, sold, err := x.sell(v)
		if err != nil || !ok {
			return err
		}
		id = sold
	}
	switch {
	case v.Cancel != nil:
		if err := cancelIn(x.ctx, x.tx, *v.Cancel); err != nil {
			return err
		}
	case v.State == presage.BookingArrived:
		if err := x.arrive(id); err != nil {
			return err
		}
	}
	return x.keep(v.ImportRow, v.known, id, "")
}

// sell books or moves; a visit whose time stays keeps its booking.
func (x *intake) sell(v freshVisit) (bool, string, error) {
	r := *v.Sell
	for _, named := range []struct {
		id string
		to *[]string
	}{{v.Bay, &r.Bays}, {v.Technician, &r.Technicians}} {
		if named.id == "" {
			continue
		}
		*named.to = []string{named.id}
		if ok, err := x.displace(v.ImportRow, named.id, r.Booking.Start, r.Booking.End, v.Ours); err != nil || !ok {
			return false, "", err
		}
	}
	var b presage.Booking
	var err error
	if r.Replaces == "" && v.Ours != "" {
		b, err = replanIn(x.ctx, x.tx, r)
	} else {
		if b, err = begun(r); err == nil {
			err = reserveIn(x.ctx, x.tx, r, &b)
		}
	}
	if errors.Is(err, presage.ErrConflict) {
		x.bad(v.ImportRow, "the visit cannot be booked so: %v", err)
		return false, "", nil
	}
	return err == nil, b.ID, err
}

func (x *intake) arrive(id string) error {
	b, err := lockBooking(x.ctx, x.tx, id)
	if err != nil || b.State == presage.BookingArrived || b.State == presage.BookingDone {
		return err
	}
	at := told{who: x.batch.Source, at: x.batch.Now}
	if err := moveBookingIn(x.ctx, x.tx, b, presage.BookingArrived, at); err != nil {
		return err
	}
	c, err := lockCase(x.ctx, x.tx, b.CaseID)
	if err != nil || !c.State.CanBecome(presage.CaseArrived) {
		return err
	}
	return moveCase(x.ctx, x.tx, presage.CaseChange{
		DueAt: b.End.Add(24 * time.Hour), Owner: presage.OwnerWorkshop,
	}, presage.CaseEvent{
		CaseID: c.ID, At: x.batch.Now, Who: x.batch.Source, To: presage.CaseArrived,
		Reason: presage.Because(presage.WhyArrived),
	})
}

// workOrders stores what dealers' workshops found, once: a result stays as it is.
func (x *intake) workOrders() error {
	for _, o := range x.batch.WorkOrders {
		k, fresh, err := x.news(o.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if k.there {
			x.bad(o.ImportRow, "work order %.64q is stored already, with other words: a result is not overwritten", o.ExternalID)
			continue
		}
		if err := x.workOrder(o, k); err != nil {
			return err
		}
	}
	return nil
}

func (x *intake) workOrder(o presage.ImportedWorkOrder, k known) error {
	r := o.Result
	if o.Booking != "" && r.BookingID == "" { // the dealer's own visit is over
		visit, err := x.look(presage.KindBooking, o.Booking)
		if err != nil {
			return err
		}
		if _, err := x.tx.ExecContext(x.ctx, `DELETE FROM booking_cells WHERE booking_id = $1
			AND booking_id IN (SELECT id FROM dealer_visits)`, visit.id); err != nil {
			return err
		}
		if _, err := x.tx.ExecContext(x.ctx, `UPDATE dealer_visits SET state = 'done', updated_at = $2 WHERE id = $1`,
			visit.id, micros(x.batch.Now)); err != nil {
			return err
		}
	}
	err := finishIn(x.ctx, x.tx, r, o.Labels, o.Events)
	if errors.Is(err, presage.ErrConflict) || errors.Is(err, presage.ErrInvalid) {
		x.bad(o.ImportRow, "the work order cannot be stored: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	return x.keep(o.ImportRow, k, fmt.Sprintf("%s@%d", r.VIN.Masked(), micros(r.At)), "")
}
