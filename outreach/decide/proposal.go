package decide

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/visit"
)

// soon is how far ahead the first time of an offer about an alert is at least.
const soon = time.Hour

// slots are the times of an offer: around the cheapest day, for an alert the
// first ones within its limit.
func (o *Offerer) slots(ctx context.Context, c presage.Case, x subject, plan visit.Plan, w presage.Workshop,
) ([]presage.Slot, error) {
	if len(c.Alerted) == 0 {
		aim := visit.Aim{Day: c.VisitBy, Safety: c.Severity == presage.Safety, Told: x.begins}
		return o.Agenda.FreeSlots(ctx, w, plan, aim)
	}
	told := o.Now()
	if !x.urgent {
		told = o.Planner.QuietFor(x.customer, c.Purpose()).Until(told)
	}
	return o.Agenda.SoonSlots(ctx, w, plan, visit.Window{From: told.Add(soon), To: c.VisitBy})
}

// warn hands a case about an alert to a person, because no time is free within
// its limit, and tells the customer what the alert means until that person calls.
func (o *Offerer) warn(ctx context.Context, c presage.Case, x subject, facts wording.Facts) error {
	route := o.Planner.From(x.customer.For(c.Purpose()), x.from)
	if len(route) > 0 {
		at := o.Now()
		if !x.urgent {
			at = o.Planner.QuietFor(x.customer, c.Purpose()).Until(at)
		}
		m, err := o.Planner.Message(wording.Warning, facts, contact.Draft{
			About: c.ID, Case: c, Customer: x.customer, Channel: route[0], At: at,
		})
		if err != nil {
			return err
		}
		if err := o.Store.PutMessages(ctx, []presage.Message{m}); err != nil {
			return fmt.Errorf("warn: %w", err)
		}
	}
	why := presage.Because(presage.WhyNoSlot).With(presage.Because(presage.WhyCall))
	return o.Ledger.Escalate(ctx, c, casework.Note{Who: casework.ByWatch, Why: why})
}
