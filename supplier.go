package presage

import (
	"fmt"
	"slices"
	"time"
)

// Supplier sells parts. It takes orders and dispatches on its days; what is ordered on another
// day leaves on the next of them, and a lead time counts from there.
type Supplier struct {
	ID       string         `json:"id" minLength:"1" maxLength:"64" doc:"As orders name it" example:"nordbrake"`
	Name     string         `json:"name,omitempty" maxLength:"100" example:"Nordbrake GmbH"`
	Zone     string         `json:"zone,omitempty" maxLength:"64" doc:"Where its days begin; UTC when absent" example:"Europe/Berlin"`           //nolint:lll // a tag cannot be broken
	Days     []time.Weekday `json:"days,omitempty" maxItems:"7" doc:"On which it dispatches, 0 is Sunday; every day when absent"`                //nolint:lll // a tag cannot be broken
	Closures []DaysOff      `json:"closures,omitempty" maxItems:"200" doc:"Holidays and other days on which it dispatches nothing all the same"` //nolint:lll // a tag cannot be broken
}

// DaysOff are days in a row, as the calendar on the wall shows them.
type DaysOff struct {
	From string `json:"from" maxLength:"10" example:"2026-12-24"`
	To   string `json:"to,omitempty" maxLength:"10" doc:"The last of them; one day when absent" example:"2027-01-01"`
	Note string `json:"note,omitempty" maxLength:"100" example:"Christmas"`
}

// Source says who sells a part, and on which terms; a part may have several.
type Source struct {
	Part     string `json:"part,omitempty" maxLength:"64" doc:"Every part that no other source names when absent" example:"BP-F-2041"` //nolint:lll // a tag cannot be broken
	Supplier string `json:"supplier" minLength:"1" maxLength:"64" example:"nordbrake"`

	Price        Money `json:"price,omitzero" doc:"Of a piece, in the catalogue's currency; the catalogue's when absent"`
	LeadTimeDays int   `json:"lead_time_days,omitempty" minimum:"0" maximum:"365" doc:"Until its receipts show another; the catalogue's when absent" example:"4"`   //nolint:lll // a tag cannot be broken
	Lot          int   `json:"lot,omitempty" minimum:"0" maximum:"1000000" doc:"Sold in multiples of so many pieces; the catalogue's pack when absent" example:"8"` //nolint:lll // a tag cannot be broken
}

// Terms is the part as the source sells it.
func (s Source) Terms(part Part) Part {
	if s.Price != (Money{}) {
		part.Cost = s.Price
	}
	if s.LeadTimeDays > 0 {
		part.LeadTimeDays = s.LeadTimeDays
	}
	if s.Lot > 0 {
		part.PackSize, part.MinOrder = s.Lot, 0
	}
	return part
}

// The bounds of what planners may say about suppliers.
const (
	mostSuppliers = 500
	mostSources   = 20_000
	mostDaysOff   = 200
	longestOff    = 366 // days in a row
)

// span reads the first and the last day.
func (d DaysOff) span() (from, to Day, err error) {
	if err := from.UnmarshalText([]byte(d.From)); err != nil {
		return 0, 0, fmt.Errorf("%w: from %.20q: want a day such as 2026-12-24", ErrInvalid, d.From)
	}
	to = from
	if d.To != "" {
		if err := to.UnmarshalText([]byte(d.To)); err != nil {
			return 0, 0, fmt.Errorf("%w: to %.20q: want a day such as 2027-01-01", ErrInvalid, d.To)
		}
	}
	if to < from || to-from >= longestOff {
		return 0, 0, fmt.Errorf("%w: to %s: want %s or later, within a year", ErrInvalid, d.To, d.From)
	}
	return from, to, nil
}

