package visit

import (
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
)

// Facts are what every text about the visit may speak of.
func (v Plan) Facts(sender presage.Text, c presage.Customer, car presage.Vehicle, w presage.Workshop) wording.Facts {
	return wording.Facts{
		Sender: sender, Customer: c, Vehicle: car, Lines: v.Lines, Jobs: v.Jobs,
		Price: v.PriceAt(w), Covered: len(v.Covered) > 0, Goodwill: v.Goodwill, Duration: v.Duration, Workshop: w,
		Van: v.Site != nil,
	}
}

// Facts are those of the file's plan, with its link.
func (f CaseFile) Facts(sender presage.Text) wording.Facts {
	x := f.Plan.Facts(sender, f.Customer, f.Vehicle, f.Workshop)
	x.Link = f.Link
	x.Coupon, x.Discount = f.couponAt(f.begins())
	return x
}

// bookingMessages tell a sale and recall the visit. A customer without a channel
// gets none.
func (d *Desk) bookingMessages(f CaseFile, b presage.Booking, x sale) ([]presage.Message, error) {
	route := d.Planner.Route(f.Customer.For(f.Case.Purpose()))
	if len(route) == 0 {
		return nil, nil
	}
	facts := f.Facts(d.Planner.Sender(f.Vehicle))
	facts.Start = b.Start
	facts.Coupon, facts.Discount = f.couponAt(b.Start)
	to := contact.Draft{
		About: b.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
		At: d.Planner.AnswerAt(x.who, f.Customer),
	}
	told := facts
	if x.tell == wording.Joined {
		told.Jobs = f.added()
	}
	first, err := d.Planner.Message(x.tell, told, to)
	if err != nil {
		return nil, err
	}
	ms := []presage.Message{first}
	for i, at := range d.reminders(b.Start, f.Customer) {
		to.At, to.Again = at, i
		m, err := d.Planner.Message(wording.Reminder, facts, to)
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// reminders are when a visit is recalled: a day and two hours before it begins,
// as far as that lies ahead. What falls into quiet hours waits for their end or,
// where the visit has almost begun by then, comes on the evening before.
func (d *Desk) reminders(start time.Time, c presage.Customer) []time.Time {
	const hour = time.Hour
	quiet := d.Planner.Quiet(c)
	var list []time.Time
	for _, before := range []time.Duration{24 * hour, 2 * hour} {
		at := quiet.Until(start.Add(-before))
		if start.Sub(at) < hour {
			at = quiet.Evening(start).Add(-hour)
		}
		if at.Sub(d.Now()) >= hour/2 {
			list = append(list, at)
		}
	}
	return list
}

// added are the jobs of the plan that the visit did not have so far.
func (f CaseFile) added() []presage.Job {
	return slices.DeleteFunc(slices.Clone(f.Plan.Jobs), func(j presage.Job) bool {
		return slices.Contains(f.Booking.Jobs, j.Code)
	})
}
