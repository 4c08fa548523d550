package orders

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/internal/records"
)

const mostDays = 365 // of a lead time

// depot takes in a depot: a new one, or what it is called.
func (x *taking) depot(f *records.Fields) {
	id := x.called(f, "depot", presage.KindDepot)
	x.once(f, "depot", id)
	i := slices.IndexFunc(x.depots, func(d presage.Depot) bool { return d.ID == id })
	d, was := presage.Depot{ID: id}, []cell(nil)
	if i >= 0 {
		d, was = x.depots[i], depotCells(x.depots[i])
	}
	set(&d.Name.ZH, text(f, "name_zh", mostName))
	set(&d.Name.EN, text(f, "name_en", mostName))
	set(&d.Region, text(f, "region", mostName))
	if d.Name.ZH == "" || d.Name.EN == "" {
		f.Bad("name_zh", "a new depot needs name_zh and name_en")
	}
	switch {
	case i < 0:
		x.depots = append(slices.Clip(x.depots), d)
		x.batch.Depots = append(x.batch.Depots, d)
	case d != x.depots[i]:
		x.depots = slices.Clone(x.depots)
		x.depots[i] = d
		x.batch.Depots = append(x.batch.Depots, d)
	}
	x.tellRow(f, id, was, depotCells(d))
}

func depotCells(d presage.Depot) []cell {
	return []cell{{"depot", d.ID}, {"name_zh", d.Name.ZH}, {"name_en", d.Name.EN}, {"region", d.Region}}
}

// partNow is a part as the rows so far leave it.
func (x *taking) partNow(number string) (presage.Part, bool) {
	if p, ok := x.parts[number]; ok {
		return p, true
	}
	p, err := x.master.Part(number)
	return p, err == nil
}

// needPart is the part that a row has to refer to.
func (x *taking) needPart(f *records.Fields) presage.Part {
	if !f.Says("part") {
		f.Bad("part", "it is missing")
	}
	return x.knownPart(f)
}

// knownPart is the part that a row refers to; none where it says nothing.
func (x *taking) knownPart(f *records.Fields) presage.Part {
	number := x.ours(f, "part", presage.KindPart)
	p, known := x.partNow(number)
	if !known && number != "" {
		f.Bad("part", "%q is not in the catalogue of parts: import it before, or in the same file", number)
	}
	return p
}

// part takes in a row of the parts master.
func (x *taking) part(f *records.Fields) {
	number := x.called(f, "part", presage.KindPart)
	x.once(f, "part", number)
	p, known := x.partNow(number)
	var was []cell
	if known {
		was = partCells(p)
	} else {
		p = presage.Part{Number: number, PackSize: 1}
		if all := x.Catalogue.PriceCurrencies(); len(all) > 0 {
			p.Cost.Currency = all[0]
		}
	}
	set(&p.Name.ZH, text(f, "name_zh", 200))
	set(&p.Name.EN, text(f, "name_en", 200))
	partCost(f, &p.Cost)
	setWhole(f, "lead_time_days", 0, mostDays, &p.LeadTimeDays)
	setWhole(f, "min_order", 0, mostPieces, &p.MinOrder)
	setWhole(f, "pack_size", 1, mostPieces, &p.PackSize)
	if old := f.List("supersedes"); len(old) > 0 {
		p.Supersedes, x.replaced = old, f
	}
	if number != "" {
		p.Check(func(field string, err error) {
			if err != nil {
				f.Bad(field, "%s", records.Bare(err))
			}
		})
	}
	if is := partCells(p); !slices.Equal(was, is) {
		x.parts[number] = p
	}
	x.tellRow(f, number, was, partCells(p))
}

// partCost takes in what a piece costs.
func partCost(f *records.Fields, cost *presage.Money) {
	if currency := text(f, "currency", 3); currency != "" && currency != cost.Currency {
		if !f.Says("price") {
			f.Bad("price", "it is missing: another currency wants another price")
		}
		cost.Currency = currency
	}
	if minor, ok := amount(f, "price"); ok {
		cost.Minor = minor
	}
}

func partCells(p presage.Part) []cell {
	return []cell{
		{"part", p.Number},
		{"name_zh", p.Name.ZH},
		{"name_en", p.Name.EN},
		{"price", minor(p.Cost)},
		{"currency", p.Cost.Currency},
		{"lead_time_days", strconv.Itoa(p.LeadTimeDays)},
		{"pack_size", strconv.Itoa(p.PackSize)},
		{"min_order", strconv.Itoa(p.MinOrder)},
		{"supersedes", strings.Join(p.Supersedes, ";")},
	}
}

// supplier takes in who sells parts.
func (x *taking) supplier(f *records.Fields) {
	id := x.called(f, "supplier", presage.KindSupplier)
	x.once(f, "supplier", id)
	i := slices.IndexFunc(x.parameters.Suppliers, func(s presage.Supplier) bool { return s.ID == id })
	s, was := presage.Supplier{ID: id}, []cell(nil)
	if i >= 0 {
		s, was = x.parameters.Suppliers[i], supplierCells(x.parameters.Suppliers[i])
	}
	set(&s.Name, text(f, "name", mostName))
	set(&s.Zone, text(f, "zone", 64))
	if days := f.List("days"); len(days) > 0 {
		s.Days = nil
		for _, day := range days {
			n, err := strconv.Atoi(day)
			if err != nil {
				n = -1
			}
			s.Days = append(s.Days, time.Weekday(n))
		}
	}
	s.Check(func(field string, err error) {
		if err != nil && field != "id" {
			f.Bad(field, "%s", records.Bare(err))
		}
	})
	if i < 0 {
		x.parameters.Suppliers = append(x.parameters.Suppliers, s)
	} else {
		x.parameters.Suppliers[i] = s
	}
	x.setParameters(!slices.Equal(was, supplierCells(s)))
	x.tellRow(f, id, was, supplierCells(s))
}

