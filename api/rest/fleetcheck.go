package rest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// The bounds of what an operator registers.
const (
	nameChars    = 200
	addressChars = 500
	tokenChars   = 4096
	mostStock    = 10_000_000 // pieces of one part at one depot
	mostPlaces   = 500        // bays, and technicians, of one workshop
	mostClosures = 1000       // closures, and absences, of one workshop
	clockSkew    = 5 * time.Minute
)

// known is what the rows are checked against.
type known struct {
	catalogue *presage.Catalogue
	now       time.Time
	depots    []presage.Depot
	workshops []presage.Workshop
	customers map[string]bool
}

// fleetCheck gathers the faults of one request.
type fleetCheck struct {
	known
	faults []error
	// where IDs are first, by kind and ID; "" for those that are stored.
	first map[[2]string]string
}

// check turns the rows into what is stored and names every fault by its place.
func (f fleet) check(k known) (presage.Fleet, []error) {
	c := &fleetCheck{known: k, first: map[[2]string]string{}}
	for i, d := range f.Depots {
		c.depot(fmt.Sprintf("depots[%d]", i), d)
	}
	c.stored(f.Workshops)
	for i, w := range f.Workshops {
		c.workshop(fmt.Sprintf("workshops[%d]", i), w)
	}
	out := presage.Fleet{Depots: f.Depots, Workshops: f.Workshops, Stock: f.Stock}
	for i, x := range f.Customers {
		out.Customers = append(out.Customers, c.customer(fmt.Sprintf("customers[%d]", i), x))
		if x.PushToken != "" {
			out.Devices = append(out.Devices, c.imported(x))
		}
	}
	for i, w := range f.Workshops { // behind the depots: they may be in the same request
		c.refers(fmt.Sprintf("workshops[%d].depot_id", i), "depot", w.DepotID)
	}
	for i, v := range f.Vehicles {
		out.Vehicles = append(out.Vehicles, c.vehicle(fmt.Sprintf("vehicles[%d]", i), v))
	}
	for i, s := range f.Stock {
		c.stock(fmt.Sprintf("stock[%d]", i), s)
	}
	return out, c.faults
}

func (c *fleetCheck) bad(where, text string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w: "+text, append([]any{where, presage.ErrInvalid}, args...)...))
}

// at keeps a fault with its place.
func (c *fleetCheck) at(where string, err error) {
	if err != nil {
		c.faults = append(c.faults, fmt.Errorf("%s: %w", where, err))
	}
}

func (c *fleetCheck) plain(where, text string, most int) { c.at(where, presage.CheckPlain(text, most)) }

func (c *fleetCheck) text(where string, t presage.Text, most int) {
	c.plain(where+".zh", t.ZH, most)
	c.plain(where+".en", t.EN, most)
}

// once tells of an ID that was there before, in this request or in another row.
func (c *fleetCheck) once(where, kind, id string) {
	key := [2]string{kind, id}
	if first, ok := c.first[key]; ok {
		c.bad(where, "the same %s as %s", kind, first)
		return
	}
	c.first[key] = where
}

func (c *fleetCheck) id(where, kind, id string) {
	c.at(where, presage.CheckID(id))
	if _, van := presage.SplitVan(id); van {
		c.bad(where, "an ID must not end in \"/van\": slots of vans are named so")
	}
	if id != "" {
		c.once(where, kind, id)
	}
}

// stored notes whose bays and technicians are taken by workshops that stay as they are.
func (c *fleetCheck) stored(replaced []presage.Workshop) {
	for _, w := range c.workshops {
		if slices.ContainsFunc(replaced, func(r presage.Workshop) bool { return r.ID == w.ID }) {
			continue
		}
		for _, bay := range w.Bays {
			c.first[[2]string{bayOrPerson, bay.ID}] = "one of workshop " + w.ID
		}
		for _, t := range w.Technicians {
			c.first[[2]string{bayOrPerson, t.ID}] = "one of workshop " + w.ID
		}
	}
}

// bayOrPerson: a booking takes both by their IDs, which must not be mixed up.
const bayOrPerson = "bay or technician"

