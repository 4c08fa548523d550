package simulator

import (
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/simulator/cast"
	"presage/simulator/physics"
	"presage/simulator/tbox"
)

const (
	second = int64(1000) // ms
	minute = 60 * second
	hour   = 60 * minute
)

// phase is what a car is doing.
type phase uint8

const (
	parked phase = iota
	cranking
	driving
	charging
)

// car is one vehicle with its truth.
type car struct {
	*cast.Car
	n      int
	world  *World
	person *cast.Person
	box    *tbox.Box
	life   *rand.Rand // what happens
	sense  *rand.Rand // what the sensors make of it
	habits habits

	odometer float64 // m
	pads     [2]physics.Pads
	lead     physics.LeadAcid
	pack     *physics.Pack // nil without one
	tyres    [4]physics.Tyre
	shocks   physics.Shocks
	clocks   []clock
	padBias  [4]float64 // % of each sensor
	cells    []float64  // scratch

	phase    phase
	dayEnd   int64 // next local midnight, ms
	acts     []act // what is planned, by time
	blocked  int64 // in a workshop or on a hook until, ms
	parkedAt int64 // since
	daysAway int   // of the present holiday that are left
	trip     trip
	charge   charge
	restedAt int64                         // the standing car was last looked at, ms
	tyreHeat float64                       // degC above the air around
	lamp     bool                          // the tyre lamp is on
	soft     *software                     // nil where cars do not tell of it
	strand   *strand                       // nil where none stands still by chance
	places   *places                       // nil where cars do not tell where they are parked
	nextCode int64                         // no trouble code before, ms
	byOthers map[presage.ComponentID]int64 // when somebody else last renewed a component, ms
}

// act is something planned for the day.
type act struct {
	at   int64   // ms
	km   float64 // of a trip; 0 for a sign of life while parked
	city float64
}

// stream gives the car a random stream of its own for one purpose.
func (w *World) stream(n int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(w.seed, uint64(n)<<8|purpose)) //nolint:gosec // reproducible, no secret
}

// newCar puts the n-th car of the cast on the road, with its years behind it.
func (w *World) newCar(n int, radio *tbox.Radio) *car {
	build := &w.cast.Cars[n]
	k := &car{
		Car: build, n: n, world: w, person: &w.cast.People[build.Owner],
		life: w.stream(n, 1), sense: w.stream(n, 2),
		box:    tbox.NewBox(radio, n, build.VIN, build.Spec.Style, w.stream(n, 3)),
		dayEnd: w.now, parkedAt: w.now - 9*hour, byOthers: make(map[presage.ComponentID]int64),
	}
	k.habits = newHabits(k.life, build)
	for i := range k.padBias {
		k.padBias[i] = 0.8 * k.sense.NormFloat64()
	}
	k.liveBefore()
	return k
}

// equip gives a car what a world may have beside wear.
func (k *car) equip(c Config) {
	if c.Software {
		k.soft = k.newSoftware()
	}
	if c.Strand {
		k.strand = k.newStrand(k.world.now)
	}
	if c.Places {
		k.places = k.newPlaces()
	}
}

// live does what is due at an instant in ms and returns when the next thing is.
func (k *car) live(t int64) int64 {
	for t >= k.dayEnd {
		k.newDay(k.dayEnd)
	}
	if t < k.blocked {
		k.phase = parked
		return min(k.blocked, k.dayEnd)
	}
	switch k.phase {
	case cranking:
		return k.crank(t)
	case driving:
		return k.drive(t)
	case charging:
		return k.fill(t)
	case parked:
	}
	return k.wait(t)
}

// wait is the time between two acts.
func (k *car) wait(t int64) int64 {
	for len(k.acts) > 0 && k.acts[0].at <= t {
		a := k.acts[0]
		k.acts = k.acts[1:]
		if a.km > 0 {
			return k.depart(t, a)
		}
		k.signOfLife(t)
		t++ // samples of one car never share an instant
	}
	return k.untilNext(t)
}

// untilNext is the instant of the next act, or midnight.
func (k *car) untilNext(t int64) int64 {
	next := k.dayEnd
	if len(k.acts) > 0 {
		next = min(next, k.acts[0].at)
	}
	return max(t+1, next)
}

// ambient is the air temperature around the car in degC.
func (k *car) ambient(t int64) float64 { return k.City.Climate.Temperature(t) }

// midnight is the start of the local day after the one that holds t.
func (k *car) midnight(t int64) (start, next time.Time) {
	local := time.UnixMilli(t).In(k.City.Zone)
	y, m, d := local.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, k.City.Zone), time.Date(y, m, d+1, 0, 0, 0, 0, k.City.Zone)
}

// km is the odometer.
func (k *car) km() presage.Kilometre { return presage.Kilometre(math.Round(k.odometer / 1000)) }
