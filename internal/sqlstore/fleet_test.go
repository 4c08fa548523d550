//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func vehicles(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	golf := presage.Vehicle{
		VIN: vin(1), Plate: "沪A·12 345", Make: "Volkswagen", Model: "Golf_50%", ModelYear: 2019, Powertrain: presage.PlugInHybrid,
		InService: noon().AddDate(-7, 0, 0), PackCapacityAh: 37.5, CustomerID: "c1", WorkshopID: "w1", LastSeen: noon(),
	}
	leaf := presage.Vehicle{VIN: vin(2), Make: "Nissan", Model: "Leaf", CustomerID: "c2", WorkshopID: "w1"}
	seat := presage.Vehicle{VIN: vin(3), Make: "SEAT", Model: "León", WorkshopID: "w2"}
	must(t, s.PutVehicles(ctx, []presage.Vehicle{seat, leaf, golf}))
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c2", Name: "Wang Fang"}}))
	got, err := s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "vehicle", got, golf)

	_, err = s.Vehicle(ctx, vin(99))
	if !errors.Is(err, presage.ErrNotFound) || strings.Contains(err.Error(), string(vin(99))) {
		t.Errorf("unknown vehicle: %v; want ErrNotFound with the VIN masked", err)
	}
	for _, c := range []struct {
		name string
		f    presage.VehicleFilter
		want []presage.Vehicle
	}{
		{"all by VIN", presage.VehicleFilter{}, []presage.Vehicle{golf, leaf, seat}},
		{"first page", presage.VehicleFilter{Limit: 2}, []presage.Vehicle{golf, leaf}},
		{"second page", presage.VehicleFilter{Limit: 2, After: vin(2)}, []presage.Vehicle{seat}},
		{"customer", presage.VehicleFilter{CustomerID: "c1"}, []presage.Vehicle{golf}},
		{"workshop and text", presage.VehicleFilter{WorkshopID: "w1", Query: "lEaF"}, []presage.Vehicle{leaf}},
		{"end of VIN", presage.VehicleFilter{Query: "000003"}, []presage.Vehicle{seat}},
		{"customer's name", presage.VehicleFilter{Query: "wang"}, []presage.Vehicle{leaf}},
		{"plate", presage.VehicleFilter{Query: "沪a12345"}, []presage.Vehicle{golf}},
		{"part of a plate", presage.VehicleFilter{Query: "A-123"}, []presage.Vehicle{golf}},
		{"wildcards are text", presage.VehicleFilter{Query: "f_50%"}, []presage.Vehicle{golf}},
		{"no wildcard", presage.VehicleFilter{Query: "%_%"}, nil},
		{"quotes are text", presage.VehicleFilter{Query: "' OR 1=1 --"}, nil},
	} {
		got, err := s.Vehicles(ctx, c.f)
		must(t, err)
		same(t, c.name, got, c.want)
	}
	mustOpen(t, s, 1)
	for text, n := range map[string]int{"a12345": 1, "golf": 1, "leaf": 0} {
		cs, err := s.Cases(ctx, presage.CaseFilter{Query: text})
		must(t, err)
		same(t, "cases of "+text, len(cs), n)
	}
	// A list without plates takes none away, but a car that is sold leaves its plate behind.
	keeps := golf
	keeps.Plate = ""
	must(t, s.PutVehicles(ctx, []presage.Vehicle{keeps}))
	got, err = s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "plate of a list without plates", got.Plate, golf.Plate)
	keeps.CustomerID = "c2"
	must(t, s.PutVehicles(ctx, []presage.Vehicle{keeps}))
	got, err = s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "plate of a sold car", got.Plate, presage.Plate(""))
}

func lastSeen(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	early, late := noon().Add(-time.Hour), noon().Add(time.Hour)
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), Make: "VW", LastSeen: noon()}}))
	must(t, s.TouchVehicles(ctx, map[presage.VIN]time.Time{vin(1): early, vin(2): noon()}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), Make: "Volkswagen"}}))
	got, err := s.Vehicles(ctx, presage.VehicleFilter{})
	must(t, err)
	same(t, "vehicles", got, []presage.Vehicle{
		{VIN: vin(1), Make: "Volkswagen", LastSeen: noon()},
		{VIN: vin(2), AutoRegistered: true, LastSeen: noon()},
	})
	must(t, s.TouchVehicles(ctx, map[presage.VIN]time.Time{vin(1): late}))
	v, err := s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "last seen", v.LastSeen, late)
}

