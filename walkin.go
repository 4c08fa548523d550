package presage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// WalkIn is a car that stands in front of a workshop without an appointment.
type WalkIn struct {
	WorkshopID   string
	VIN          VIN
	Components   []ComponentID // what is to be repaired
	BayID        string        // "" leaves it open
	TechnicianID string
	Note         string // the customer's words
	Who          string // the person at the desk
}

// Check names every fault of a walk-in at a workshop, as ErrInvalid.
func (w WalkIn) Check(at Workshop, cat *Catalogue) error {
	faults := []error{
		VisitMove{BayID: w.BayID, TechnicianID: w.TechnicianID, Who: w.Who}.Check(at),
	}
	if err := CheckPlain(string(w.VIN), 17); err != nil || w.VIN == "" {
		if err == nil {
			err = fmt.Errorf("%w: it is missing", ErrInvalid)
		}
		faults = append(faults, Refuse(fmt.Errorf("vin: %w", err), WhyVINWrong))
	}
	if len(w.Components) == 0 {
		faults = append(faults, Refuse(
			fmt.Errorf("components: %w: want at least one, for the time and the parts", ErrInvalid), WhyNothingDone))
	}
	for i, id := range w.Components {
		if c, err := cat.Component(id); err != nil || !c.Visits() {
			faults = append(faults, Refuse(fmt.Errorf("components[%d]: %w: %.64q is nothing that a workshop repairs",
				i, ErrInvalid, id), WhyNoComponent, "component", string(id)))
		} else if slices.Contains(w.Components[:i], id) {
			faults = append(faults, Refuse(fmt.Errorf("components[%d]: %w: %s is named twice", i, ErrInvalid, id),
				WhyTwice, "component", string(id)))
		}
	}
	if err := CheckPlain(w.Note, NoteChars); err != nil {
		faults = append(faults, Refuse(fmt.Errorf("note: %w", err), WhyTextWrong, "most", strconv.Itoa(NoteChars)))
	}
	return errors.Join(faults...)
}
