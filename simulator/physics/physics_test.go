package physics_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"presage/simulator/physics"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func TestTyreFollowsTheGasLaw(t *testing.T) {
	t.Parallel()
	// By hand: (230 + 101.325) * 273.15 / 293.15 - 101.325 = 207.396; at 50 degC * 323.15 / 293.15: 263.906.
	tyre := physics.Tyre{Cold: 230, Natural: 0.1, Leak: 2}
	for inside, want := range map[float64]float64{20: 230, 0: 207.396, 50: 263.906} {
		if got := tyre.Gauge(inside); math.Abs(got-want) > 0.01 {
			t.Errorf("at %v degC %v kPa, want %v", inside, got, want)
		}
	}
	if days := tyre.DaysTo(188); math.Abs(days-20) > 1e-9 { // 42 kPa at 2.1 a day
		t.Errorf("%v days to 188 kPa, want 20", days)
	}
	tyre.Lose(10)
	if math.Abs(tyre.Cold-209) > 1e-9 {
		t.Errorf("%v kPa after ten days, want 209", tyre.Cold)
	}
}

func TestClimateHasSeasonsAndHours(t *testing.T) {
	t.Parallel()
	c := physics.Climate{Mean: 10, Season: 10, Daily: 4, Weather: 3, East: 1, Seed: 5}
	sum, july, january, n := 0.0, 0.0, 0.0, 0
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2030; at = at.Add(5 * time.Hour) {
		x := c.Temperature(at.UnixMilli())
		sum += x
		n++
		switch at.Month() {
		case time.July:
			july += x / (4 * 31 * 4.8)
		case time.January:
			january += x / (4 * 31 * 4.8)
		default:
		}
	}
	if mean := sum / float64(n); math.Abs(mean-10) > 1 {
		t.Errorf("mean of four years %v, want about 10", mean)
	}
	if d := july - january; d < 15 || d > 23 {
		t.Errorf("July is %v degrees warmer than January, want about 19", d)
	}
}

func TestBrakeHeatKnowsTownsAndMotors(t *testing.T) {
	t.Parallel()
	town := physics.BrakeHeat(1700, 100, 1, 1, 0)
	// By hand: 1.7 stops a km from 12 m/s are 0.5 * 1700 * 144 * 170 J = 20.8 MJ in 100 km.
	if math.Abs(town-20.4) > 1 {
		t.Errorf("town %v MJ, want about 20.8", town)
	}
	if motorway := physics.BrakeHeat(1700, 100, 0, 1, 0); motorway > town/4 {
		t.Errorf("motorway %v MJ against %v in town", motorway, town)
	}
	if electric := physics.BrakeHeat(1700, 100, 1, 1, 0.6); math.Abs(electric-0.4*town) > 1e-9 {
		t.Errorf("60 %% recuperated leave %v MJ of %v", electric, town)
	}
}

func TestPadsOnlyWearDown(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		r := source(seed)
		p := physics.NewPads(r, 0.7, 3500, 0)
		heat, last := 0.0, 0.0
		for p.Worst() < 100 {
			p.Brake(5, 15)
			heat += 5 * 0.7
			if p.Worst() <= last {
				t.Fatalf("seed %d: worn to %v after %v", seed, p.Worst(), last)
			}
			last = p.Worst()
		}
		if heat < 0.55*3500 || heat > 1.6*3500 {
			t.Errorf("seed %d: %v MJ worn out by the axle's share, want about 3500", seed, heat)
		}
		if p.Renew(r); p.Worst() != 0 {
			t.Errorf("new pads are worn to %v", p.Worst())
		}
	}
}