func supplierCells(s presage.Supplier) []cell {
	var days []string
	for _, d := range s.Days {
		days = append(days, strconv.Itoa(int(d)))
	}
	return []cell{{"supplier", s.ID}, {"name", s.Name}, {"zone", s.Zone}, {"days", strings.Join(days, ";")}}
}

// setParameters puts the next version of the planning parameters into the batch.
func (x *taking) setParameters(changed bool) {
	if !changed {
		return
	}
	next := x.parameters
	next.By, next.Note, next.PutAt = x.wish.By, "import", x.batch.Now
	if next.Rules == nil {
		next.Rules = []presage.PlanningRule{}
	}
	x.batch.Parameters = &next
}

// price takes in what a part costs: of the part itself, or as a supplier sells it.
func (x *taking) price(f *records.Fields) {
	part, supplier := x.knownPart(f), x.ours(f, "supplier", presage.KindSupplier)
	x.once(f, "part", part.Number, supplier)
	cost, says := amount(f, "price")
	if currency := text(f, "currency", 3); currency != "" && part.Number != "" && currency != part.Cost.Currency {
		f.Bad("currency", "%q: the part's price is in %s; the list parts changes that", currency, part.Cost.Currency)
	}
	if supplier == "" {
		x.ownPrice(f, part, cost, says)
		return
	}
	i := slices.IndexFunc(x.parameters.Sources, func(s presage.Source) bool {
		return s.Part == part.Number && s.Supplier == supplier
	})
	s, was := presage.Source{Part: part.Number, Supplier: supplier}, []cell(nil)
	if i >= 0 {
		s, was = x.parameters.Sources[i], sourceCells(x.parameters.Sources[i])
	}
	if says {
		s.Price = presage.Money{Minor: cost, Currency: part.Cost.Currency}
	}
	set(&s.LeadTimeDays, f.Whole("lead_time_days", 0, mostDays))
	set(&s.Lot, f.Whole("lot", 0, mostPieces))
	if !slices.ContainsFunc(x.parameters.Suppliers, func(s presage.Supplier) bool { return s.ID == supplier }) {
		f.Bad("supplier", "%q is not one of the suppliers: import it before, or in the same file", supplier)
	}
	s.CheckTerms(part, func(field string, err error) {
		f.Bad(field[1:], "%s", records.Bare(err))
	})
	if i < 0 {
		x.parameters.Sources = append(x.parameters.Sources, s)
	} else {
		x.parameters.Sources[i] = s
	}
	x.setParameters(!slices.Equal(was, sourceCells(s)))
	x.tellRow(f, strings.TrimSpace(part.Number+" "+supplier), was, sourceCells(s))
}

// ownPrice is the price of a part from whoever sells it.
func (x *taking) ownPrice(f *records.Fields, part presage.Part, cost int64, says bool) {
	for _, field := range []string{"lead_time_days", "lot"} {
		f.Whole(field, 0, mostPieces)
		if f.Says(field) {
			f.Bad(field, "it is a supplier's: name the supplier, or send it in the list parts")
		}
	}
	if !says {
		f.Bad("price", "it is missing")
	}
	if !f.Says("part") {
		f.Bad("part", "it is missing")
		return
	}
	was := priceCells(part)
	part.Cost.Minor = cost
	if is := priceCells(part); !slices.Equal(was, is) {
		x.parts[part.Number] = part
	}
	x.tellRow(f, part.Number, was, priceCells(part))
}

func priceCells(p presage.Part) []cell {
	return []cell{
		{"part", p.Number},
		{"supplier", ""},
		{"price", minor(p.Cost)},
		{"currency", p.Cost.Currency},
		{"lead_time_days", ""},
		{"lot", ""},
	}
}

func sourceCells(s presage.Source) []cell {
	cells := []cell{
		{"part", s.Part},
		{"supplier", s.Supplier},
		{"price", ""},
		{"currency", s.Price.Currency},
		{"lead_time_days", some(s.LeadTimeDays)},
		{"lot", some(s.Lot)},
	}
	if s.Price.Minor != 0 {
		cells[2].text = minor(s.Price)
	}
	return cells
}

// some is a number, or nothing for 0.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// set changes what the row gives a value for.
func set[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}

// setWhole changes a number, to 0 too, where the row says one.
func setWhole(f *records.Fields, field string, least, most int, to *int) {
	if n := f.Whole(field, least, most); f.Says(field) {
		*to = n
	}
}

// text is a field of one line, "" where the row says nothing.
func text(f *records.Fields, field string, most int) string {
	s, _ := f.Get(field, most)
	return s
}

// amountPattern is an amount of money; currencies without a minor unit are not used here.
var amountPattern = regexp.MustCompile(`^(\d{1,10})(?:\.(\d{1,2}))?$`)

// amount reads an amount in minor units.
func amount(f *records.Fields, field string) (minor int64, says bool) {
	s, ok := f.Get(field, 20)
	if !ok {
		return 0, false
	}
	parts := amountPattern.FindStringSubmatch(s)
	if parts == nil {
		f.Bad(field, "%q: want an amount such as 128.50", s)
		return 0, false
	}
	whole, err := strconv.ParseInt(parts[1]+(parts[2] + "00")[:2], 10, 64)
	if err != nil {
		f.Bad(field, "%q: want an amount such as 128.50", s)
	}
	return whole, err == nil
}

// minor is an amount as amount reads it.
func minor(m presage.Money) string { return fmt.Sprintf("%d.%02d", m.Minor/100, m.Minor%100) }