func vehiclesByStatus(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1)}, {VIN: vin(2)}, {VIN: vin(3)}}))
	must(t, s.PutPrognoses(ctx, []presage.Prognosis{
		{VIN: vin(1), Component: presage.Battery12V, Status: presage.StatusOK},
		{VIN: vin(1), Component: presage.TyreLeak, Status: presage.StatusDue},
		{VIN: vin(2), Component: presage.Battery12V, Status: presage.StatusOK},
	}))
	for status, want := range map[presage.Status][]presage.VIN{
		presage.StatusDue: {vin(1)}, presage.StatusOK: {vin(2)}, presage.StatusUnknown: {vin(3)}, presage.StatusWatch: nil,
	} {
		got, err := s.Vehicles(ctx, presage.VehicleFilter{Status: status})
		must(t, err)
		var vins []presage.VIN
		for _, v := range got {
			vins = append(vins, v.VIN)
		}
		same(t, string(status), vins, want)
	}
	health, err := s.FleetHealth(ctx)
	must(t, err)
	same(t, "health", health, []presage.HealthCount{
		{Component: presage.Battery12V, Status: presage.StatusOK, Vehicles: 2},
		{Component: presage.TyreLeak, Status: presage.StatusDue, Vehicles: 1},
	})
}

func customers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := presage.Customer{
		ID: "c1", Name: "王芳", Lang: presage.Chinese, Phone: "+8613800000007", Zone: "Asia/Shanghai",
		Tier: "gold", Consent: presage.Consent{Push: true, SMS: true, ChangedAt: noon(), Source: "contract"},
	}
	must(t, s.PutCustomers(ctx, []presage.Customer{c, {ID: "c0"}}))
	got, err := s.Customer(ctx, "c1")
	must(t, err)
	same(t, "customer", got, c)
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c2", Phone: c.Phone}}))
	sharing, err := s.CustomersByPhone(ctx, c.Phone)
	must(t, err)
	if len(sharing) != 2 || sharing[0].ID != "c1" || sharing[1].ID != "c2" {
		t.Errorf("customers by phone: %v", sharing)
	}

	stop := presage.Consent{Call: true, ChangedAt: noon().Add(time.Hour), Source: "sms STOP"}
	must(t, s.SetConsent(ctx, "c1", stop))
	c.Name = "王芳芳"
	must(t, s.PutCustomers(ctx, []presage.Customer{c})) // an import that knows nothing of the STOP
	got, err = s.Customer(ctx, "c1")
	must(t, err)
	c.Consent = stop
	same(t, "after STOP and import", got, c)

	for _, phone := range []presage.Phone{"", "+8613800009999"} {
		if none, err := s.CustomersByPhone(ctx, phone); err != nil || len(none) != 0 {
			t.Errorf("customers with phone %q: %v, %v", string(phone), none, err)
		}
	}
	hungUp, cancel := context.WithCancel(ctx)
	cancel()
	if _, err = s.CustomersByPhone(hungUp, c.Phone); err == nil || strings.Contains(err.Error(), "1380000") {
		t.Errorf("%v: want an error that does not show the number", err)
	}
	wantKind(t, s.SetConsent(ctx, "nobody", stop), presage.ErrNotFound)
}

func workshops(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	w := presage.Workshop{
		ID: "w1", Name: presage.Text{ZH: "车间", EN: "Shop"}, Zone: "Asia/Shanghai", DepotID: "d1", OpenHour: 8, CloseHour: 18,
		ClosedOn: []time.Weekday{time.Sunday}, Bays: presage.PlainBays("b1"),
		Technicians: []presage.Technician{{ID: "t1", Name: "Li", Skills: []string{"hv"}}},
	}
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w0"}, w}))
	got, err := s.Workshop(ctx, "w1")
	must(t, err)
	same(t, "workshop", got, w)
	ws, err := s.Workshops(ctx)
	must(t, err)
	same(t, "workshops", ws, []presage.Workshop{{ID: "w0"}, w})
	_, err = s.Workshop(ctx, "w9")
	wantKind(t, err, presage.ErrNotFound)

	must(t, s.PutDepots(ctx, []presage.Depot{{ID: "d1", Region: "north"}}))
	must(t, s.PutDepots(ctx, []presage.Depot{{ID: "d1", Region: "south"}}))
	ds, err := s.Depots(ctx)
	must(t, err)
	same(t, "depots", ds, []presage.Depot{{ID: "d1", Region: "south"}})

	_, err = s.Setting(ctx, "k")
	wantKind(t, err, presage.ErrNotFound)
	must(t, s.PutSetting(ctx, "k", "1"))
	must(t, s.PutSetting(ctx, "k", "2"))
	v, err := s.Setting(ctx, "k")
	must(t, err)
	same(t, "setting", v, "2")
}

func wantKind(tb testing.TB, err, kind error) {
	tb.Helper()
	if !errors.Is(err, kind) {
		tb.Errorf("error = %v, want %v", err, kind)
	}
}
