package physics

import (
	"math"
	"math/rand/v2"
)

// Pack is a high-voltage battery of cells in series.
type Pack struct {
	NewAh    float64 // capacity when new
	Cells    int
	SoC      float64 // 0-1 of the present capacity
	Years    float64 // of calendar age
	Cycles   float64 // equivalent full ones
	calendar float64 // share lost per root of years at 15 degC
	cycling  float64 // share lost per cycle
	ohm      float64 // of the whole pack when new
	spread   []float64
	weak     int     // the cell that discharges itself, -1 for none
	drain    float64 // V a day that it falls behind
	hurry    float64 // by which the drain grows a day
	lag      float64 // V that it is behind
}

// CellLimit is how far in V a cell may fall behind before the pack cuts the power.
const CellLimit = 0.06

// NewPack makes a pack of a capacity in Ah. One in twenty-five comes from a bad batch.
func NewPack(r *rand.Rand, ah float64, cells int, years, cycles float64) Pack {
	p := Pack{NewAh: ah, Cells: cells, Years: years, Cycles: cycles, SoC: 0.5 + 0.4*r.Float64()}
	p.calendar = 0.027 * math.Exp(0.25*r.NormFloat64())
	p.cycling = 0.00011 * math.Exp(0.4*r.NormFloat64())
	if r.Float64() < 0.04 {
		p.calendar *= 2.6
		p.cycling *= 2
	}
	p.ohm = float64(cells) * 0.0009
	p.renewCells(r)
	// Nobody drives around with a pack that failed long ago.
	for p.Health() < 0.71 {
		p.calendar *= 0.95
		p.cycling *= 0.95
	}
	return p
}

// Renew puts a new pack in, or new modules and a balanced pack.
func (p *Pack) Renew(r *rand.Rand) {
	p.Years, p.Cycles = 0, 0
	p.calendar = 0.027 * math.Exp(0.2*r.NormFloat64())
	p.renewCells(r)
}

func (p *Pack) renewCells(r *rand.Rand) {
	p.spread = make([]float64, p.Cells)
	for i := range p.spread {
		p.spread[i] = 0.0028 * r.NormFloat64()
	}
	p.weak, p.drain, p.lag, p.hurry = -1, 0, 0, 0
}

// Weaken makes one cell discharge itself from now on, faster every day.
func (p *Pack) Weaken(r *rand.Rand) {
	if p.weak >= 0 {
		return
	}
	p.weak = r.IntN(p.Cells)
	p.drain, p.hurry = 0.00005+0.0001*r.Float64(), 0.000004+0.000008*r.Float64()
}

// Age lets a day pass at a mean temperature in degC: warm packs fade faster.
func (p *Pack) Age(ambient float64) {
	p.Years += math.Exp2((ambient-15)/16) / 365.25
	if p.weak >= 0 {
		p.lag += p.drain
		p.drain += p.hurry
	}
}

// Health is the capacity over that when new.
func (p *Pack) Health() float64 {
	return 1 - p.calendar*math.Sqrt(p.Years) - p.cycling*p.Cycles
}

// Lag is how far in V the weakest cell has fallen behind the others.
func (p *Pack) Lag() float64 { return p.lag }

// Weak tells whether a cell discharges itself.
func (p *Pack) Weak() bool { return p.weak >= 0 }

// CapacityAh is the present capacity.
func (p *Pack) CapacityAh() float64 { return p.NewAh * p.Health() }

// Move puts ah in (negative: out) and returns the amount that the pack took.
func (p *Pack) Move(ah float64) float64 {
	c := p.CapacityAh()
	to := math.Max(0.01, math.Min(1, p.SoC+ah/c))
	moved := (to - p.SoC) * c
	p.SoC = to
	p.Cycles += math.Abs(moved) / (2 * p.NewAh)
	return moved
}

// CellVoltage is the open-circuit voltage of an ordinary cell in V.
func (p *Pack) CellVoltage() float64 {
	s := p.SoC
	return 3.42 + 0.60*s + 0.13*s*s - 0.35*math.Exp(-18*s)
}

// Voltage is the pack's terminal voltage in V at a current in A, positive into it.
func (p *Pack) Voltage(amps float64) float64 {
	return float64(p.Cells)*p.CellVoltage() - p.lag + amps*p.resistance()
}

func (p *Pack) resistance() float64 { return p.ohm * (1 + 1.5*(1-p.Health())) }

// CellVoltages fills dst, which must hold p.Cells numbers, with every cell's
// voltage in V at a current in A. Noise is the standard deviation of one reading.
func (p *Pack) CellVoltages(r *rand.Rand, dst []float64, amps, noise float64) {
	v := p.CellVoltage() + amps*p.resistance()/float64(p.Cells)
	for i := range dst {
		dst[i] = v + p.spread[i] + noise*r.NormFloat64()
	}
	if p.weak >= 0 && p.weak < len(dst) {
		dst[p.weak] -= p.lag
	}
}

// DaysLeft estimates the days until the health falls to a limit (share of the
// new capacity) or the weak cell cuts the power, at a use in cycles a day.
func (p *Pack) DaysLeft(limit, cyclesPerDay float64) float64 {
	perDay := p.calendar/(2*math.Sqrt(math.Max(p.Years, 0.1))*365.25) + p.cycling*cyclesPerDay
	days := math.Max(0, p.Health()-limit) / perDay
	if p.weak >= 0 {
		// lag + drain t + hurry t^2/2 reaches the limit
		q := math.Sqrt(math.Max(0, p.drain*p.drain+2*p.hurry*(CellLimit-p.lag)))
		days = math.Min(days, math.Max(0, (q-p.drain)/p.hurry))
	}
	return days
}
