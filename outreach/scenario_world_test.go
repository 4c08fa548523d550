package outreach_test

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/models"
)

const depot = "depot"

func worldVerbs() map[string]verb {
	return map[string]verb{
		"config":    (*scenario).configure,
		"channels":  (*scenario).channels,
		"customer":  (*scenario).putCustomer,
		"import":    (*scenario).importCustomer,
		"workshop":  (*scenario).putWorkshop,
		"vehicle":   (*scenario).putVehicle,
		"sold":      (*scenario).sold,
		"stock":     (*scenario).putStock,
		"order":     (*scenario).putOrder,
		"prognosis": (*scenario).prognosis,
		"adviser":   (*scenario).putAdviser,
		"provider":  (*scenario).provider,
		"coupon":    (*scenario).putCoupon,
		"redeem":    (*scenario).redeem,
		"recall":    (*scenario).putRecall,
		"rollout":   (*scenario).putRollout,
		"stands":    (*scenario).putStand,
		"seen":      (*scenario).carSeen,
		"placed":    (*scenario).putPlace,
	}
}

// configure sets fields of outreach.Config: "config cap=1 policy.hold_out=0.5".
func (s *scenario) configure(st *step) {
	s.fill(st, &s.cfg)
	s.svc = nil
}

func (s *scenario) channels(st *step) {
	s.names, s.svc = nil, nil
	for len(st.words) > 0 {
		s.open(st, presage.ChannelName(st.word("channel")))
	}
}

// putCustomer registers a customer or changes one; what is left out stays.
func (s *scenario) putCustomer(st *step) {
	id := st.word("customer")
	c, known := s.customers[id]
	if !known {
		c = presage.Customer{
			ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Lang: presage.English, Zone: s.zone.String(), Tier: "standard",
			Email:   presage.Email(id + "@example.com"),
			Phone:   presage.Phone(fmt.Sprintf("+491511234%04d", len(s.customers)+1)),
			Consent: presage.Consent{SMS: true, Source: "contract", ChangedAt: s.now},
		}
	}
	if text := st.opt("consent", ""); text != "" {
		c.Consent = presage.Consent{Source: "contract", ChangedAt: s.now}
		for name := range strings.SplitSeq(text, ",") {
			if f, ok := fieldOf(reflect.ValueOf(&c.Consent), name); ok {
				f.SetBool(true)
			} else if name != "none" {
				st.fatalf("unknown consent %q", name)
			}
		}
	}
	if p := presage.Purpose(st.opt("only", "")); p != "" {
		c.Consent.Purposes = presage.Limits{}
		for _, other := range presage.Purposes() {
			if other != p {
				c.Consent.Purposes[other] = presage.Channels{}
			}
		}
	}
	s.fill(st, &c)
	if c.Zone == "unknown" {
		c.Zone = ""
	}
	if c.Phone == "unknown" {
		c.Phone = ""
	}
	s.customers[id] = c
	st.must(s.store.PutCustomers(s.t.Context(), []presage.Customer{c}))
	st.must(s.store.PutDevices(s.t.Context(), []presage.Device{{
		ID: "phone", CustomerID: id, Platform: presage.Android, Token: presage.Secret("token of " + id), SeenAt: s.now,
	}}))
}

// importCustomer is a dealer's nightly export: it puts what its registry knows
// of a customer, as if it were new.
func (s *scenario) importCustomer(st *step) {
	c := s.customer(st)
	c.Consent.ChangedAt, c.Consent.Source = s.now, "import"
	st.must(s.store.PutCustomers(s.t.Context(), []presage.Customer{c}))
}

func (s *scenario) customer(st *step) presage.Customer {
	id := st.word("customer")
	c, known := s.customers[id]
	if !known {
		st.fatalf("unknown customer %q", id)
	}
	return c
}