func TestLeadAcidShowsItsAge(t *testing.T) {
	t.Parallel()
	var fresh, old physics.LeadAcid
	fresh.Renew(source(1))
	old.Renew(source(1))
	old.Damage = 0.99
	if v := fresh.RestVoltage(20); v < 12.6 || v > 12.8 {
		t.Errorf("new battery rests at %v V", v)
	}
	if v := old.RestVoltage(20); v > 12.1 || v < 11.6 {
		t.Errorf("worn battery rests at %v V", v)
	}
	// carOBD: cranking minimum of a healthy car 10.9-11.3 V.
	if v := fresh.CrankVoltage(20); v < 10.8 || v > 11.3 {
		t.Errorf("new battery cranks at %v V", v)
	}
	if cold := fresh.CrankVoltage(-10); cold >= fresh.CrankVoltage(20) {
		t.Errorf("cranking in the cold %v V", cold)
	}
	if v := old.CrankVoltage(0); v > 8 {
		t.Errorf("worn battery cranks at %v V", v)
	}
	charge := fresh.Charge
	if fresh.Rest(240); fresh.Charge >= charge {
		t.Error("ten days of rest cost nothing")
	}
	if fresh.Run(5); fresh.Charge < charge-0.01 {
		t.Errorf("five hours of driving charge to %v", fresh.Charge)
	}
}

func TestLeadAcidLivesForYears(t *testing.T) {
	t.Parallel()
	years := 0.0
	const n = 200
	for seed := range uint64(n) {
		var b physics.LeadAcid
		b.Renew(source(seed))
		for !b.Dead() {
			if days, _ := b.DaysLeft(15); days <= 0 {
				t.Fatalf("seed %d: alive with %v days left", seed, days)
			}
			b.Age(15)
			years += 1 / 365.25 / n
		}
	}
	if years < 4 || years > 8 {
		t.Errorf("mean life %v years, want 4-8", years)
	}
}

func TestPackFadesAndItsWeakCellShows(t *testing.T) {
	t.Parallel()
	r := source(3)
	p := physics.NewPack(r, 150, 96, 0, 0)
	p.SoC = 0.3
	if moved := p.Move(15); math.Abs(moved-15) > 1e-9 || math.Abs(p.SoC-(0.3+15/p.CapacityAh())) > 1e-4 {
		t.Errorf("moved %v Ah to %v", moved, p.SoC)
	}
	if moved := p.Move(1e6); p.SoC != 1 || moved > 150 {
		t.Errorf("a full pack took %v Ah", moved)
	}
	p.SoC = 0.5
	if p.Voltage(100) <= p.Voltage(0) || p.Voltage(-100) >= p.Voltage(0) {
		t.Error("the sign of the current does not show in the voltage")
	}
	before := p.Health()
	p.Weaken(r)
	days, _ := 0, 0
	for ; p.Lag() < physics.CellLimit; days++ {
		if left := p.DaysLeft(0.7, 0.1); days == 0 && (left < 30 || left > 400) {
			t.Errorf("a weak cell leaves %v days", left)
		}
		p.Age(15)
	}
	if p.Health() >= before || days < 30 || days > 400 {
		t.Errorf("health %v after %v, failed after %d days", p.Health(), before, days)
	}
	cells := make([]float64, 96)
	p.CellVoltages(r, cells, 0, 0.001)
	low, sum := math.Inf(1), 0.0
	for _, v := range cells {
		low = math.Min(low, v)
		sum += v
	}
	if mean := sum / 96; mean-low < 0.04 || mean < 3.3 || mean > 4.2 {
		t.Errorf("lowest cell %v of a mean %v, want it 60 mV behind", low, mean)
	}
	if p.Renew(r); p.Weak() || p.Health() != 1 {
		t.Errorf("new pack: weak %v, health %v", p.Weak(), p.Health())
	}
}

// One in eight cars of eight years and 136,000 km fails on its suspension (Irish NCT 2016: 12.2 %).
func TestShocksFailAsInspectorsFind(t *testing.T) {
	t.Parallel()
	failed := 0
	const n = 4000
	r := source(11)
	for range n {
		var s physics.Shocks
		s.Renew(r)
		if s.Drive(136_000, 1); s.Used >= 1 {
			failed++
		}
		if s.KmLeft(1) < 0 {
			t.Fatal("negative distance left")
		}
	}
	if share := float64(failed) / n; share < 0.09 || share > 0.22 {
		t.Errorf("%v failed, want about 0.12-0.18", share)
	}
	s, since := physics.NewShocks(r, 500_000, 1)
	if s.Used >= 1 || since >= 500_000 {
		t.Errorf("after 500,000 km the set has done %v km, used %v", since, s.Used)
	}
}
