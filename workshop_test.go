package presage_test

import (
	"math"
	"testing"

	"presage"
)

// A degree of a great circle is 6371.0088 km * pi / 180 = 111.195 km; at 60
// degrees north one of longitude is half of that.
func TestDistance(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		from, to presage.Place
		km       float64
	}{
		{presage.Place{Lat: 10, Lon: 20}, presage.Place{Lat: 10, Lon: 20}, 0},
		{presage.Place{Lat: 0, Lon: 0}, presage.Place{Lat: 1, Lon: 0}, 111.195},
		{presage.Place{Lat: 60, Lon: 179.95}, presage.Place{Lat: 60, Lon: -179.95}, 5.5597}, // over the date line
		{presage.Place{Lat: 90, Lon: 0}, presage.Place{Lat: -90, Lon: 77}, 20015.1},
	} {
		if got := float64(x.from.To(x.to)); math.Abs(got-x.km) > x.km*1e-4+1e-6 {
			t.Errorf("%v to %v is %v km, want %v", x.from, x.to, got, x.km)
		}
	}
}

func TestWorkshopsPrices(t *testing.T) {
	t.Parallel()
	cny := func(minor int64) presage.Money { return presage.Money{Minor: minor, Currency: "CNY"} }
	jobs := []presage.Job{{Code: "a", Price: cny(100)}, {Code: "b", Price: cny(30)}}
	w := presage.Workshop{Prices: map[string]presage.Money{"a": {Minor: 15, Currency: "EUR"}}}
	if got := w.PriceOf(jobs); got != cny(130) {
		t.Errorf("a list that lacks a job: %v, want the catalogue's 130 CNY", got)
	}
	w.Prices["b"] = presage.Money{Minor: 5, Currency: "EUR"}
	if got := w.PriceOf(jobs); got != (presage.Money{Minor: 20, Currency: "EUR"}) {
		t.Errorf("its own list: %v, want 20 EUR", got)
	}
	if !w.Repairs("BYD") {
		t.Error("a workshop without brands refuses a make")
	}
	if w.Brands = []string{"Lumen"}; w.Repairs("BYD") || !w.Repairs("lumen") {
		t.Error("brands are not heeded, or by their capitals")
	}
}
