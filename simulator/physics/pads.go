package physics

import (
	"math"
	"math/rand/v2"
)

// BrakeHeat is the energy in MJ that a car's friction brakes turn into heat
// over a distance: stops from town and motorway speeds, less what drag and
// recuperation take. City is the share of town driving, style multiplies the
// energy of a stop (1 ordinary), regen is the share that the motor takes back.
func BrakeHeat(massKg, km, city, style, regen float64) float64 {
	const (
		townMJPerKgKm     = 1.2e-4 // 1.7 stops a km from 12 m/s
		motorwayMJPerKgKm = 2.0e-5 // slowing down from 30 m/s now and then
	)
	return massKg * km * style * (1 - regen) * (city*townMJPerKgKm + (1-city)*motorwayMJPerKgKm)
}

// Pads is one axle's set of brake pads. Left and Right are the truth in
// percent: 0 new, 100 down to the limit; they may pass 100.
type Pads struct {
	Left, Right float64
	share       float64 // of the car's heat that this axle takes
	life        float64 // MJ that the axle's set endures on average
	rate        float64 // % per MJ of the set in place
	lean        float64 // of the load to the left
	glazed      [2]float64
	biting      float64 // how much faster the last quarter wears
}

// NewPads makes a set for an axle that takes the given share of the heat and
// is worn to the given percent already. Life is the heat in MJ that the axle's set
// endures when it wears evenly.
func NewPads(r *rand.Rand, share, life, worn float64) Pads {
	p := Pads{share: share, life: life}
	p.Renew(r)
	p.Left, p.Right = worn*(1+p.lean), worn*(1-p.lean)
	return p
}

// Renew puts new pads in: another batch, of another hardness.
func (p *Pads) Renew(r *rand.Rand) {
	p.rate = 100 / p.life * math.Exp(0.08*r.NormFloat64())
	p.lean = 0.025 * r.NormFloat64()
	from := 90 * r.Float64()
	p.glazed = [2]float64{from, from + 15*r.Float64()}
	p.biting = 0.5 * r.Float64()
	p.Left, p.Right = 0, 0
}

// Brake wears the set by a car's braking heat in MJ at an ambient temperature in degC.
func (p *Pads) Brake(heat, ambient float64) {
	worst := p.Worst()
	f := 1 + 0.004*(ambient-15)
	if worst > p.glazed[0] && worst < p.glazed[1] {
		f *= 0.6 // a glazed surface grips less and wears less
	}
	if worst > 75 {
		f *= 1 + p.biting*(worst-75)/25 // thin pads run hotter
	}
	d := heat * p.share * p.rate * f
	p.Left += d * (1 + p.lean)
	p.Right += d * (1 - p.lean)
}

// Worst is the wear of the worse pad in percent.
func (p *Pads) Worst() float64 { return math.Max(p.Left, p.Right) }

// Rate is how many percent a day's braking heat in MJ takes off a set at 15 degC now.
func (p *Pads) Rate(heat float64) float64 { return heat * p.share * p.rate * (1 + math.Abs(p.lean)) }
