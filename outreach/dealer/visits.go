package dealer

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

const longestVisit = 30 * 24 * time.Hour

func (x *intake) booking(f *fields, head presage.ImportRow) {
	b := presage.ImportedBooking{
		ImportRow: head, BookingID: f.ID("booking_id"), CaseID: f.ID("case_id"), Workshop: f.Need("workshop", 64),
		Bay: f.ID("bay"), Technician: f.ID("technician"), Vehicle: f.ID("vehicle"), Customer: f.ID("customer"),
		Start: f.Instant("start"), End: f.Instant("end"), Jobs: f.List("jobs"),
	}
	if minutes := f.Whole("minutes", 1, int(longestVisit.Minutes())); minutes > 0 && b.End.IsZero() {
		b.End = b.Start.Add(time.Duration(minutes) * time.Minute)
	}
	b.State = presage.BookingState(f.OneOf("state", "confirmed", "arrived", "done", "cancelled"))
	if b.State == "" {
		b.State = presage.BookingConfirmed
	}
	switch {
	case b.Start.IsZero():
		f.Bad("start", "it is missing")
	case !b.End.After(b.Start) || b.End.Sub(b.Start) > longestVisit:
		f.Bad("end", "want an end, or minutes, after the start and within 30 days")
	}
	if b.BookingID != "" && b.CaseID != "" {
		f.Bad("case_id", "want either booking_id or case_id")
	}
	x.batch.Bookings = append(x.batch.Bookings, b)
}

func (x *intake) workOrder(f *fields, head presage.ImportRow) {
	o := presage.ImportedWorkOrder{ImportRow: head, Booking: f.ID("booking"), Vehicle: f.ID("vehicle")}
	o.Result = presage.WorkshopResult{
		BookingID: f.ID("booking_id"), At: f.Instant("at"), OdometerKm: presage.Kilometre(f.Number("odometer_km", 0, 5e6)),
		Findings: x.findings(f), PartsUsed: x.parts(f),
	}
	o.Result.Note, _ = f.Get("note", 2000)
	if o.Result.At.IsZero() {
		f.Bad("at", "it is missing")
	}
	if o.Vehicle == "" && o.Booking == "" && o.Result.BookingID == "" {
		f.Bad("vehicle", "want a vehicle, a booking or a booking_id")
	}
	x.batch.WorkOrders = append(x.batch.WorkOrders, o)
}

// findings are "component:outcome:replaced:measured", the last two where they are known.
func (x *intake) findings(f *fields) (out []presage.Finding) {
	for _, text := range f.List("findings") {
		parts := append(strings.SplitN(text, ":", 4), "", "", "")
		one := presage.Finding{
			Component: presage.ComponentID(parts[0]), Outcome: presage.Outcome(parts[1]), Replaced: parts[2] == "true",
		}
		if parts[2] != "" && parts[2] != "true" && parts[2] != "false" {
			f.Bad("findings", "%q: want component:outcome:true or false:measured", text)
		}
		if parts[3] != "" {
			n, err := strconv.ParseFloat(parts[3], 64)
			if err != nil || n < 0 || n > 1e6 {
				f.Bad("findings", "%q: what was measured is not a number from 0 to 1,000,000", text)
			}
			one.Measured = &n
		}
		if _, err := x.catalogue.Component(one.Component); err != nil {
			f.Bad("findings", "component %q is not in the catalogue", parts[0])
		}
		if outcomes := presage.Outcomes(); !slices.Contains(outcomes, one.Outcome) {
			f.Bad("findings", "outcome %q: want one of %v", parts[1], outcomes)
		}
		out = append(out, one)
	}
	return out
}

// parts are "part:quantity".
func (x *intake) parts(f *fields) (out []presage.PartQuantity) {
	for _, text := range f.List("parts_used") {
		part, count, _ := strings.Cut(text, ":")
		n, err := strconv.Atoi(count)
		if presage.CheckID(part) != nil || err != nil || n < 1 || n > 1000 {
			f.Bad("parts_used", "%q: want part:quantity, 1 to 1,000 pieces", text)
		}
		out = append(out, presage.PartQuantity{Part: part, Quantity: n})
	}
	return out
}
