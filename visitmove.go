package presage

import (
	"errors"
	"fmt"
	"time"
)

// VisitMove is an adviser's wish to have a visit at another time, in another bay
// or with another technician of its workshop. Empty fields leave that open: what it
// has stays where it is free.
type VisitMove struct {
	BookingID    string // the visit as it was shown; another one by now is a conflict
	Start        time.Time
	BayID        string
	TechnicianID string
	Who          string // the person
}

// Check names every fault of a move at a workshop, as ErrInvalid.
func (m VisitMove) Check(w Workshop) error {
	var faults []error
	if m.BayID != "" && !w.HasBay(m.BayID) {
		faults = append(faults, Refuse(
			fmt.Errorf("bay_id: %w: %.64q is no bay of workshop %s", ErrInvalid, m.BayID, w.ID), WhyNoResource))
	}
	if m.TechnicianID != "" && !w.HasTechnician(m.TechnicianID) {
		faults = append(faults, Refuse(fmt.Errorf("technician_id: %w: %.64q does not work at workshop %s",
			ErrInvalid, m.TechnicianID, w.ID), WhyNoResource))
	}
	if !m.Start.IsZero() && !m.Start.Equal(m.Start.Truncate(QuarterHour)) {
		faults = append(faults, Refuse(
			fmt.Errorf("start: %w: visits begin at quarter hours", ErrInvalid), WhyQuarterHours))
	}
	return errors.Join(append(faults, checkWho(m.Who))...)
}