// checkSuppliers names what is wrong with suppliers and sources.
func (p PlanningParameters) checkSuppliers(wrong func(place string, err error), c *Catalogue) {
	known := map[string]bool{}
	for i, s := range p.Suppliers[:min(len(p.Suppliers), mostSuppliers)] {
		place := fmt.Sprintf("suppliers[%d].", i)
		if known[s.ID] {
			wrong(place+"id", fmt.Errorf("%w: %.64q is named twice", ErrInvalid, s.ID))
		}
		known[s.ID] = true
		s.Check(func(field string, err error) { wrong(place+field, err) })
	}
	seen := map[[2]string]int{}
	for i, s := range p.Sources[:min(len(p.Sources), mostSources)] {
		place := fmt.Sprintf("sources[%d]", i)
		part, err := c.Part(s.Part)
		if s.Part != "" && err != nil {
			wrong(place+".part", fmt.Errorf("%w: %.64q is not in the catalogue", ErrInvalid, s.Part))
		}
		s.CheckTerms(part, func(field string, err error) { wrong(place+field, err) })
		if !known[s.Supplier] {
			wrong(place+".supplier", fmt.Errorf("%w: %.64q is not one of the suppliers", ErrInvalid, s.Supplier))
		}
		key := [2]string{s.Part, s.Supplier}
		if first, ok := seen[key]; ok {
			wrong(place, fmt.Errorf("%w: source %d is of the same part and supplier", ErrInvalid, first))
		} else {
			seen[key] = i
		}
	}
	for place, n := range map[string][2]int{
		"suppliers": {len(p.Suppliers), mostSuppliers}, "sources": {len(p.Sources), mostSources},
	} {
		if n[0] > n[1] {
			wrong(place, fmt.Errorf("%w: %d, want at most %d", ErrInvalid, n[0], n[1]))
		}
	}
}

// CheckTerms names, by field, what is wrong with what a source asks for a part.
func (s Source) CheckTerms(part Part, wrong func(field string, err error)) {
	if s.Price != (Money{}) && (s.Part == "" || s.Price.Minor <= 0 || s.Price.Currency != part.Cost.Currency) {
		wrong(".price", fmt.Errorf("%w: %d %.3q: want more than 0 in the currency of the part's price in the catalogue, %q",
			ErrInvalid, s.Price.Minor, s.Price.Currency, part.Cost.Currency))
	}
	if s.LeadTimeDays < 0 || s.LeadTimeDays > 365 {
		wrong(".lead_time_days", fmt.Errorf("%w: %d: want 1 to 365, or leave it out", ErrInvalid, s.LeadTimeDays))
	}
	if s.Lot < 0 || s.Lot > 1e6 {
		wrong(".lot", fmt.Errorf("%w: %d: want 1 to 1000000, or leave it out", ErrInvalid, s.Lot))
	}
}

// Check names, by field, what is wrong with a supplier by itself; a field without a fault gets nil.
func (s Supplier) Check(wrong func(field string, err error)) {
	wrong("id", CheckID(s.ID))
	wrong("name", CheckPlain(s.Name, longestName))
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == time.Local.String() {
		wrong("zone", fmt.Errorf("%w: %.64q: want a name such as Europe/Berlin", ErrInvalid, s.Zone))
	}
	for i, day := range s.Days {
		if day < time.Sunday || day > time.Saturday || slices.Contains(s.Days[:i], day) {
			wrong("days", fmt.Errorf("%w: %d: want 0 (Sunday) to 6 (Saturday), each once", ErrInvalid, day))
		}
	}
	if len(s.Closures) > mostDaysOff {
		wrong("closures", fmt.Errorf("%w: %d, want at most %d", ErrInvalid, len(s.Closures), mostDaysOff))
	}
	for i, d := range s.Closures[:min(len(s.Closures), mostDaysOff)] {
		_, _, err := d.span()
		wrong(fmt.Sprintf("closures[%d]", i), err)
		wrong(fmt.Sprintf("closures[%d].note", i), CheckPlain(d.Note, longestName))
	}
}