// putWorkshop opens a workshop or changes one; a new one has a full shelf.
func (s *scenario) putWorkshop(st *step) {
	id, ctx := st.word("workshop"), s.t.Context()
	w, known := s.workshops[id]
	if !known {
		if len(s.workshops) == 0 {
			st.must(s.store.PutDepots(ctx, []presage.Depot{{ID: depot}}))
			st.must(s.store.PutParts(ctx, s.cat.Parts))
			s.shelf(st, 5)
		}
		name := strings.ToUpper(id[:1]) + id[1:]
		w = presage.Workshop{
			ID: id, Name: presage.Text{ZH: name, EN: name}, Zone: s.zone.String(), DepotID: depot,
			OpenHour: 8, CloseHour: 18, ClosedOn: []time.Weekday{time.Sunday},
			Address: presage.Text{ZH: "1 Main Street", EN: "1 Main Street"},
		}
	}
	if hours := st.opt("hours", ""); hours != "" {
		from, to, _ := strings.Cut(hours, "-")
		w.OpenHour, w.CloseHour = st.number(from), st.number(to)
	}
	if bays := st.opt("bays", map[bool]string{false: "1"}[known]); bays != "" {
		w.Bays = presage.PlainBays(numbered(id+"-bay", st.number(bays))...)
	}
	if people := st.opt("technicians", map[bool]string{false: "1"}[known]); people != "" {
		w.Technicians = nil
		names := strings.Split(people, ",")
		if people[0] >= '0' && people[0] <= '9' {
			names = numbered(id+"-tech", st.number(people))
		}
		for _, name := range names {
			w.Technicians = append(w.Technicians, presage.Technician{ID: name, Name: name, Skills: []string{"hv"}})
		}
	}
	vans(st, &w)
	people(st, &w)
	s.fill(st, &w)
	s.workshops[id] = w
	st.must(s.store.PutWorkshops(ctx, []presage.Workshop{w}))
}

func numbered(name string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(name, i+1)
	}
	return all
}

func (s *scenario) putVehicle(st *step) {
	name := st.word("car")
	v, known := s.cars[name]
	if !known {
		v = presage.Vehicle{
			VIN: presage.VIN(fmt.Sprintf("LPSAAAAA1AA%06d", len(s.cars)+1)), Make: "Aurora", Model: "One",
			Powertrain: presage.BatteryElectric, InService: s.now.AddDate(-3, 0, 0),
		}
	}
	v.CustomerID, v.WorkshopID = st.opt("owner", v.CustomerID), st.opt("workshop", v.WorkshopID)
	s.fill(st, &v)
	s.cars[name] = v
	st.must(s.store.PutVehicles(s.t.Context(), []presage.Vehicle{v}))
}

// sold gives a car to another customer: "sold car1 to ben".
func (s *scenario) sold(st *step) {
	name := st.word("car")
	if !st.is("to") {
		st.fatalf("want: sold CAR to CUSTOMER")
	}
	v := s.car(st, name)
	v.CustomerID = s.customer(st).ID
	s.cars[name] = v
	st.must(s.store.PutVehicles(s.t.Context(), []presage.Vehicle{v}))
}

func (s *scenario) car(st *step, name string) presage.Vehicle {
	v, known := s.cars[name]
	if !known {
		st.fatalf("unknown car %q", name)
	}
	return v
}

// putStock counts a shelf: "stock all 0", "stock BP-F-2041 1".
func (s *scenario) putStock(st *step) {
	part, n := st.word("part"), st.number(st.word("pieces"))
	if part == "all" {
		s.shelf(st, n)
		return
	}
	st.must(s.store.PutStock(s.t.Context(), []presage.Stock{{DepotID: depot, Part: part, OnHand: n}}))
}

func (s *scenario) shelf(st *step, n int) {
	for _, p := range s.cat.Parts {
		st.must(s.store.PutStock(s.t.Context(), []presage.Stock{{DepotID: depot, Part: p.Number, OnHand: n}}))
	}
}

