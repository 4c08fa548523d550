package presage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Block asks for a time without work at a workshop, or without one of its bays or
// technicians.
type Block struct {
	WorkshopID string
	// Absence is the time, in the words of the record; without a Resource the whole
	// workshop is closed.
	Absence Absence
	Who     string // the person
	// Seen are the visits in the way that the person was shown. Where others are in
	// the way too, nothing is done.
	Seen []string
	// Ill does not ask: the person is absent whatever is in the way.
	Ill bool
}

// Check names every fault of a block at a workshop, as ErrInvalid.
func (b Block) Check(w Workshop) error {
	var faults []error
	if b.Absence.Resource != "" && !w.Has(b.Absence.Resource) {
		faults = append(faults, Refuse(fmt.Errorf("resource: %w: %.64q is no bay or technician of workshop %s",
			ErrInvalid, b.Absence.Resource, w.ID), WhyNoResource))
	}
	if from, to, err := b.Absence.Wall(); err != nil {
		faults = append(faults, Refuse(fmt.Errorf("from, to: %w", err), WhyBlockTimes))
	} else if to.Sub(from) > longestBlock {
		faults = append(faults, Refuse(fmt.Errorf("to: %w: want at most %d days", ErrInvalid, longestBlock/(24*time.Hour)),
			WhyBlockLong, "most", strconv.Itoa(int(longestBlock/(24*time.Hour)))))
	}
	if err := CheckPlain(b.Absence.Note, longestBlockNote); err != nil {
		faults = append(faults, Refuse(fmt.Errorf("note: %w", err), WhyTextWrong, "most", strconv.Itoa(longestBlockNote)))
	}
	return errors.Join(append(faults, checkWho(b.Who))...)
}

const (
	longestBlock     = 366 * 24 * time.Hour
	longestBlockNote = 200
)

// checkWho wants the name of a person.
func checkWho(name string) error {
	if strings.TrimSpace(name) == "" {
		return Refuse(fmt.Errorf("who: %w: want the person's name", ErrInvalid), WhyWhoMissing)
	}
	if err := CheckPlain(name, longestName); err != nil {
		return Refuse(fmt.Errorf("who: %w", err), WhyTextWrong, "most", strconv.Itoa(longestName))
	}
	return nil
}

// Has tells whether a bay or technician is the workshop's.
func (w Workshop) Has(resource string) bool { return w.HasBay(resource) || w.HasTechnician(resource) }

// VisitsInWayError is the ErrConflict of a block that visits are in the way of.
type VisitsInWayError struct{ Visits []Booking }

func (e VisitsInWayError) Error() string {
	ids := make([]string, len(e.Visits))
	for i, v := range e.Visits {
		ids[i] = v.ID
	}
	return fmt.Sprintf("%d visits are in the way (%s): name them as seen, and they are planned anew",
		len(ids), strings.Join(ids, ", "))
}

// Is makes it an ErrConflict.
func (VisitsInWayError) Is(kind error) bool { return kind == ErrConflict }

// VisitFate is what became of a visit that something came in the way of.
type VisitFate string

// The fates.
const (
	FateKept      VisitFate = "kept"      // the same bay and technician
	FateReplanned VisitFate = "replanned" // the same time, with another bay or technician
	FateMoved     VisitFate = "moved"     // another time, which the customer was told
	FateCancelled VisitFate = "cancelled" // the customer was told, and a person calls
	FateInWork    VisitFate = "in_work"   // it had begun: nothing was changed
)

// Affected is a visit and what became of it.
type Affected struct {
	Fate  VisitFate `json:"fate" enum:"kept,replanned,moved,cancelled,in_work"`
	Visit Booking   `json:"visit"` // as it is now
}

// Blocked is a block that stands, with the visits that were in its way.
type Blocked struct {
	Stretch
	Affected []Affected `json:"affected"`
}

// WithBlocksOf adds to a record the blocks that people made on the board of its earlier
// version, without those of bays and technicians that have left.
func (w Workshop) WithBlocksOf(was Workshop) Workshop {
	w.Closures, w.Absences = slices.Clone(w.Closures), slices.Clone(w.Absences)
	for _, c := range was.Closures {
		same := func(x Closure) bool { return Absence{Closure: x}.ID() == Absence{Closure: c}.ID() }
		if c.By != "" && !slices.ContainsFunc(w.Closures, same) {
			w.Closures = append(w.Closures, c)
		}
	}
	for _, a := range was.Absences {
		same := func(x Absence) bool { return x.ID() == a.ID() }
		if a.By != "" && w.Has(a.Resource) && !slices.ContainsFunc(w.Absences, same) {
			w.Absences = append(w.Absences, a)
		}
	}
	return w
}
