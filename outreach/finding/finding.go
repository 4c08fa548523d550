// Package finding judges what workshops report: what cannot be, and what is so
// unlikely that a person has to say that it is right.
package finding

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"presage"
)

// Known is what a result is judged by.
type Known struct {
	Catalogue *presage.Catalogue
	Now       time.Time
	Booking   *presage.Booking // that the result is of; nil for none
	Arrived   time.Time        // when the car came; zero where nobody noted it
	Car       presage.Vehicle  // zero for one that nobody knows
	Reading   Reading
}

// Reading is the newest odometer that the car sent before a result; zero for none.
type Reading struct {
	Km presage.Kilometre
	At time.Time
}

// Check returns the result with its Doubts. The error is a ResultErrors of all faults at
// once; what is only doubtful is no fault once ConfirmedBy says that it is right.
func (k Known) Check(r presage.WorkshopResult) (presage.WorkshopResult, error) {
	x := &check{WorkshopResult: r, Known: k}
	if r.VIN == "" {
		x.bad("vin", presage.Because(presage.WhyMissing))
	}
	x.words("note", r.Note, mostNote)
	x.words("who", r.Who, mostName)
	x.words("confirmed_by", r.ConfirmedBy, mostName)
	x.time()
	x.odometer()
	for i := range r.Findings {
		x.finding(i)
	}
	x.parts()
	x.worked()
	r.Doubts = nil
	for _, f := range x.faults {
		if f.Doubtful {
			r.Doubts = append(r.Doubts, f.Field)
		}
	}
	if len(x.faults) > len(r.Doubts) || len(r.Doubts) > 0 && r.ConfirmedBy == "" {
		return r, x.faults
	}
	return r, nil
}

type check struct {
	presage.WorkshopResult
	Known

	faults presage.ResultErrors
}

func (x *check) bad(field string, why presage.Reason) {
	x.faults = append(x.faults, presage.ResultFault{Field: field, Why: why})
}

func (x *check) doubt(field string, why presage.Reason) {
	x.faults = append(x.faults, presage.ResultFault{Field: field, Why: why, Doubtful: true})
}

// The longest that a technician may write, in characters.
const (
	mostNote  = 2000
	mostCause = 300
	mostName  = 100
)

// words checks what a person wrote.
func (x *check) words(field, text string, most int) {
	switch {
	case utf8.RuneCountInString(text) > most:
		x.bad(field, presage.Because(presage.WhyTooLong, "most", strconv.Itoa(most)))
	case presage.CheckNote(text, most) != nil:
		x.bad(field, presage.Because(presage.WhyUnplain))
	}
}

// Clocks of workshops may be ahead by ahead; a car may come before its time by
// early, if nobody has noted its arrival.
const (
	ahead = 5 * time.Minute
	early = 12 * time.Hour
)

func (x *check) time() {
	switch {
	case x.At.IsZero():
		x.bad("at", presage.Because(presage.WhyMissing))
		return
	case x.At.After(x.Now.Add(ahead)):
		x.bad("at", presage.Because(presage.WhyAhead))
	case !x.Car.InService.IsZero() && x.At.Before(x.Car.InService.AddDate(0, 0, -1)): // whatever the zone
		x.bad("at", presage.Because(presage.WhyBeforeCar, "from", instant(x.Car.InService)))
	}
	if x.Booking == nil {
		return
	}
	from := x.Booking.Start
	if !x.Arrived.IsZero() && x.Arrived.Before(from) {
		from = x.Arrived
	}
	why := presage.Because(presage.WhyBeforeVisit, "start", instant(from))
	switch {
	case !x.At.Before(from.Add(-ahead)):
	case x.Arrived.IsZero() && x.At.After(from.Add(-early)):
		x.doubt("at", why)
	default:
		x.bad("at", why)
	}
}

// A car drives at most kmADay a day since its reading, and kmAtOnce beside that, for
// the reading may be old. Odometers round by up to slackKm, and none shows more than mostKm.
const (
	kmADay, kmAtOnce = 800, 500
	slackKm          = 5
	mostKm           = 2_000_000
	mostPieces       = 1000 // of one part
)

// odometer asks about one that does not fit what the car sent: the car may have
// another odometer by now, or sends it in another unit.
func (x *check) odometer() {
	km := float64(x.OdometerKm)
	said := whole(km)
	switch {
	case math.IsNaN(km) || km < 0:
		x.bad("odometer_km", presage.Because(presage.WhyOdometerLow, "km", said, "least", "0"))
		return
	case km > mostKm:
		x.bad("odometer_km", presage.Because(presage.WhyOdometerHigh, "km", said, "most", whole(mostKm)))
		return
	case x.Reading.Km == 0:
		return
	}
	const day = 24 * time.Hour
	last, days := float64(x.Reading.Km), max(0, x.At.Sub(x.Reading.At).Hours()/day.Hours())
	most := last + kmAtOnce + kmADay*days
	switch {
	case km < last-slackKm:
		x.doubt("odometer_km", presage.Because(presage.WhyOdometerLow, "km", said, "least", whole(last)))
	case km > most:
		x.doubt("odometer_km", presage.Because(presage.WhyOdometerHigh, "km", said, "most", whole(most)))
	}
}