// refers checks that what a row names is there.
func (c *fleetCheck) refers(where, kind, id string) {
	if _, ok := c.first[[2]string{kind, id}]; ok {
		return
	}
	var there bool
	switch kind {
	case "depot":
		there = slices.ContainsFunc(c.depots, func(d presage.Depot) bool { return d.ID == id })
	case "workshop":
		there = slices.ContainsFunc(c.workshops, func(w presage.Workshop) bool { return w.ID == id })
	case "customer":
		there = c.customers[id]
	}
	if !there {
		c.bad(where, "no %s %.64q is known or in this request", kind, id)
	}
}

func (c *fleetCheck) depot(where string, d presage.Depot) {
	c.id(where+".id", "depot", d.ID)
	c.text(where+".name", d.Name, nameChars)
	c.plain(where+".region", d.Region, 64)
}

func (c *fleetCheck) workshop(where string, w presage.Workshop) {
	c.id(where+".id", "workshop", w.ID)
	c.text(where+".name", w.Name, nameChars)
	c.text(where+".address", w.Address, addressChars)
	c.zone(where+".zone", w.Zone)
	if w.OpenHour < 0 || w.CloseHour > 24 || w.OpenHour >= w.CloseHour {
		c.bad(where+".open_hour", "hours: open_hour %d, close_hour %d, want 0 <= open < close <= 24", w.OpenHour, w.CloseHour)
	}
	c.closed(where+".closed_on", w)
	if len(w.Bays) == 0 || len(w.Technicians) == 0 {
		c.bad(where, "no bays or no technicians: nothing can be booked")
	}
	if len(w.Bays) > mostPlaces || len(w.Technicians) > mostPlaces {
		c.bad(where, "more than %d bays or technicians", mostPlaces)
		return
	}
	week := c.week(where, w)
	for i, b := range w.Bays {
		c.bay(fmt.Sprintf("%s.bays[%d]", where, i), w, b)
	}
	for i, t := range w.Technicians {
		c.technician(fmt.Sprintf("%s.technicians[%d]", where, i), t)
		c.shifts(fmt.Sprintf("%s.technicians[%d]", where, i), t, week)
	}
	c.missing(where, w)
	c.shown(where, w)
}

// missing checks the holidays of a workshop and the absences in it.
func (c *fleetCheck) missing(where string, w presage.Workshop) {
	if len(w.Closures) > mostClosures || len(w.Absences) > mostClosures {
		c.bad(where, "more than %d closures or absences: leave out those that have passed", mostClosures)
		return
	}
	for i, x := range w.Closures {
		c.closure(fmt.Sprintf("%s.closures[%d]", where, i), x)
	}
	for i, x := range w.Absences {
		at := fmt.Sprintf("%s.absences[%d]", where, i)
		c.closure(at, x.Closure)
		if !w.Has(x.Resource) {
			c.bad(at+".resource", "%.64q is neither a bay nor a technician of the workshop", x.Resource)
		}
	}
}

func (c *fleetCheck) closure(where string, x presage.Closure) {
	_, _, err := x.Wall()
	c.at(where, err)
	c.plain(where+".note", x.Note, nameChars)
	c.plain(where+".by", x.By, nameChars)
}

func (c *fleetCheck) closed(where string, w presage.Workshop) {
	open := map[time.Weekday]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true}
	for _, day := range w.ClosedOn {
		if day < time.Sunday || day > time.Saturday {
			c.bad(where, "day %d: want 0 (Sunday) to 6 (Saturday)", day)
		}
		delete(open, day)
	}
	if len(open) == 0 && len(w.Week) == 0 {
		c.bad(where, "closed on all days: nothing can be booked")
	}
}

func (c *fleetCheck) technician(where string, t presage.Technician) {
	c.id(where+".id", bayOrPerson, t.ID)
	c.plain(where+".name", t.Name, nameChars)
	for i, skill := range t.Skills {
		if !slices.ContainsFunc(c.catalogue.Jobs, func(j presage.Job) bool { return j.Skill == skill }) {
			c.bad(fmt.Sprintf("%s.skills[%d]", where, i), "skill %.64q: no job of the catalogue asks for it", skill)
		}
	}
}

func (c *fleetCheck) zone(where, zone string) {
	_, err := time.LoadLocation(zone)
	if err != nil || zone == "" || strings.EqualFold(zone, "local") {
		c.bad(where, "IANA time zone %.64q, want one like Asia/Shanghai", zone)
	}
}

