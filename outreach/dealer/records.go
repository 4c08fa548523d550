package dealer

import (
	"slices"
	"strings"
	"time"

	"presage"
	"presage/internal/records"
	"presage/outreach/casework"
)

// intake turns rows into a batch, and gathers all that is wrong with them.
type intake struct {
	catalogue *presage.Catalogue
	batch     presage.ImportBatch
	faults    []error
}

func (x *intake) add(rows []records.Row) {
	first := map[string]string{}
	for _, r := range rows {
		f := &fields{records.Of(r, &x.faults)}
		head := f.head()
		if at, twice := first[head.Kind+"/"+head.ExternalID]; twice && head.ExternalID != "" {
			f.Bad("id", "the same as at %s", at)
		}
		first[head.Kind+"/"+head.ExternalID] = r.Place
		switch r.Kind {
		case presage.KindWorkshop:
			x.workshop(f, head)
		case presage.KindCustomer:
			x.customer(f, head)
		case presage.KindVehicle:
			x.vehicle(f, head)
		case presage.KindClosure:
			x.closure(f, head)
		case presage.KindBooking:
			x.booking(f, head)
		case presage.KindWorkOrder:
			x.workOrder(f, head)
		case presage.KindPartUse:
			x.partUse(f, head)
		}
		f.Rest()
	}
}

// ourID is that of a record which is new here: the one that the row names, else one
// that follows from the dealer's.
func (x *intake) ourID(f *fields, prefix string, head presage.ImportRow) string {
	if id := f.ID("presage_id"); id != "" {
		return id
	}
	return casework.ID(prefix, x.batch.Source, head.ExternalID)
}

// set changes what the row gives a value for.
func set[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}

func (x *intake) customer(f *fields, head presage.ImportRow) {
	name, _ := f.Get("name", 200)
	lang, phone, zone := f.OneOf("lang", "zh", "en"), f.phone("phone"), f.Zone("zone")
	text, _ := f.Get("email", 254)
	email, err := presage.ParseEmail(text)
	if err != nil {
		f.Bad("email", "not an e-mail address")
	}
	tier := f.OneOf("tier", "standard", "gold")
	consent := presage.Consent{
		Push: f.Truth("consent_push"), SMS: f.Truth("consent_sms"), Email: f.Truth("consent_email"),
		Call: f.Truth("consent_call"), ChangedAt: f.Instant("consent_at"),
	}
	consent.Source, _ = f.Get("consent_source", 100)
	says := !consent.ChangedAt.IsZero()
	switch given := consent.Push || consent.SMS || consent.Email || consent.Call || consent.Source != ""; {
	case given && !says:
		f.Bad("consent_at", "it is missing: want when the customer agreed")
	case says && consent.Source == "":
		f.Bad("consent_source", "it is missing: want where they agreed, such as contract")
	case consent.ChangedAt.After(x.batch.Now.Add(5 * time.Minute)):
		f.Bad("consent_at", "it is in the future")
	}
	x.batch.Customers = append(x.batch.Customers, presage.ImportedCustomer{
		ImportRow: head, ID: x.ourID(f, "k", head), Consent: says, Apply: func(c *presage.Customer) {
			set(&c.Name, name)
			set(&c.Lang, presage.Lang(lang))
			set(&c.Phone, phone)
			set(&c.Email, email)
			set(&c.Zone, zone)
			set(&c.Tier, tier)
			if says {
				c.Consent = consent
			}
		},
	})
}

func (x *intake) vehicle(f *fields, head presage.ImportRow) {
	vin, err := presage.ParseVIN(f.Need("vin", 40))
	if err != nil {
		f.Bad("vin", "%s", strings.TrimPrefix(err.Error(), presage.ErrInvalid.Error()+" "))
	}
	v := presage.ImportedVehicle{
		ImportRow: head, VIN: vin, Customer: f.ID("customer"), Workshop: f.ID("workshop"),
	}
	plate, _ := f.Get("plate", 20)
	carMake, _ := f.Get("make", 100)
	model, _ := f.Get("model", 100)
	year, power := f.Whole("model_year", 1900, x.batch.Now.Year()+2), f.OneOf("powertrain", "bev", "phev", "ice")
	since, capacity := f.Day("in_service"), f.Number("pack_capacity_ah", 0, 2000)
	if since.After(x.batch.Now.AddDate(0, 0, 1)) {
		f.Bad("in_service", "it is in the future")
	}
	v.Apply = func(c *presage.Vehicle) {
		set(&c.Plate, presage.Plate(plate))
		set(&c.Make, carMake)
		set(&c.Model, model)
		set(&c.ModelYear, year)
		set(&c.Powertrain, presage.Powertrain(power))
		set(&c.InService, since)
		set(&c.PackCapacityAh, capacity)
	}
	x.batch.Vehicles = append(x.batch.Vehicles, v)
}

