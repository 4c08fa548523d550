package battery_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"presage/models/battery"
)

// pack is a synthetic pack of a real one's mess: charge differs by 0.4 % from
// cell to cell (Student t with tail degrees of freedom, normal for 0) and by 0.4 % from module to
// module, resistance by 4 % of 1.3 mOhm, capacity by 1 %; sensors step by 1 mV and
// scatter by 1.5; modules are read at other moments than the current; codes come in between.
type pack struct {
	charge, capacity, resistance []float64 // %, %, mOhm
	rows                         int       // a day
	rng                          *rand.Rand
	drop                         func(day, cell int) float64 // mV of a fault, at any current
	until                        float64                     // seconds after which rows are not seen; 0 for none
}

func newPack(cells int, seed uint64, tail int) *pack {
	p := &pack{rng: rand.New(rand.NewPCG(seed, 9)), rows: 40}
	module := 0.
	for i := range cells {
		if i%12 == 0 {
			module = 0.4 * p.rng.NormFloat64()
		}
		t := p.rng.NormFloat64()
		chi := 0.
		for range tail {
			chi += math.Pow(p.rng.NormFloat64(), 2)
		}
		if tail > 0 {
			t *= math.Sqrt(float64(tail-2) / chi)
		}
		p.charge = append(p.charge, module+0.4*t)
		p.capacity = append(p.capacity, p.rng.NormFloat64())
		p.resistance = append(p.resistance, 1.3*0.04*p.rng.NormFloat64())
	}
	return p
}

// day lets the watch see a day: driving for three quarters of the rows, at rest else.
func (p *pack) day(w *battery.Watch, day int) {
	base := 30 + 65*p.rng.Float64()
	for k := range p.rows {
		soc := base - 15*float64(k)/float64(p.rows)
		slope := 5 + 12*math.Abs(math.Sin(soc/22)) // mV a point: flat and steep parts of the curve
		amps := 0.
		if k%4 > 0 {
			amps = 45 * p.rng.NormFloat64()
		}
		volts := make([]float64, len(p.charge))
		lag := 0.
		for i := range volts {
			if i%12 == 0 {
				lag = 0.1 * amps * p.rng.NormFloat64()
			}
			mv := slope*(p.charge[i]+p.capacity[i]*(100-soc)/100) + p.resistance[i]*amps + lag + 1.5*p.rng.NormFloat64()
			if p.drop != nil {
				mv -= p.drop(day, i+1)
			}
			volts[i] = math.Round(3000+9*soc+mv) / 1000
			if p.rng.IntN(2000) == 0 {
				volts[i] = []float64{0, 5, 65.535, math.NaN()}[p.rng.IntN(4)]
			}
		}
		if seconds := float64(day*86400 + k*30); p.until > 0 && seconds > p.until {
			continue
		}
		w.Add(battery.Row{Seconds: float64(day*86400 + k*30), Day: day, Amps: amps, SoC: soc, Volts: volts})
	}
}

func codes(v float64) bool { return v >= 1 && v < 5 }

// named runs packs over days and counts sound cells that were named, by severity.
func named(packs, days, tail int, seed uint64) (alarms [battery.Critical + 1]int) {
	for k := range packs {
		p := newPack(88, seed+uint64(k), tail)
		w := battery.NewWatch(battery.DefaultRule(88), codes)
		for d := range days {
			p.day(w, d)
		}
		for _, f := range w.End() {
			alarms[f.Severity]++
		}
	}
	return alarms
}

// No cell of 12 sound packs is named in 90 days. 1,500 were run once: doc.go has the rate.
func TestSoundPacksStaySilent(t *testing.T) {
	t.Parallel()
	if alarms := named(12, 90, 0, 1); alarms != [battery.Critical + 1]int{} {
		t.Errorf("cells named, by severity: %v", alarms)
	}
}

