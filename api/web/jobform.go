package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// jobForm is what a technician typed, and what is wrong with it.
type jobForm struct {
	At, Odometer, Minutes, First, Note, Who, Why string
	Findings                                     []findingForm
	Parts                                        []partForm
	Sure                                         bool // what is doubtful is right all the same
	Faults                                       []presage.ResultFault
}

type findingForm struct {
	Component                          presage.ComponentID
	Outcome, Replaced, Measured, Cause string
}

type partForm struct{ Number, Quantity string }

// none tells that nothing of the part was used: it is not in the result.
func (p partForm) none() bool { return p.Quantity == "" || p.Quantity == "0" }

// localTime is how a browser writes a moment of the workshop's day.
const localTime = "2006-01-02T15:04"

// newForm has nothing filled in.
func newForm(card presage.JobCard) jobForm {
	var f jobForm
	for _, n := range card.Needs {
		f.Findings = append(f.Findings, findingForm{Component: n.Component.ID})
	}
	for _, p := range card.Parts {
		f.Parts = append(f.Parts, partForm{Number: p.Part})
	}
	f.Parts = append(f.Parts, partForm{})
	return f
}

// formOf is a result as it would have been typed, to correct it.
func formOf(x presage.WorkshopResult, zone *time.Location) jobForm {
	f := jobForm{At: x.At.In(zone).Format(localTime), Odometer: decimal(float64(x.OdometerKm)), Note: x.Note}
	if x.Minutes > 0 {
		f.Minutes = strconv.Itoa(x.Minutes)
	}
	if x.FirstTime != nil {
		f.First = yesNo(*x.FirstTime)
	}
	for _, n := range x.Findings {
		row := findingForm{Component: n.Component, Outcome: string(n.Outcome), Replaced: yesNo(n.Replaced), Cause: n.Cause}
		if n.Measured != nil {
			row.Measured = decimal(*n.Measured)
		}
		f.Findings = append(f.Findings, row)
	}
	for _, p := range x.PartsUsed {
		f.Parts = append(f.Parts, partForm{p.Part, strconv.Itoa(p.Quantity)})
	}
	f.Parts = append(f.Parts, partForm{})
	return f
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func yesNo(x bool) string {
	if x {
		return "yes"
	}
	return "no"
}

// oneLine is what was typed without line ends and spaces around it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// jobForm reads a form as it was sent, and the result that it makes; what cannot
// be read is a fault of its own.
func (r *request) jobForm(b jobBody) (jobForm, presage.WorkshopResult) {
	f := jobForm{
		At: r.PostForm("at"), Odometer: oneLine(r.PostForm("odometer")), Minutes: oneLine(r.PostForm("minutes")),
		First: r.PostForm("first"), Note: r.posted("note"), Who: r.technician(),
		Sure: r.PostForm("sure") != "",
	}
	x := presage.WorkshopResult{
		BookingID: b.Booking.ID, VIN: b.Booking.VIN, At: r.site.Now().UTC(), Note: f.Note, Who: f.Who,
	}
	f.moment(&x, r.zone(b.Zone))
	x.OdometerKm = presage.Kilometre(f.number("odometer_km", f.Odometer))
	x.Minutes = int(f.number("minutes", f.Minutes))
	switch f.First {
	case "yes", "no":
		first := f.First == "yes"
		x.FirstTime = &first
	default:
		f.bad("fixed_first_time", presage.WhyMissing)
	}
	if f.Sure {
		if x.ConfirmedBy = f.Who; f.Who == "" {
			f.bad("who", presage.WhyMissing)
		}
	}
	for i, n := range b.Needs {
		f.finding(r, &x, i, n.Component.ID)
	}
	f.used(r, &x)
	return f, x
}

func (f *jobForm) moment(x *presage.WorkshopResult, zone *time.Location) {
	if f.At == "" {
		return // now
	}
	at, err := time.ParseInLocation(localTime, f.At, zone)
	if err != nil {
		f.bad("at", presage.WhyNoNumber)
		return
	}
	x.At = at.UTC()
}

// number reads a number that is needed.
func (f *jobForm) number(field, text string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	switch {
	case text == "":
		f.bad(field, presage.WhyMissing)
	case err != nil || n > 1e9 || n < -1e9:
		f.bad(field, presage.WhyNoNumber)
		return 0
	}
	return n
}

func (f *jobForm) finding(r *request, x *presage.WorkshopResult, i int, id presage.ComponentID) {
	field := fmt.Sprintf("findings[%d].", i)
	row := findingForm{
		Component: id, Outcome: r.PostForm("outcome_" + string(id)), Replaced: r.PostForm("replaced_" + string(id)),
		Measured: oneLine(r.PostForm("measured_" + string(id))), Cause: oneLine(r.PostForm("cause_" + string(id))),
	}
	f.Findings = append(f.Findings, row)
	n := presage.Finding{
		Component: id, Outcome: presage.Outcome(row.Outcome), Replaced: row.Replaced == "yes", Cause: row.Cause,
	}
	if row.Replaced != "yes" && row.Replaced != "no" {
		f.bad(field+"replaced", presage.WhyMissing)
	}
	if row.Measured != "" {
		measured := f.number(field+"measured", row.Measured)
		n.Measured = &measured
	}
	x.Findings = append(x.Findings, n)
}

func (f *jobForm) used(r *request, x *presage.WorkshopResult) {
	numbers, quantities := r.PostFormArray("part"), r.PostFormArray("quantity")
	for i := range min(len(numbers), len(quantities), mostRows) {
		p := partForm{oneLine(numbers[i]), oneLine(quantities[i])}
		f.Parts = append(f.Parts, p)
		if p.none() {
			continue
		}
		field := fmt.Sprintf("parts_used[%d].", len(x.PartsUsed))
		x.PartsUsed = append(x.PartsUsed, presage.PartQuantity{
			Part: p.Number, Quantity: int(f.number(field+"quantity", p.Quantity)),
		})
	}
}

// mostRows bounds the parts of a form.
const mostRows = 50

func (f *jobForm) bad(field, code string) {
	f.Faults = append(f.Faults, presage.ResultFault{Field: field, Why: presage.Because(code)})
}

// add takes up what the service says of fields that could be read.
func (f *jobForm) add(faults presage.ResultErrors) {
	for _, x := range faults {
		if !slices.ContainsFunc(f.Faults, func(y presage.ResultFault) bool { return y.Field == x.Field }) {
			f.Faults = append(f.Faults, x)
		}
	}
}

// Fault is what is wrong with a field, nil for nothing.
func (f jobForm) Fault(field string) *presage.ResultFault {
	for i := range f.Faults {
		if f.Faults[i].Field == field {
			return &f.Faults[i]
		}
	}
	return nil
}

// FaultAt is Fault of the i-th of a list.
func (f jobForm) FaultAt(list string, i int, field string) *presage.ResultFault {
	return f.Fault(fmt.Sprintf("%s[%d].%s", list, i, field))
}

// PartFaults are what is wrong with the row i of the parts, of which those without
// a quantity are not sent.
func (f jobForm) PartFaults(i int) []*presage.ResultFault {
	if f.Parts[i].none() {
		return nil
	}
	sent := 0
	for _, p := range f.Parts[:i] {
		if !p.none() {
			sent++
		}
	}
	var all []*presage.ResultFault
	for _, field := range []string{"part", "quantity"} {
		if x := f.FaultAt("parts_used", sent, field); x != nil {
			all = append(all, x)
		}
	}
	return all
}

// Doubtful tells that something can be confirmed.
func (f jobForm) Doubtful() bool {
	return slices.ContainsFunc(f.Faults, func(x presage.ResultFault) bool { return x.Doubtful })
}