func (x *intake) workshop(f *fields, head presage.ImportRow) {
	zh, _ := f.Get("name_zh", 200)
	en, _ := f.Get("name_en", 200)
	addressZH, _ := f.Get("address_zh", 500)
	addressEN, _ := f.Get("address_en", 500)
	zone, depot, phone := f.Zone("zone"), f.ID("depot"), f.phone("phone")
	open, closing := f.Whole("open_hour", 0, 23), f.Whole("close_hour", 1, 24)
	bays, technicians, closed := bays(f), x.technicians(f), closedOn(f)
	shifts := shifts(f)
	_, says := f.Text["open_hour"]
	_, saysClosed := f.At["closed_on"]
	x.batch.Workshops = append(x.batch.Workshops, presage.ImportedWorkshop{
		ImportRow: head, ID: x.ourID(f, "w", head), Apply: func(w *presage.Workshop) {
			set(&w.Name.ZH, zh)
			set(&w.Name.EN, en)
			set(&w.Address.ZH, addressZH)
			set(&w.Address.EN, addressEN)
			set(&w.Zone, zone)
			set(&w.DepotID, depot)
			set(&w.Phone, phone)
			if says {
				w.OpenHour = open
			}
			set(&w.CloseHour, closing)
			if saysClosed {
				w.ClosedOn = closed
			}
			for i, b := range bays { // a bay keeps its kinds where the row names none
				if was, ok := w.Bay(b.ID); ok && len(b.Kinds) == 0 {
					bays[i] = was
				}
			}
			if len(bays) > 0 {
				w.Bays = bays
			}
			w.Technicians = atWork(w.Technicians, technicians, shifts)
		},
	})
}

// closedOn are the days of the week on which a workshop is closed, as digits.
func closedOn(f *fields) (days []time.Weekday) {
	for _, text := range f.List("closed_on") {
		if len(text) != 1 || text[0] < '0' || text[0] > '6' {
			f.Bad("closed_on", "%q: want days from 0, Sunday, to 6", text)
			continue
		}
		days = append(days, time.Weekday(text[0]-'0'))
	}
	return days
}

// bays are "id:kind+kind", or the ID alone.
func bays(f *fields) (out []presage.Bay) {
	for _, text := range f.List("bays") {
		id, kinds, _ := strings.Cut(text, ":")
		if presage.CheckID(id) != nil {
			f.Bad("bays", "%q: want id:kind+kind", text)
		}
		b := presage.Bay{ID: id}
		for kind := range strings.SplitSeq(kinds, "+") {
			if kind != "" {
				b.Kinds = append(b.Kinds, kind)
			}
		}
		out = append(out, b)
	}
	return out
}

// technicians are "id:name:skill+skill".
func (x *intake) technicians(f *fields) (out []presage.Technician) {
	for _, text := range f.List("technicians") {
		parts := append(strings.SplitN(text, ":", 3), "", "")
		t := presage.Technician{ID: parts[0], Name: parts[1]}
		if presage.CheckID(t.ID) != nil {
			f.Bad("technicians", "%q: want id:name:skill+skill", text)
		}
		for skill := range strings.SplitSeq(parts[2], "+") {
			if skill == "" {
				continue
			}
			if !slices.ContainsFunc(x.catalogue.Jobs, func(j presage.Job) bool { return j.Skill == skill }) {
				f.Bad("technicians", "skill %q: no job of the catalogue asks for it", skill)
			}
			t.Skills = append(t.Skills, skill)
		}
		out = append(out, t)
	}
	return out
}

func (x *intake) closure(f *fields, head presage.ImportRow) {
	c := presage.ImportedClosure{
		ImportRow: head, Workshop: f.Need("workshop", 64), Removed: f.OneOf("state", "stands", "removed") == "removed",
	}
	c.Resource, c.From = f.ID("resource"), f.Need("from", 20)
	c.To, _ = f.Get("to", 20)
	c.Note, _ = f.Get("note", 200)
	if _, _, err := c.Wall(); err != nil {
		f.Bad("from", "%s", records.Bare(err))
	}
	x.batch.Closures = append(x.batch.Closures, c)
}

func (x *intake) partUse(f *fields, head presage.ImportRow) {
	u := presage.ImportedPartUse{
		ImportRow: head, Depot: f.ID("depot"), Workshop: f.ID("workshop"), Part: f.Need("part", 64),
		Day: presage.DayOf(f.Day("day")), Quantity: f.Whole("quantity", 0, 1_000_000),
	}
	if (u.Depot == "") == (u.Workshop == "") {
		f.Bad("depot", "want either depot or workshop")
	}
	if _, ok := f.Text["day"]; !ok {
		f.Bad("day", "it is missing")
	}
	if _, err := x.catalogue.Part(u.Part); err != nil && u.Part != "" {
		f.Bad("part", "%q is not in the catalogue; GET /v1/parts/forecast lists the parts", u.Part)
	}
	x.batch.PartUse = append(x.batch.PartUse, u)
}