func (x *check) finding(i int) {
	f, field := x.Findings[i], fmt.Sprintf("findings[%d].", i)
	x.component(i, field+"component")
	if !slices.Contains(presage.Outcomes(), f.Outcome) {
		x.bad(field+"outcome", presage.Because(presage.WhyNoOutcome))
	}
	if f.Outcome == presage.OutcomeNoFaultFound && f.Replaced {
		x.bad(field+"replaced", presage.Because(presage.WhyNotFoundReplaced))
	}
	x.words(field+"cause", f.Cause, mostCause)
	switch other := f.Outcome == presage.OutcomeOtherCause; {
	case other && f.Cause == "":
		x.bad(field+"cause", presage.Because(presage.WhyNoCause))
	case !other && f.Cause != "":
		x.bad(field+"cause", presage.Because(presage.WhyCauseAlone))
	}
	c, _ := x.Catalogue.Component(f.Component) // without one anything can be measured
	if r := c.Possible(); f.Measured != nil && !r.Has(*f.Measured) {
		x.bad(field+"measured", presage.Because(presage.WhyMeasuredOutside, "measured", number(*f.Measured),
			"min", number(r.Min), "max", number(r.Max), "unit", c.Unit))
	}
}

// component checks that a finding is about one that the car has, and about it alone.
func (x *check) component(i int, field string) {
	id := x.Findings[i].Component
	c, err := x.Catalogue.Component(id)
	switch {
	case err != nil:
		x.bad(field, presage.Because(presage.WhyNoComponent, "component", string(id)))
	case x.Car.Powertrain != "" && !c.Applies(x.Car.Powertrain):
		x.bad(field, presage.Because(presage.WhyNotOnCar, "component", string(id)))
	case slices.ContainsFunc(x.Findings[:i], func(o presage.Finding) bool { return o.Component == id }):
		x.bad(field, presage.Because(presage.WhyTwice, "component", string(id)))
	}
}

// parts asks about pieces that belong to none of the jobs, and about pieces used
// for nothing.
func (x *check) parts() {
	for i, p := range x.PartsUsed {
		field := fmt.Sprintf("parts_used[%d].", i)
		switch {
		case p.Part == "":
			x.bad(field+"part", presage.Because(presage.WhyMissing))
		case presage.CheckID(p.Part) != nil:
			x.bad(field+"part", presage.Because(presage.WhyUnplain))
		case !x.belongs(p.Part):
			x.doubt(field+"part", presage.Because(presage.WhyPartForeign, "part", p.Part))
		}
		if p.Quantity < 1 || p.Quantity > mostPieces {
			x.bad(field+"quantity", presage.Because(presage.WhyPartQuantity, "part", p.Part, "most", whole(mostPieces)))
		}
	}
	replaced := slices.ContainsFunc(x.Findings, func(f presage.Finding) bool { return f.Replaced })
	if len(x.PartsUsed) > 0 && !replaced {
		x.doubt("parts_used", presage.Because(presage.WhyPartUnreplaced))
	}
}

// belongs tells whether a part is one of the visit, or of a job about a component
// that was found out about; also under a number that took its place or that it had before.
func (x *check) belongs(part string) bool {
	same := func(p presage.PartQuantity) bool {
		if p.Part == part {
			return true
		}
		now, _ := x.Catalogue.Part(part)
		planned, _ := x.Catalogue.Part(p.Part)
		return slices.Contains(now.Supersedes, p.Part) || slices.Contains(planned.Supersedes, part)
	}
	if x.Booking != nil && slices.ContainsFunc(x.Booking.Parts, same) {
		return true
	}
	for _, j := range x.jobs() {
		if slices.ContainsFunc(j.Parts, same) {
			return true
		}
	}
	return false
}

// jobs are those of the visit, and those about the components of the findings.
func (x *check) jobs() []presage.Job {
	var codes []string
	if x.Booking != nil {
		codes = append(codes, x.Booking.Jobs...)
	}
	for _, f := range x.Findings {
		if c, err := x.Catalogue.Component(f.Component); err == nil {
			codes = append(codes, c.JobCode, c.DiagnosisCode)
		}
	}
	return x.Catalogue.JobsOf(codes)
}

// worked asks about far more minutes than were planned.
func (x *check) worked() {
	const workday, often, most = 8 * 60, 5, 10 * 24 * 60
	planned := x.minutes()
	if x.Minutes < 0 || x.Minutes > most {
		x.bad("minutes", presage.Because(presage.WhyMinutes, "most", strconv.Itoa(most)))
		return
	}
	if planned > 0 && x.Minutes > max(workday, often*planned) {
		x.doubt("minutes", presage.Because(presage.WhyMinutesMany, "minutes", strconv.Itoa(x.Minutes),
			"planned", strconv.Itoa(planned)))
	}
}

// minutes are those planned for the jobs of the visit, 0 without one.
func (x *check) minutes() int {
	if x.Booking == nil {
		return 0
	}
	return x.Catalogue.Minutes(x.Booking.Jobs)
}

// whole and number write what a reason names.
func whole(x float64) string  { return strconv.FormatFloat(math.Round(x), 'f', 0, 64) }
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// instant is a moment as an argument of a reason.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
