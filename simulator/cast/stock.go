package cast

import (
	"fmt"
	"math"
	"math/rand/v2"

	"presage"
)

// stock puts every part of the catalogue on the shelves of every depot: what
// the depot's share of the fleet may use in a month or so, in whole packs.
func stock(r *rand.Rand, catalogue *presage.Catalogue, carsOf map[string]int) []presage.Stock {
	perCar := make(map[string]float64) // pieces a car and month, by part
	for _, c := range catalogue.Components {
		job, err := catalogue.Job(c.JobCode)
		if err != nil {
			continue
		}
		for _, p := range job.Parts {
			perCar[p.Part] += monthlyRate(c.ID) * float64(p.Quantity)
		}
	}
	var out []presage.Stock
	for _, d := range depots() {
		for i, p := range catalogue.Parts {
			pack := float64(max(1, p.PackSize))
			want := perCar[p.Number] * float64(carsOf[d.ID]) * (0.8 + 0.8*r.Float64())
			out = append(out, presage.Stock{
				DepotID: d.ID, Part: p.Number, OnHand: int(pack * math.Max(1, math.Round(want/pack))), Bin: bin(i),
			})
		}
	}
	return out
}

// bin is where the n-th part of the catalogue lies in any depot: rack, shelf, compartment.
func bin(n int) string {
	const shelves, compartments = 5, 8
	return fmt.Sprintf("%c-%d-%02d", 'A'+n/(shelves*compartments)%26, 1+n/compartments%shelves, 1+n%compartments)
}

// monthlyRate is how often a component of one car is replaced a month, roughly.
func monthlyRate(id presage.ComponentID) float64 {
	switch id {
	case presage.BrakePadsFront, presage.BrakePadsRear:
		return 0.025
	case presage.Battery12V, presage.TyreLeak:
		return 0.017
	case presage.ShockAbsorbers:
		return 0.006
	case presage.HVBattery:
		return 0.004
	}
	return 0.03
}