func (c *fleetCheck) customer(where string, x customerRow) presage.Customer {
	c.id(where+".id", "customer", x.ID)
	c.plain(where+".name", x.Name, nameChars)
	c.plain(where+".push_token", x.PushToken, tokenChars)
	c.plain(where+".tier", x.Tier, 32)
	c.plain(where+".consent.source", x.Consent.Source, 100)
	if x.Zone != "" { // else their number tells the country
		c.zone(where+".zone", x.Zone)
	}
	for _, err := range presage.CheckPreferred(x.Consent.Preferred) {
		c.at(where+".consent", err)
	}
	at := x.Consent.ChangedAt
	if at.After(c.now.Add(clockSkew)) {
		c.bad(where+".consent.changed_at", "%s is in the future: want when the customer agreed",
			at.UTC().Format(time.RFC3339))
	}
	if !at.IsZero() && at.Year() < 1990 {
		c.bad(where+".consent.changed_at", "%s is before 1990", at.UTC().Format(time.RFC3339))
	}
	if at.After(c.now) {
		x.Consent.ChangedAt = c.now // the other's clock is a little ahead
	}
	email, err := presage.ParseEmail(x.Email)
	c.at(where+".email", err)
	return presage.Customer{
		ID: x.ID, Name: x.Name, Lang: x.Lang, Phone: presage.Phone(x.Phone), Email: email,
		Zone: x.Zone, Tier: x.Tier, Consent: x.Consent,
	}
}

// imported is the one device that an operator's own list knows of a customer.
func (c *fleetCheck) imported(x customerRow) presage.Device {
	return presage.Device{
		ID: "imported", CustomerID: x.ID, Platform: presage.OtherPlatform, Token: presage.Secret(x.PushToken),
		RegisteredAt: c.now, SeenAt: c.now,
	}
}

func (c *fleetCheck) vehicle(where string, v vehicleRow) presage.Vehicle {
	vin, errVIN := presage.ParseVIN(v.VIN)
	c.at(where+".vin", errVIN)
	if errVIN == nil {
		c.once(where+".vin", "vehicle", string(vin))
	}
	expected, err := presage.ParseInterval(v.Expected)
	c.at(where+".expected_interval", err)
	c.at(where+".plate", v.Plate.Check())
	c.plain(where+".make", v.Make, 100)
	c.plain(where+".model", v.Model, 100)
	if v.ModelYear > c.now.Year()+2 {
		c.bad(where+".model_year", "%d: want at most %d", v.ModelYear, c.now.Year()+2)
	}
	if !v.InService.IsZero() && (v.InService.Year() < 1950 || v.InService.After(c.now.AddDate(0, 0, 1))) {
		c.bad(where+".in_service", "%s: want a day from 1950 to today", v.InService.Format(time.DateOnly))
	}
	if v.CustomerID != "" {
		c.refers(where+".customer_id", "customer", v.CustomerID)
	}
	if v.WorkshopID != "" {
		c.refers(where+".workshop_id", "workshop", v.WorkshopID)
	}
	return presage.Vehicle{
		VIN: vin, Plate: v.Plate, Make: v.Make, Model: v.Model, ModelYear: v.ModelYear, Powertrain: v.Powertrain,
		InService: v.InService, PackCapacityAh: v.PackCapacityAh, CustomerID: v.CustomerID, WorkshopID: v.WorkshopID,
		ExpectedInterval: expected,
	}
}

func (c *fleetCheck) stock(where string, s presage.Stock) {
	c.refers(where+".depot_id", "depot", s.DepotID)
	c.once(where, "part and depot", s.DepotID+"\x00"+s.Part)
	if _, err := c.catalogue.Part(s.Part); err != nil {
		c.bad(where+".part", "%.64q is not in the catalogue; GET /v1/parts/forecast lists the parts", s.Part)
	}
	for _, n := range []struct {
		field  string
		pieces int
	}{{"on_hand", s.OnHand}, {"reserved", s.Reserved}, {"on_order", s.OnOrder}} {
		if n.pieces < 0 || n.pieces > mostStock {
			c.bad(where+"."+n.field, "%d: want 0 to %d pieces", n.pieces, mostStock)
		}
	}
}
