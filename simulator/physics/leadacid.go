package physics

import (
	"math"
	"math/rand/v2"
)

// LeadAcid is a 12 V battery.
type LeadAcid struct {
	Damage  float64 // 0 new, 1 at the end
	Charge  float64 // 0-1 of what it can still hold
	life    float64 // days at 15 degC and good care
	sudden  float64 // days until an inner short or a broken link that nothing announces
	resting float64 // A that the sleeping car draws, over the capacity in Ah: share of charge lost an hour
}

// suddenShare is the part of batteries that die without notice.
const suddenShare = 0.2

// Renew puts a new battery in.
func (b *LeadAcid) Renew(r *rand.Rand) {
	*b = LeadAcid{
		Charge: 0.97, life: 365 * 7.0 * math.Exp(0.25*r.NormFloat64()),
		sudden: math.Inf(1), resting: 0.00012 * math.Exp(0.35*r.NormFloat64()),
	}
	if r.Float64() < suddenShare {
		b.sudden = b.life * r.Float64()
	}
}

// Age lets a day pass at a mean temperature in degC: grids corrode twice as
// fast every 14 degrees, sulphate feeds on itself, and a battery left empty suffers.
func (b *LeadAcid) Age(ambient float64) {
	d := math.Exp2((ambient-15)/14) / b.life * (0.8 + 1.1*math.Pow(b.Damage, 4))
	if b.Charge < 0.5 {
		d += 0.01 * (0.5 - b.Charge) // deep discharge
	}
	b.Damage += d
	b.sudden--
}

// Rest lets the car sleep for hours.
func (b *LeadAcid) Rest(hours float64) {
	b.Charge = math.Max(0, b.Charge-hours*b.resting*(1+b.Damage))
}

// Run charges the battery for hours.
func (b *LeadAcid) Run(hours float64) {
	b.Charge += (1 - b.Charge) * (1 - math.Exp(-hours/1.2))
}

// RestVoltage is the open-circuit voltage in V, read at a temperature in degC.
func (b *LeadAcid) RestVoltage(ambient float64) float64 {
	d := math.Min(b.Damage, 1.3)
	return 12.74 - 0.18*d - 0.66*math.Pow(d, 9) - 0.9*(1-b.Charge) + 0.002*(ambient-20)
}

// CrankVoltage is the lowest voltage in V while a combustion engine is started.
func (b *LeadAcid) CrankVoltage(ambient float64) float64 {
	d := math.Min(b.Damage, 1.3)
	cold := math.Max(0, 20-ambient)
	return 11.1 - 0.7*d - 2.9*math.Pow(d, 7) - 1.2*(1-b.Charge) - cold*(0.012+0.02*d)
}

// Dead tells whether the car does not start any more.
func (b *LeadAcid) Dead() bool { return b.Damage >= 1 || b.sudden <= 0 }

// DaysLeft estimates the days until Dead at a mean temperature in degC, and
// tells whether the end will come without notice.
func (b *LeadAcid) DaysLeft(ambient float64) (days float64, silent bool) {
	if b.Dead() {
		return 0, b.sudden <= 0
	}
	perDay := math.Exp2((ambient-15)/14) / b.life * (0.8 + 1.1*math.Pow((1+b.Damage)/2, 4))
	days = (1 - b.Damage) / perDay
	return math.Min(days, b.sudden), b.sudden < days
}
