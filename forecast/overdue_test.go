package forecast_test

import (
	"fmt"
	"math"
	"testing"

	"presage"
	"presage/forecast"
)

// Ten services are overdue (by tomorrow with probability 1-1e-12^(1/7) = 0.98069),
// 28 jobs of two tyres were done in the last 56 days. By hand: an accepted offer
// (0.6 in 30 days) is a hazard of 0.030543 a day; with five visits' weight it is
// (5+28)/(5/0.030543+9.8069*56) = 0.046290 a day.
func TestOverdueServicesComeByAndBy(t *testing.T) {
	t.Parallel()
	in := overdue(10, 56)
	due := tyres(t, in)
	for _, tc := range []struct {
		days int
		want float64
	}{{7, 5.484909}, {30, 14.899658}} {
		got := math.NaN()
		for _, s := range due.Horizons {
			if s.Days == tc.days {
				got = meanOf(s.Drivers, forecast.DriverPredicted)
			}
		}
		if math.Abs(got-tc.want) > 1e-5 {
			t.Errorf("%d days: %v pieces expected, want %v", tc.days, got, tc.want)
		}
	}
}

// A pool that neither grows nor shrinks asks for as much as was used: due
// services arrive at 3 a week, owners come with a hazard of 0.05 a day.
func TestAPoolOfOverdueServicesIsServedAsBefore(t *testing.T) {
	t.Parallel()
	const perDay, comes = 3. / 7, 0.05 // 24 jobs of two tyres in 56 days
	in := overdue(int(math.Round(perDay/comes)), 48)
	for i := range 60 { // as many are due within 90 days as come up by then
		p := worn(presage.VIN(fmt.Sprintf("LATER%d", i)), presage.TyreLeak, 0)
		p.Basis = presage.BasisClock
		p.FailWithin = presage.FailWithin{D7: perDay * 7 / 60, D30: perDay * 30 / 60, D60: perDay, D90: perDay * 90 / 60}
		in.Depots[p.VIN] = "D1"
		in.Prognoses = append(in.Prognoses, p)
	}
	for _, s := range tyres(t, in).Horizons {
		want := 2 * perDay * float64(s.Days)
		if got := meanOf(s.Drivers, forecast.DriverPredicted); math.Abs(got/want-1) > 0.2 {
			t.Errorf("%d days: %v pieces expected, %v are used in as many", s.Days, got, want)
		}
	}
}

// overdue is a fleet with services past due and the given use in 56 days.
func overdue(vehicles, pieces int) forecast.Input {
	in := small()
	in.Config, in.Prognoses, in.Cases, in.Bookings = exact(), nil, nil, nil
	in.UseFrom = today() - 56
	in.Use = []presage.PartUse{{DepotID: "D1", Part: "P-TYRE", Day: today() - 56, Quantity: pieces}}
	for i := range vehicles {
		p := worn(presage.VIN(fmt.Sprintf("DUE%d", i)), presage.TyreLeak, 0)
		p.Basis, p.FailWithin = presage.BasisClock, presage.FailWithin{D7: 1, D30: 1, D60: 1, D90: 1}
		in.Depots[p.VIN] = "D1"
		in.Prognoses = append(in.Prognoses, p)
	}
	return in
}

// tyres is the plan of the tyres at D1.
func tyres(t *testing.T, in forecast.Input) presage.PartForecast {
	t.Helper()
	for _, f := range plan(t, in) {
		if f.Part == "P-TYRE" && f.DepotID == "D1" {
			return f
		}
	}
	t.Fatal("no plan of tyres at D1")
	return presage.PartForecast{}
}

func meanOf(drivers []presage.DemandDriver, name string) float64 {
	for _, d := range drivers {
		if d.Name == name {
			return d.Mean
		}
	}
	return math.NaN()
}
