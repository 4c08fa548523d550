package presage

import (
	"fmt"
	"time"
)

// RepairStage is how far a car at the workshop has come.
type RepairStage string

// The stages. The first comes with the arrival, the last with the result; a car
// may go to and fro between the others.
const (
	RepairArrived RepairStage = "arrived"
	RepairInWork  RepairStage = "in_work"
	RepairWaiting RepairStage = "waiting_part"
	RepairReady   RepairStage = "ready"
	RepairDone    RepairStage = "done"
)

// RepairStages are those that a person sets.
func RepairStages() []RepairStage {
	return []RepairStage{RepairArrived, RepairInWork, RepairWaiting, RepairReady}
}

// RepairStep is when a stage was reached.
type RepairStep struct {
	Stage RepairStage `json:"stage" enum:"arrived,in_work,waiting_part,ready,done"`
	At    time.Time   `json:"at"`
	Who   string      `json:"who,omitempty"`
}

// Repair is the course of one visit at the workshop, the first step first; no
// steps before the car has come.
type Repair struct {
	BookingID string       `json:"booking_id"`
	Steps     []RepairStep `json:"steps"`
}

// Stage is the newest, "" before the car has come.
func (r Repair) Stage() RepairStage {
	if len(r.Steps) == 0 {
		return ""
	}
	return r.Steps[len(r.Steps)-1].Stage
}

// Began is when the car came, zero before.
func (r Repair) Began() time.Time {
	if len(r.Steps) == 0 {
		return time.Time{}
	}
	return r.Steps[0].At
}

// Worked is how long the car was in work until now.
func (r Repair) Worked(now time.Time) time.Duration {
	var sum time.Duration
	for i, s := range r.Steps {
		if s.Stage != RepairInWork {
			continue
		}
		end := now
		if i+1 < len(r.Steps) {
			end = r.Steps[i+1].At
		}
		sum += max(0, end.Sub(s.At))
	}
	return sum
}

// JobCheck is one item of a job card that was ticked off.
type JobCheck struct {
	Item string    `json:"item"` // "<job code>/<number of the step from 1>"
	Who  string    `json:"who"`
	At   time.Time `json:"at"`
}

// ResultVersion is what a workshop reported of a booking, as it was first or
// after a correction. The newest that is not undone counts.
type ResultVersion struct {
	Version    int            `json:"version"` // from 1
	Result     WorkshopResult `json:"result"`
	RecordedAt time.Time      `json:"recorded_at"`
	RecordedBy string         `json:"recorded_by,omitempty"`
	Why        string         `json:"why,omitempty"` // of a correction
	UndoneAt   time.Time      `json:"undone_at,omitzero"`
	UndoneBy   string         `json:"undone_by,omitempty"`
}

// UndoWithin is how long after it was stored a result can be taken back.
const UndoWithin = 10 * time.Minute

// Undoable is until when a result can be taken back; zero for one that cannot.
func (v ResultVersion) Undoable() time.Time {
	if v.Version == 0 || !v.UndoneAt.IsZero() {
		return time.Time{}
	}
	return v.RecordedAt.Add(UndoWithin)
}

// Correction is another version of a result.
type Correction struct {
	Result WorkshopResult // of the booking
	Who    string
	Why    string
	At     time.Time
}

// PastQuery asks for findings at other cars that are like one.
type PastQuery struct {
	Component  ComponentID
	Powertrain Powertrain
	Make       string
	Model      string
	Alerted    bool // a watch rule brought it in, not a prognosis
	Except     VIN  // the car itself
	Before     time.Time
}

// PastFinding is what a workshop found at a car that showed the same signs.
type PastFinding struct {
	At       time.Time `json:"at"`
	Car      string    `json:"car"` // make and model
	Same     bool      `json:"same_model"`
	Outcome  Outcome   `json:"outcome"`
	Replaced bool      `json:"replaced"`
	Measured *float64  `json:"measured,omitempty"`
	Cause    string    `json:"cause,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// Hint is what came of earlier cases like one, at a component.
type Hint struct {
	Component ComponentID     `json:"component"`
	Cases     int             `json:"cases"`
	Outcomes  map[Outcome]int `json:"outcomes"`
	Newest    []PastFinding   `json:"newest"` // those of the same model first
}

// JobCard is what a technician works by.
type JobCard struct {
	Booking  Booking             `json:"booking"`
	Vehicle  Vehicle             `json:"vehicle"`
	Needs    []JobNeed           `json:"needs"`
	Jobs     []Job               `json:"jobs"`
	Parts    []JobPart           `json:"parts"`
	Full     Money               `json:"full_price"` // of all jobs, whoever pays
	Price    Money               `json:"price"`      // what the customer pays before the coupon
	Covered  map[string]Warranty `json:"covered,omitempty"`
	Coupon   *Coupon             `json:"coupon,omitempty"`
	Off      Money               `json:"off,omitzero"` // what the coupon takes off the price
	Goodwill *Goodwill           `json:"goodwill,omitempty"`
	Repair   Repair              `json:"repair"`
	Checks   []JobCheck          `json:"checks"`
	Photos   []JobPhoto          `json:"photos"` // the first one first
	Hints    []Hint              `json:"hints"`
	Versions []ResultVersion     `json:"versions"` // of the result, the newest first
	Workshop Workshop            `json:"-"`
	Case     Case                `json:"-"`
}

// ToPay is what the customer pays in the end.
func (c JobCard) ToPay() Money {
	return Money{Minor: c.Price.Minor - c.Off.Minor, Currency: c.Price.Currency}
}

// JobNeed is one component that the visit is about.
type JobNeed struct {
	Component Component  `json:"component"`
	Prognosis *Prognosis `json:"prognosis,omitempty"`
	Alert     *Alert     `json:"alert,omitempty"`
}

// JobPart is one part of a visit and where it lies.
type JobPart struct {
	PartQuantity

	Name   Text   `json:"name"`
	Bin    string `json:"bin,omitempty"`
	OnHand int    `json:"on_hand"`
}

// Items are what can be ticked off: each step of each job.
func (c JobCard) Items() []string {
	var items []string
	for _, j := range c.Jobs {
		for i := range j.Steps {
			items = append(items, CheckItem(j.Code, i))
		}
	}
	return items
}

// CheckItem names a step of a job, which is counted from 0.
func CheckItem(job string, step int) string { return fmt.Sprintf("%s/%d", job, step+1) }

// Ticked is who ticked a step off and when, nil where nobody has.
func (c JobCard) Ticked(item string) *JobCheck {
	for i := range c.Checks {
		if c.Checks[i].Item == item {
			return &c.Checks[i]
		}
	}
	return nil
}

// Current is the version of the result that counts; zero for none.
func (c JobCard) Current() ResultVersion { return CurrentOf(c.Versions) }

// CurrentOf is the newest version that is not undone; zero for none.
func CurrentOf(versions []ResultVersion) ResultVersion {
	var current ResultVersion
	for _, v := range versions {
		if v.UndoneAt.IsZero() && v.Version > current.Version {
			current = v
		}
	}
	return current
}