// putOrder is a purchase order of the planner's: "order BP-F-2041 4 arrives="Mon 9 Nov 12:00"".
func (s *scenario) putOrder(st *step) {
	part, n := st.word("part"), st.number(st.word("pieces"))
	st.must(s.store.PutOrder(s.t.Context(), presage.PurchaseOrder{
		ID: fmt.Sprint("po-", part, "-", s.now.Unix()), DepotID: depot, Part: part, Quantity: n, OrderedAt: s.now,
		ExpectedAt: s.moment(st, st.opt("arrives", "")),
	}))
}

// prognosis is what the models say of a component today: "prognosis car1
// brake_pads_front due fail30=0.5 days=30 odometer=61000". The probabilities follow from the
// one of 30 days by constant hazard; the quantiles are days/3, days, 5 days/3.
// What wears measures 93 unless the script says otherwise.
func (s *scenario) prognosis(st *step) {
	v, id := s.car(st, st.word("car")), presage.ComponentID(st.word("component"))
	comp, err := s.cat.Component(id)
	st.must(err)
	status := presage.Status(st.word("status"))
	if status.Urgency() == 0 && status != presage.StatusOK {
		st.fatalf("unknown status %q", status)
	}
	fails := map[presage.Status]string{presage.StatusDue: "0.5", presage.StatusWatch: "0.1"}[status]
	p30 := st.float(st.opt("fail30", cmp.Or(fails, "0")))
	days := st.float(st.opt("days", "30"))
	by := func(horizon float64) float64 { return 1 - math.Pow(1-p30, horizon/30) }
	p := presage.Prognosis{
		VIN: v.VIN, Component: id, AsOf: s.now, DataThrough: s.now, Status: status, Basis: presage.BasisMeasured,
		FailWithin:    presage.FailWithin{D7: by(7), D30: p30, D60: by(60), D90: by(90)},
		RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: days / 3, P50: days, P90: days * 5 / 3}},
		Model:         presage.ModelRef{ID: "scenario", Version: "1"},
		OdometerKm:    presage.Kilometre(st.float(st.opt("odometer", "0"))),
	}
	if worn := st.opt("measured", map[bool]string{true: "93"}[comp.Model == models.LawWear]); worn != "" {
		p.Measured = &presage.Measured{Value: st.float(worn), Limit: 100, Unit: comp.Unit}
	}
	if comp.IsService() {
		p.Basis, p.Terms = presage.BasisClock, since(st, comp.Interval(v.Powertrain))
	}
	st.must(sqltest.PutPrognosis(s.t.Context(), s.store, p))
}

// since tells how long ago a service was: "over=12d" or "over=240km" past its interval.
func since(st *step, every presage.ServiceInterval) []presage.Term {
	over := st.opt("over", "")
	if over == "" {
		return nil
	}
	days, km := every.Days/2, float64(every.Km)/2
	if far, isKm := strings.CutSuffix(over, "km"); isKm {
		km = float64(every.Km) + st.float(far)
	} else {
		days = every.Days + st.float(strings.TrimSuffix(over, "d"))
	}
	return []presage.Term{
		{Name: models.TermServiceDays, Value: days, Unit: "days"},
		{Name: models.TermServiceKm, Value: km, Unit: "km"},
		{Name: models.TermIntervalDays, Value: every.Days, Unit: "days"},
		{Name: models.TermIntervalKm, Value: float64(every.Km), Unit: "km"},
	}
}

// caseOf is the newest case of a car.
func (s *scenario) caseOf(st *step, car string) presage.Case {
	cs := s.casesOf(st, car)
	if len(cs) == 0 {
		st.fatalf("%s has no case", car)
	}
	return cs[len(cs)-1]
}

// casesOf are all cases of a car, the oldest first.
func (s *scenario) casesOf(st *step, car string) []presage.Case {
	cs, err := s.store.LastCases(s.t.Context(), s.car(st, car).VIN, 100)
	st.must(err)
	for i, j := 0, len(cs)-1; i < j; i, j = i+1, j-1 {
		cs[i], cs[j] = cs[j], cs[i]
	}
	return cs
}
