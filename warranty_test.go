package presage_test

import (
	"testing"
	"time"

	"presage"
	"presage/models"
)

// The limits are those of the subsidy rules for electric cars, Caijian [2015]
// 134 (8 years or 120,000 km), and of Order 43 (2021): 3 years or 60,000 km.
func TestWarrantyOf(t *testing.T) {
	t.Parallel()
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	born := time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)
	ev := presage.Vehicle{Powertrain: presage.BatteryElectric, InService: born}
	ice, unknown := ev, ev
	ice.Powertrain, unknown.InService = presage.Combustion, time.Time{}
	for name, c := range map[string]struct {
		car  presage.Vehicle
		id   presage.ComponentID
		km   presage.Kilometre
		at   time.Time
		want string
	}{
		"young":                {ev, presage.HVBattery, 20_000, born.AddDate(1, 0, 0), "traction_battery"},
		"on its last day":      {ev, presage.HVBattery, 20_000, time.Date(2028, 2, 28, 23, 59, 0, 0, time.UTC), "traction_battery"},
		"eight years old":      {ev, presage.HVBattery, 20_000, time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC), ""},
		"at the mileage":       {ev, presage.HVBattery, 120_000, born.AddDate(1, 0, 0), ""},
		"odometer not read":    {ev, presage.HVBattery, 0, born.AddDate(7, 0, 0), "traction_battery"},
		"age unknown":          {unknown, presage.HVBattery, 20_000, born.AddDate(1, 0, 0), ""},
		"no traction battery":  {ice, presage.HVBattery, 20_000, born.AddDate(1, 0, 0), ""},
		"damper of a new car":  {ice, presage.ShockAbsorbers, 59_999, born.AddDate(2, 0, 0), "vehicle"},
		"damper of a used car": {ice, presage.ShockAbsorbers, 60_000, born.AddDate(2, 0, 0), ""},
		"a wear part":          {ev, presage.BrakePadsFront, 5_000, born.AddDate(0, 1, 0), ""},
	} {
		w, ok := cat.WarrantyOf(c.id, c.car, c.km, c.at)
		if w.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v, want %q", name, w.ID, ok, c.want)
		}
	}
}

// A car whose first registration nobody knows counts from the end of its model year:
// its owner is not asked to pay for what the maker may owe.
func TestWarrantyByModelYear(t *testing.T) {
	t.Parallel()
	w := presage.Warranty{Months: 96}
	if got, want := w.Ends(presage.Vehicle{ModelYear: 2020}), time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("ends %v, want %v", got, want)
	}
	if got := w.Ends(presage.Vehicle{}); !got.IsZero() {
		t.Errorf("without any year it ends %v", got)
	}
}
