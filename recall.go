package presage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ModelRecall is the model of the component that stands for a recall in a case:
// no law foresees it, the maker asks for it.
const ModelRecall = "recall"

// recallPrefix begins the ID of that component.
const recallPrefix = "recall:"

// Recall is what a maker asks all cars of a kind in for: a safety recall, or a
// campaign that is no matter of safety. The customer never pays for it.
//
//	PutRecall --> its cars: open --told--> told --booked--> booked --result--> done
//	                        any of them --done elsewhere-----------------------^
type Recall struct {
	ID string `json:"id"` // the maker's number
	// Title names it, Tell says in the customer's words what is wrong and why it matters.
	Title  Text   `json:"title"`
	Tell   Text   `json:"tell"`
	Safety bool   `json:"safety"` // told whatever the hold-out and the caps say
	Job    string `json:"job"`    // what a workshop does, by its code in the catalogue
	// WithVisit waits for a visit that the car has anyway; else it is offered alone.
	// Safety never waits.
	WithVisit bool          `json:"with_visit,omitempty"`
	VINs      []VIN         `json:"vins,omitempty"`
	Ranges    []RecallRange `json:"ranges,omitempty"`
	Closed    bool          `json:"closed,omitempty"` // nobody is asked in for it any more
	At        time.Time     `json:"at"`               // of its newest version
}

// RecallRange is a range of cars; fields that are empty select everything.
type RecallRange struct {
	Make        string       `json:"make,omitempty"`
	Models      []string     `json:"models,omitempty"`
	FromYear    int          `json:"from_year,omitempty"` // model years, both included
	ToYear      int          `json:"to_year,omitempty"`
	Powertrains []Powertrain `json:"powertrains,omitempty"`
	VINPrefix   string       `json:"vin_prefix,omitempty"`
	// Serials are positions 12-17 of the VIN, both included.
	FromSerial string `json:"from_serial,omitempty"`
	ToSerial   string `json:"to_serial,omitempty"`
}

// Component is how the recall stands in a case.
func (r Recall) Component() Component {
	c := Component{
		ID: RecallComponent(r.ID), Name: r.Title, Model: ModelRecall, JobCode: r.Job, Severity: Comfort,
		StaleAfterDays: 1, Why: r.Tell,
	}
	if r.Safety {
		c.Severity = Safety
	}
	return c
}

// RecallComponent is the component that stands for a recall.
func RecallComponent(id string) ComponentID { return ComponentID(recallPrefix + id) }

// Recall is the recall that a component stands for; false for any other.
func (id ComponentID) Recall() (string, bool) { return strings.CutPrefix(string(id), recallPrefix) }

// IsRecall tells that a maker asks for it.
func (c Component) IsRecall() bool { return c.Model == ModelRecall }

// Contains tells whether a car is in the range.
func (x RecallRange) Contains(v Vehicle) bool {
	isModel := func(m string) bool { return strings.EqualFold(m, v.Model) }
	return (x.Make == "" || strings.EqualFold(x.Make, v.Make)) &&
		(len(x.Models) == 0 || slices.ContainsFunc(x.Models, isModel)) &&
		(len(x.Powertrains) == 0 || slices.Contains(x.Powertrains, v.Powertrain)) &&
		strings.HasPrefix(string(v.VIN), x.VINPrefix) && x.hasYear(v.ModelYear) && x.hasSerial(v.VIN)
}

// hasYear tells whether a model year is in the range; one that is unknown is in none
// that ends.
func (x RecallRange) hasYear(year int) bool {
	return (x.FromYear == 0 || year >= x.FromYear) && (x.ToYear == 0 || year != 0 && year <= x.ToYear)
}

// hasSerial tells whether a car's serial is in the range; a VIN of another length has none.
func (x RecallRange) hasSerial(vin VIN) bool {
	serial := ""
	if len(vin) == 17 {
		serial = string(vin[11:])
	}
	return (x.FromSerial == "" || serial >= x.FromSerial) &&
		(x.ToSerial == "" || serial != "" && serial <= x.ToSerial)
}

const (
	longestRecallID   = 40
	longestRecallText = 300
	mostRecallVINs    = 100_000
	mostRecallRanges  = 1_000
)

