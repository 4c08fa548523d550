package visit

import (
	"time"

	"presage"
	"presage/outreach/booking"
)

// Workdays are a workshop's days from the local midnight first on, by its hours, the
// public holidays, its blocks and its technicians' shifts.
func (a *Agenda) Workdays(w presage.Workshop, first time.Time, days int) ([]presage.BoardDay, error) {
	return booking.Workdays(a.question(w, Plan{}), first, days)
}
