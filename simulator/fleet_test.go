package simulator_test

import (
	"regexp"
	"slices"
	"testing"

	"presage"
)

func TestFleetIsWholeAndInvented(t *testing.T) {
	t.Parallel()
	f := world(t, 400, 2, nil).Fleet()
	// No Chinese plate has an I after the province, no German number begins with a 0.
	fiction := regexp.MustCompile(`^([沪粤]I·\d{5}|B IQ 0\d{4})$`)
	customers := make(map[string]presage.Customer)
	phones := make(map[presage.Phone]bool)
	langs, gold, silent := make(map[presage.Lang]int), 0, 0
	for _, c := range f.Customers {
		if !c.Phone.MadeUp() || phones[c.Phone] {
			t.Errorf("customer %s: a phone number that is not ours or twice", c.ID)
		}
		phones[c.Phone], customers[c.ID] = true, c
		langs[c.Lang]++
		if c.Tier == "gold" {
			gold++
		}
		if !c.Consent.Push && !c.Consent.SMS && !c.Consent.Call {
			silent++
		}
	}
	if langs[presage.Chinese] < 100 || langs[presage.English] < 50 || gold < 20 || silent < 3 || silent > 60 {
		t.Errorf("languages %v, gold %d, without consent %d", langs, gold, silent)
	}
	workshops := make(map[string]bool)
	var cells []string
	for _, w := range f.Workshops {
		workshops[w.ID] = true
		for _, b := range w.Bays {
			cells = append(cells, b.ID)
		}
		if !slices.ContainsFunc(f.Depots, func(d presage.Depot) bool { return d.ID == w.DepotID }) {
			t.Errorf("workshop %s: no depot %s", w.ID, w.DepotID)
		}
		for _, x := range w.Technicians {
			cells = append(cells, x.ID)
		}
		if !slices.ContainsFunc(w.Technicians, func(x presage.Technician) bool { return slices.Contains(x.Skills, "hv") }) {
			t.Errorf("workshop %s: nobody for high voltage", w.ID)
		}
	}
	if slices.Sort(cells); len(cells) != len(slices.Compact(slices.Clone(cells))) {
		t.Errorf("bays and technicians are not unique: %v", cells)
	}
	vins, plates := make(map[presage.VIN]bool), make(map[presage.Plate]bool)
	kinds := make(map[presage.Powertrain]int)
	for _, v := range f.Vehicles {
		got, err := presage.ParseVIN(string(v.VIN))
		if err != nil || got != v.VIN || vins[v.VIN] || v.VIN[8] != presage.VINCheckDigit(string(v.VIN)) {
			t.Errorf("VIN %s: %v", v.VIN.Masked(), err)
		}
		if !fiction.MatchString(string(v.Plate)) || plates[v.Plate] {
			t.Errorf("plate %s: not invented, or twice", v.Plate.Masked())
		}
		vins[v.VIN], plates[v.Plate] = true, true
		kinds[v.Powertrain]++
		if customers[v.CustomerID].ID == "" || !workshops[v.WorkshopID] || v.InService.After(summer) ||
			(v.PackCapacityAh > 0) == (v.Powertrain == presage.Combustion) {
			t.Errorf("vehicle %+v", v)
		}
	}
	if kinds[presage.BatteryElectric] < 100 || kinds[presage.PlugInHybrid] < 40 || kinds[presage.Combustion] < 60 {
		t.Errorf("powertrains %v", kinds)
	}
	for _, s := range f.Stock {
		if !regexp.MustCompile(`^[A-Z]-[1-5]-0[1-8]$`).MatchString(s.Bin) {
			t.Errorf("part %s lies in %q", s.Part, s.Bin)
		}
	}
	if want := len(f.Depots) * len(catalogue().Parts); len(f.Stock) != want {
		t.Errorf("%d rows of stock, want %d", len(f.Stock), want)
	}
}

func TestHistoryIsOldAndOrdered(t *testing.T) {
	t.Parallel()
	w := world(t, 200, 2, nil)
	f := w.Fleet()
	if len(f.History) < 100 {
		t.Fatalf("%d results in the service books of 200 vehicles", len(f.History))
	}
	inService := make(map[presage.VIN]presage.Vehicle)
	for _, v := range f.Vehicles {
		inService[v.VIN] = v
	}
	for i, h := range f.History {
		if h.At.After(summer) || h.At.Before(inService[h.VIN].InService) || (i > 0 && h.At.Before(f.History[i-1].At)) {
			t.Errorf("result %d at %v", i, h.At)
		}
		if h.BookingID != "" || h.OdometerKm < 0 || !h.Findings[0].Replaced {
			t.Errorf("result %d: %+v", i, h)
		}
	}
}