func TestWatchNamesTheFaultyCell(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		drop   func(day, cell int) float64
		cell   int
		within [2]int // days of the first naming
		want   battery.Severity
	}{
		"low from the start": {func(_, cell int) float64 { return on(cell == 30, 60) }, 30, [2]int{2, 15}, battery.Warning},
		"short from day 20":  {func(day, cell int) float64 { return on(cell == 88 && day >= 20, 3*float64(day-20)) }, 88, [2]int{25, 45}, battery.Critical},
		"for a day":          {func(day, cell int) float64 { return on(cell == 9 && day == 12, 300) }, 0, [2]int{}, battery.Sound},
		"high, not low":      {func(_, cell int) float64 { return on(cell == 5, -60) }, 0, [2]int{}, battery.Sound},
		"a module":           {func(_, cell int) float64 { return on(cell <= 12, 30) }, 0, [2]int{}, battery.Sound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPack(88, 77, 0)
			p.drop = c.drop
			w := battery.NewWatch(battery.DefaultRule(88), codes)
			for d := range 60 {
				p.day(w, d)
			}
			got := w.End()
			if c.cell == 0 {
				if len(got) > 0 {
					t.Fatalf("named %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Cell != c.cell || got[0].Severity != c.want {
				t.Fatalf("%+v, want cell %d, %s", got, c.cell, c.want)
			}
			if day := int(got[0].First / 86400); day < c.within[0] || day > c.within[1] {
				t.Errorf("first named on day %d, want %v", day, c.within)
			}
		})
	}
}

func on(yes bool, mv float64) float64 {
	if yes {
		return mv
	}
	return 0
}

// One cell with 0.4 mOhm more than the others, which is 18 mV at 45 A and nothing at rest.
func TestWatchNamesResistance(t *testing.T) {
	t.Parallel()
	p := newPack(88, 5, 0)
	p.resistance[40] = 0.4
	w := battery.NewWatch(battery.DefaultRule(88), codes)
	for d := range 40 {
		p.day(w, d)
	}
	got := w.End()
	if len(got) != 1 || got[0].Cell != 41 || got[0].Resistance == nil || got[0].Level != nil {
		t.Fatalf("%+v, want cell 41 by its resistance", got)
	}
	// By hand: -0.4 mOhm x 100 A = -40 mV, within the lag of the modules.
	if mv := got[0].Resistance.Mv; math.Abs(mv+40) > 6 {
		t.Errorf("%g mV at 100 A, want -40", mv)
	}
}

// What is said of a day does not change when later days come.
func TestWatchSeesNoFuture(t *testing.T) {
	t.Parallel()
	first := func(days int) (cell int, at float64) {
		p := newPack(88, 3, 0)
		p.drop = func(day, cell int) float64 { return on(cell == 17 || cell == 50 && day > 30, 50) }
		w := battery.NewWatch(battery.DefaultRule(88), codes)
		for d := range days {
			p.day(w, d)
		}
		found := w.End()
		if len(found) == 0 {
			return 0, 0
		}
		return found[0].Cell, found[0].First
	}
	cell, at := first(25)
	later, same := first(60)
	if cell != 17 || later != cell || same != at {
		t.Errorf("cell %d at %g, with a future cell %d at %g", cell, at, later, same)
	}
}

// Theil and Sen by hand: y = -2 t has the slope -2 a day, -60 in 30 days,
// whatever one wild reading says; eight readings, or none that go one way, say nothing.
func TestGrowth(t *testing.T) {
	t.Parallel()
	var days, y, level []float64
	for d := range 15 {
		days, y, level = append(days, float64(d)), append(y, -2*float64(d)), append(level, float64(d%3))
	}
	y[7] = 300
	for name, c := range map[string]struct{ got, want float64 }{
		"falls": {battery.Growth(days, y), -60}, "short": {battery.Growth(days[:8], y[:8]), 0}, "level": {battery.Growth(days, level), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: %g, want %g", name, c.got, c.want)
		}
	}
}

// Whatever row a recording ends at, it names the cell at the instant at which
// the longer one does, or not yet; at that instant itself it does.
func TestWatchEndsAtAnyRow(t *testing.T) {
	t.Parallel()
	until := func(seconds float64) float64 {
		p := newPack(88, 21, 0)
		p.drop = func(day, cell int) float64 { return on(cell == 17, 60) }
		w := battery.NewWatch(battery.DefaultRule(88), codes)
		for day := range 30 {
			p.until = seconds
			p.day(w, day)
		}
		for _, f := range w.End() {
			if f.Cell == 17 {
				return f.First
			}
		}
		return 0
	}
	whole := until(math.Inf(1))
	if whole == 0 {
		t.Fatal("the cell is never named")
	}
	for day := 3.; day < 30; day++ {
		for _, row := range []float64{0, 10, 25, 39} {
			if end := day*86400 + row*30; end < whole && until(end) != 0 || end >= whole && until(end) != whole {
				t.Errorf("until %g the cell is named at %g, in the whole at %g", end, until(end), whole)
			}
		}
	}
}