// Validate names every fault by its field, as ErrInvalid.
func (r Recall) Validate(c *Catalogue) error {
	var f fieldFaults
	f.demand(recallID(r.ID), "id", "want 1 to %d letters, digits, dots and hyphens", longestRecallID)
	for name, t := range map[string]Text{"title": r.Title, "tell": r.Tell} {
		for _, s := range []string{t.ZH, t.EN} {
			f.demand(strings.TrimSpace(s) != "", name, "want zh and en")
			if err := CheckNote(s, longestRecallText); err != nil {
				f.errs = append(f.errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	_, err := c.Job(r.Job)
	f.demand(err == nil, "job", "the catalogue has no job %q", r.Job)
	f.demand(len(r.VINs) > 0 || len(r.Ranges) > 0, "vins", "want vins, ranges, or both: it concerns no car")
	f.demand(len(r.VINs) <= mostRecallVINs, "vins", "want at most %d", mostRecallVINs)
	f.demand(len(r.Ranges) <= mostRecallRanges, "ranges", "want at most %d", mostRecallRanges)
	f.demand(!r.Safety || !r.WithVisit, "with_visit", "a safety recall waits for no visit")
	for i, vin := range r.VINs {
		if _, err := ParseVIN(string(vin)); err != nil {
			f.errs = append(f.errs, fmt.Errorf("vins[%d]: %w", i, err))
		}
	}
	f.ranges(r.Ranges)
	return errors.Join(f.errs...)
}

func recallID(id string) bool {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.'
	}
	return id != "" && utf8.RuneCountInString(id) <= longestRecallID &&
		!strings.ContainsFunc(id, func(c rune) bool { return !plain(c) })
}

func (x RecallRange) faults() []string {
	var all []string
	want := func(ok bool, fault string) {
		if !ok {
			all = append(all, fault)
		}
	}
	want(x.Make != "" || x.VINPrefix != "", "want a make or the beginning of a VIN: else it holds every car")
	want(x.ToYear == 0 || x.ToYear >= x.FromYear, "to_year is before from_year")
	want(x.FromYear >= 0 && x.ToYear >= 0, "years must not be negative")
	want(len(x.VINPrefix) <= 17 && len(x.FromSerial) <= 6 && len(x.ToSerial) <= 6,
		"vin_prefix has at most 17 characters, a serial 6")
	want(x.ToSerial == "" || x.ToSerial >= x.FromSerial, "to_serial is before from_serial")
	for _, p := range x.Powertrains {
		known := p == BatteryElectric || p == PlugInHybrid || p == Combustion
		want(known, fmt.Sprintf("powertrain %q: want bev, phev or ice", p))
	}
	return all
}

// RecallState is where one car stands in a recall.
type RecallState string

// The states.
const (
	RecallOpen   RecallState = "open"
	RecallTold   RecallState = "told"   // an offer was made, or a person calls
	RecallBooked RecallState = "booked" // a visit is booked, or the car is there
	RecallDone   RecallState = "done"
)

// RecallCar is a car of a recall.
type RecallCar struct {
	Recall string      `json:"recall"`
	VIN    VIN         `json:"vin"`
	State  RecallState `json:"state" enum:"open,told,booked,done"`
	CaseID string      `json:"case_id,omitempty"`
	DoneAt time.Time   `json:"done_at,omitzero"`
	// Known is false of a car that nobody has registered: nobody can be told.
	Known bool `json:"known"`
}

// RecallProgress is a recall with how far it is, in cars.
type RecallProgress struct {
	Recall

	Cars   int `json:"cars"`
	Open   int `json:"open"`
	Told   int `json:"told"`
	Booked int `json:"booked"`
	Done   int `json:"done"`
}

// RecallImport is what a list of recalls changed, in recalls.
type RecallImport struct {
	Created   int  `json:"created"`
	Updated   int  `json:"updated"`
	Unchanged int  `json:"unchanged"`
	DryRun    bool `json:"dry_run" doc:"Nothing was stored: it is what would change"`
}

// RecallCarFilter selects cars of recalls; fields that are empty select everything.
type RecallCarFilter struct {
	Recall string
	VIN    VIN
	State  RecallState
	After  VIN // the last one of the page before
	Limit  int // 0 for all
}
