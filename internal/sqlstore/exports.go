package sqlstore

import (
	"context"

	"presage"
)

// ExportBookings lists bookings in the order of their changes, with a dealer's IDs.
func (s *Store) ExportBookings(ctx context.Context, f presage.ExportFilter) ([]presage.ExportedBooking, error) {
	q := choose(`SELECT `+bookingColumns+` FROM bookings`).is("workshop_id", f.WorkshopID)
	if !f.Since.IsZero() {
		q.and("updated_at >= ?", micros(f.Since))
	}
	if f.AfterID != "" {
		at := q.arg(micros(f.AfterAt))
		q.and("(updated_at, id) > ("+at+", ?)", f.AfterID)
	}
	rows, err := chosen(ctx, s.r, scanBooking, q.order("updated_at, id", f.Limit))
	if err != nil {
		return nil, wrap(err, "export bookings")
	}
	out := make([]presage.ExportedBooking, len(rows))
	for i, b := range rows {
		out[i].Booking = b.Booking
		if out[i].External, err = externalOf(ctx, s.r, f.Source, b.CaseID, b.CustomerID); err != nil {
			return nil, wrap(err, "export bookings")
		}
	}
	return out, nil
}

// ExportWorkOrders lists what workshops found, by time, with a dealer's IDs.
func (s *Store) ExportWorkOrders(ctx context.Context, f presage.ExportFilter) ([]presage.ExportedWorkOrder, error) {
	q := choose(`SELECT r.body, COALESCE(b.workshop_id, ''), COALESCE(b.case_id, ''), COALESCE(b.customer_id, '')
		FROM workshop_results r LEFT JOIN bookings b ON b.id = r.booking_id`).is("b.workshop_id", f.WorkshopID)
	if !f.Since.IsZero() {
		q.and("r.at >= ?", micros(f.Since))
	}
	if f.AfterID != "" {
		at := q.arg(micros(f.AfterAt))
		q.and("(r.at, r.vin) > ("+at+", ?)", f.AfterID)
	}
	type order struct {
		presage.ExportedWorkOrder

		caseID, customerID string
	}
	rows, err := chosen(ctx, s.r, func(r row) (order, error) {
		var o order
		err := r.Scan(document{&o.WorkshopResult}, &o.WorkshopID, &o.caseID, &o.customerID)
		return o, err
	}, q.order("r.at, r.vin", f.Limit))
	if err != nil {
		return nil, wrap(err, "export work orders")
	}
	out := make([]presage.ExportedWorkOrder, len(rows))
	for i, o := range rows {
		out[i] = o.ExportedWorkOrder
		if out[i].External, err = externalOf(ctx, s.r, f.Source, o.caseID, o.customerID); err != nil {
			return nil, wrap(err, "export work orders")
		}
	}
	return out, nil
}

// externalOf is what a dealer's system calls a visit, and whose it is; nil without a
// system. A visit that moved has the ID of the booking before.
func externalOf(ctx context.Context, db reader, source, caseID, customerID string) (map[string]string, error) {
	if source == "" {
		return nil, nil //nolint:nilnil // nobody asks
	}
	found, err := all(ctx, db, scanExternal, externalSelect+` WHERE source = $1 AND (
			kind = 'booking' AND id IN (SELECT id FROM bookings WHERE case_id = $2)
			OR kind = 'customer' AND id = $3
			OR kind = 'vehicle' AND id IN (SELECT vin FROM cases WHERE id = $2)
			OR kind = 'workshop' AND id IN (SELECT workshop_id FROM cases WHERE id = $2))
		ORDER BY updated_at, external_id`, source, caseID, customerID)
	ids := map[string]string{}
	for _, e := range found {
		ids[e.Kind] = e.ExternalID
	}
	return ids, err
}
