package simulator_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

// Every car tells where it is parked, to a hundred metres; at night it stands at home, and
// by day now and then elsewhere. All else is as it is in a world without places.
func TestPlaces(t *testing.T) {
	t.Parallel()
	faults := simulator.Faults{}
	c := simulator.Config{Vehicles: 40, Seed: 5, Start: summer, Catalogue: catalogue(), Faults: &faults}
	silent, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	c.Places = true
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	end, shops := summer.AddDate(0, 0, 8), map[string]presage.Place{}
	for _, s := range w.Fleet().Workshops {
		shops[s.ID] = *s.Place
	}
	nights, days := map[presage.VIN][]presage.Place{}, map[presage.VIN][]presage.Place{}
	zones := zonesOf(t, w.Fleet())
	for m := range w.Advance(end) {
		for _, s := range decode(t, m.Payload) {
			lat, told := s.signals[presage.SignalLatitude]
			if !told {
				continue
			}
			p := presage.Place{Lat: degrees(t, lat), Lon: degrees(t, s.signals[presage.SignalLongitude])}
			if h := s.at.In(zones[m.VIN]).Hour(); h >= 2 && h < 4 {
				nights[m.VIN] = append(nights[m.VIN], p)
			} else {
				days[m.VIN] = append(days[m.VIN], p)
			}
		}
	}
	left, far, strays, all := 0, 0, 0, 0
	for _, v := range w.Fleet().Vehicles {
		home := nights[v.VIN]
		if len(home) == 0 {
			t.Fatalf("%s told no place at night", v.VIN.Masked())
		}
		for _, p := range home {
			all++
			if home[len(home)/2].To(p) > 0.5 { // 0.15 km about the place, twice, and 0.05 km of rounding
				strays++
			}
		}
		if shops[v.WorkshopID].To(home[0]) > 25 {
			far++
		}
		for _, p := range days[v.VIN] {
			if home[0].To(p) > 1 {
				left++
				break
			}
		}
	}
	// Homes lie 9 km away on average, exponentially: exp(-25/9) is 6 of 100 beyond 25 km.
	// A few cars come home after midnight.
	if far > 8 || left < 20 || strays*20 > all {
		t.Errorf("%d of 40 homes beyond 25 km, %d cars parked elsewhere, %d of %d nights away", far, left, strays, all)
	}
	for m := range silent.Advance(end) {
		for _, s := range decode(t, m.Payload) {
			if _, told := s.signals[presage.SignalLatitude]; told {
				t.Fatal("a car told its place without being asked to")
			}
		}
	}
	if a, b := silent.Published(), w.Published(); a.Samples != b.Samples || a.Messages != b.Messages {
		t.Errorf("%+v without places, %+v with them", a, b)
	}
}

// zonesOf is the zone of each vehicle's owner.
func zonesOf(t *testing.T, f simulator.Fleet) map[presage.VIN]*time.Location {
	t.Helper()
	owners, zones := map[string]string{}, map[presage.VIN]*time.Location{}
	for _, c := range f.Customers {
		owners[c.ID] = c.Zone
	}
	for _, v := range f.Vehicles {
		zone, err := time.LoadLocation(owners[v.CustomerID])
		if err != nil {
			t.Fatal(err)
		}
		zones[v.VIN] = zone
	}
	return zones
}

// degrees reads a coordinate of at most three decimals.
func degrees(t *testing.T, raw json.RawMessage) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(x*1000-math.Round(x*1000)) > 1e-6 {
		t.Fatalf("coordinate %s, %v", raw, err)
	}
	return x
}
