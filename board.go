package presage

import "time"

// Board is what a workshop does on some days in a row: what is open, who or what
// is missing, and the visits.
type Board struct {
	WorkshopID string     `json:"workshop_id" example:"w-1"`
	Zone       string     `json:"zone" example:"Asia/Shanghai"` // of the days
	Days       []BoardDay `json:"days"`
}

// BoardDay is one local day of a workshop.
type BoardDay struct {
	Day  string    `json:"day" example:"2026-12-07"` // local
	From time.Time `json:"from"`                     // its midnight
	To   time.Time `json:"to"`                       // the next one
	// Open is when work is done: the hours without breaks, holidays and closures.
	Open []Span    `json:"open"`
	Shut []Stretch `json:"shut"` // what closes the workshop, or takes a bay or technician away, on this day
	// TakenBack are the blocks of the day that do not count any more.
	TakenBack []TakenBack  `json:"taken_back,omitempty"`
	Visits    []BoardVisit `json:"visits"`
}

// Stretch is a block of a workshop: a time without work there, or without one bay
// or technician. One that was stored as an Absence has a Resource.
type Stretch struct {
	ID       string    `json:"id" example:"w-1-t1.20261207T0800.20261207T1200"`
	Resource string    `json:"resource,omitempty" example:"w-1-t1"` // empty: the whole workshop
	From     time.Time `json:"from"`                                // on a board: as far as it lies on the day
	To       time.Time `json:"to"`
	Note     string    `json:"note,omitempty" example:"Training"`
	By       string    `json:"by,omitempty" example:"Zhao Min"` // who made it on the board
	// Source is the dealer's system that holds a visit then, and that alone can move it.
	// The note begins with the visit's name there.
	Source string `json:"source,omitempty" example:"dms-1"`
}

// TakenBack is a block that a person took back.
type TakenBack struct {
	Stretch
	Who string    `json:"who,omitempty" example:"Li Na"` // absent: nobody known
	At  time.Time `json:"at"`
}

// WorkshopNotes are what a change of a workshop's record leaves behind.
type WorkshopNotes struct {
	Events    []CaseEvent // of cases that it meets; they move none
	TakenBack *TakenBack  // nil: no block is taken back
}

// BoardVisit is a visit with what a board marks about it.
type BoardVisit struct {
	Booking

	LacksParts bool `json:"lacks_parts"` // a promised part will not be there
}

// Meets tells whether a stretch lies on the day, in part at least.
func (d BoardDay) Meets(s Stretch) bool { return s.From.Before(d.To) && s.To.After(d.From) }

// Hold puts stretches on the day, as far as they lie on it.
func (d *BoardDay) Hold(all []Stretch) {
	for _, s := range all {
		if !d.Meets(s) {
			continue
		}
		if s.From.Before(d.From) {
			s.From = d.From
		}
		if s.To.After(d.To) {
			s.To = d.To
		}
		d.Shut = append(d.Shut, s)
	}
}
