package web

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// supplierForm is what is typed of a supplier.
type supplierForm struct {
	presage.Supplier

	Off string // closures, one a line
}

// Dispatches tells whether a day is ticked.
func (f supplierForm) Dispatches(day time.Weekday) bool {
	return len(f.Days) == 0 || slices.Contains(f.Days, day)
}

// Weekdays are those of a week, Monday first.
func (supplierForm) Weekdays() []time.Weekday { return []time.Weekday{1, 2, 3, 4, 5, 6, 0} }

// supplierForm is what was typed, else the supplier that the address names.
func (r *request) supplierForm(known []presage.Supplier) supplierForm {
	f := supplierForm{}
	if r.posted("supplier_id") != "" {
		f.Supplier, _ = r.supplier()
		f.Off = r.posted("closures")
		return f
	}
	id := r.Query("supplier")
	if i := slices.IndexFunc(known, func(s presage.Supplier) bool { return s.ID == id }); i >= 0 && id != "" {
		f.Supplier = known[i]
		for _, d := range f.Closures {
			f.Off += strings.Join(strings.Fields(d.From+" "+d.To+" "+d.Note), " ") + "\n"
		}
	}
	return f
}

// supplier reads a posted supplier.
func (r *request) supplier() (presage.Supplier, error) {
	s := presage.Supplier{ID: r.posted("supplier_id"), Name: r.posted("name"), Zone: r.posted("zone")}
	for _, text := range r.PostFormArray("day") {
		day, err := strconv.Atoi(text)
		if err != nil {
			return s, fmt.Errorf("day: %w: %.20q: want 0 (Sunday) to 6 (Saturday)", presage.ErrInvalid, text)
		}
		s.Days = append(s.Days, time.Weekday(day))
	}
	slices.Sort(s.Days)
	if len(s.Days) == 7 {
		s.Days = nil
	}
	var faults []error
	if r.PostForm("do") == "supplier" && len(r.PostFormArray("day")) == 0 {
		faults = append(faults, fmt.Errorf("day: %w: want at least one", presage.ErrInvalid))
	}
	for text := range strings.Lines(r.posted("closures")) {
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		d := presage.DaysOff{From: words[0]}
		if len(words) > 1 && new(presage.Day).UnmarshalText([]byte(words[1])) == nil {
			d.To, words = words[1], words[1:]
		}
		d.Note = strings.Join(words[1:], " ")
		s.Closures = append(s.Closures, d)
	}
	return s, errors.Join(faults...)
}

// suppliersIn puts the posted supplier in place of that of its ID; the button that removes it
// takes its sources away, too.
func (r *request) suppliersIn(p *presage.PlanningParameters) error {
	s, err := r.supplier()
	same := func(x presage.Supplier) bool { return x.ID == s.ID }
	i := slices.IndexFunc(p.Suppliers, same)
	p.Suppliers = slices.Clone(p.Suppliers)
	switch {
	case r.PostForm("do") == "no-supplier" && i < 0:
		return fmt.Errorf("supplier_id: %w: %.64q is not one of the suppliers", presage.ErrInvalid, s.ID)
	case r.PostForm("do") == "no-supplier":
		p.Suppliers = slices.Delete(p.Suppliers, i, i+1)
		p.Sources = slices.DeleteFunc(slices.Clone(p.Sources), func(x presage.Source) bool { return x.Supplier == s.ID })
		return nil
	case i >= 0:
		p.Suppliers[i] = s
	default:
		p.Suppliers = append(p.Suppliers, s)
	}
	return err
}

// sourcesIn puts the posted source in place of that of its part and supplier, or takes that one away.
func (r *request) sourcesIn(p *presage.PlanningParameters) error {
	s := presage.Source{Part: r.posted("source_part"), Supplier: r.posted("source_supplier")}
	rest := slices.DeleteFunc(slices.Clone(p.Sources), func(x presage.Source) bool {
		return x.Part == s.Part && x.Supplier == s.Supplier
	})
	if r.PostForm("do") == "no-source" {
		if len(rest) == len(p.Sources) {
			return fmt.Errorf("source_part: %w: %.64s does not sell %.64q", presage.ErrInvalid, s.Supplier, s.Part)
		}
		p.Sources = rest
		return nil
	}
	var faults []error
	if text := r.posted("source_price"); text != "" {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x > 0 && x < 1e9) {
			faults = append(faults, fmt.Errorf("source_price: %w: %.20q: want an amount above 0", presage.ErrInvalid, text))
		}
		s.Price = presage.Money{Minor: int64(math.Round(x * 100)), Currency: r.site.Catalogue.CostOf(s.Part).Currency}
	}
	for name, to := range map[string]*int{"source_lead": &s.LeadTimeDays, "source_lot": &s.Lot} {
		if text := r.posted(name); text != "" {
			var err error
			if *to, err = strconv.Atoi(text); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w: %.20q: want a whole number", name, presage.ErrInvalid, text))
			}
		}
	}
	rest = append(rest, s)
	p.Sources = rest
	return errors.Join(faults...)
}
