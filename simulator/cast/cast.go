package cast

import (
	"math"
	"math/rand/v2"
	"time"

	"presage"
)

// Car is one vehicle with what its build decides.
type Car struct {
	presage.Vehicle
	Spec     *Spec
	City     *City
	Owner    int     // index of People
	AgeYears float64 // at the start
}

// Cast is everybody and everything of the fleet.
type Cast struct {
	Cars      []Car
	People    []Person
	Workshops []presage.Workshop
	Depots    []presage.Depot
	Stock     []presage.Stock
}

// Make invents a fleet of n vehicles that is known from start on. The error
// is that the time zones of the cities cannot be loaded.
func Make(seed uint64, n int, start time.Time, catalogue *presage.Catalogue) (*Cast, error) {
	places, err := cities(seed)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, 0xCA57)) //nolint:gosec // a reproducible fleet, no secret
	market := specs()
	c := &Cast{Workshops: workshops(), Depots: depots()}
	carsOf := make(map[string]int)
	for i := range n {
		city := &places[pick(r, len(places), func(i int) int { return places[i].weight })]
		owner := len(c.People)
		if i > 0 && r.Float64() < 0.06 && c.Cars[i-1].City == city {
			owner = c.Cars[i-1].Owner // a second car in the family
		} else {
			c.People = append(c.People, person(r, owner, city, start))
		}
		car := build(r, i, market, city, start)
		car.Owner, car.CustomerID = owner, c.People[owner].ID
		carsOf[city.depot]++
		c.Cars = append(c.Cars, car)
	}
	c.Stock = stock(r, catalogue, carsOf)
	return c, nil
}

// build makes the n-th car of the fleet, for sale in a city.
func build(r *rand.Rand, n int, market []Spec, city *City, start time.Time) Car {
	spec := &market[pick(r, len(market), func(i int) int {
		if market[i].Europe != city.Europe {
			return 0
		}
		return market[i].weight
	})]
	age := 8 * math.Pow(r.Float64(), 0.9)
	inService := day(start.Add(-time.Duration(age * 365.25 * 24 * float64(time.Hour))))
	built := inService.AddDate(0, -1-r.IntN(4), 0).Year()
	return Car{
		Vehicle: presage.Vehicle{
			VIN: spec.vin(n, built), Plate: city.plateOf(n), Make: spec.Make, Model: spec.Model, ModelYear: built,
			Powertrain: spec.Powertrain, InService: inService, PackCapacityAh: spec.PackAh,
			WorkshopID: city.workshops[r.IntN(len(city.workshops))],
		},
		Spec: spec, City: city, AgeYears: start.Sub(inService).Hours() / 24 / 365.25,
	}
}

// pick draws an index below n with a chance in proportion to its weight.
func pick(r *rand.Rand, n int, weight func(int) int) int {
	total := 0
	for i := range n {
		total += weight(i)
	}
	x := r.IntN(total)
	for i := range n {
		if x -= weight(i); x < 0 {
			return i
		}
	}
	return n - 1
}
