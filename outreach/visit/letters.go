package visit

import (
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/internal/wording"
)

// Facts are what every text about the visit may speak of.
func (v Plan) Facts(sender presage.Text, c presage.Customer, car presage.Vehicle, w presage.Workshop) wording.Facts {
	return wording.Facts{
		Sender: sender, Customer: c, Vehicle: car, Lines: v.Lines, Jobs: v.Jobs,
		Price: v.Price, Duration: v.Duration, Workshop: w,
	}
}

// Facts are those of the file's plan, with its link.
func (f CaseFile) Facts(sender presage.Text) wording.Facts {
	x := f.Plan.Facts(sender, f.Customer, f.Vehicle, f.Workshop)
	x.Link = f.Link
	return x
}

// reminderHour is the local hour of the day before at which a visit is recalled.
const reminderHour = 10

// bookingMessages are the confirmation of what who did and the reminder on the
// day before, left out when the visit is too soon for one. A customer without a
// channel gets neither.
func (d *Desk) bookingMessages(f CaseFile, b presage.Booking, who string) ([]presage.Message, error) {
	route := d.Planner.Route(f.Customer)
	if len(route) == 0 {
		return nil, nil
	}
	now, zone, facts := d.Now(), contact.ZoneOf(f.Customer.Zone), f.Facts(d.Planner.Sender)
	facts.Start = b.Start
	to := contact.Draft{
		About: b.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
		At: d.Planner.AnswerAt(who, f.Customer),
	}
	confirmation, err := d.Planner.Message(wording.Confirmation, facts, to)
	if err != nil {
		return nil, err
	}
	y, m, day := b.Start.In(zone).Date()
	to.At = time.Date(y, m, day-1, reminderHour, 0, 0, 0, zone).UTC()
	if to.At.Sub(now) < 12*time.Hour {
		return []presage.Message{confirmation}, nil
	}
	reminder, err := d.Planner.Message(wording.Reminder, facts, to)
	return []presage.Message{confirmation, reminder}, err
}
