package life_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"presage"
	"presage/models/life"
)

// Wanted: R's survfit with delayed entry (see testdata/README.md).
func TestProductLimit(t *testing.T) {
	t.Parallel()
	s, err := life.ProductLimit(brakePads(t))
	if err != nil {
		t.Fatal(err)
	}
	for age, want := range map[float64]float64{
		20: 0.9750, 30: 0.9271, 40: 0.8391, 50: 0.6755, 60: 0.5282, 80: 0.2593, 100: 0.1248, 120: 0.0480,
	} {
		near(t, "S", s.At(age, 1), want, 5.1e-5)
	}
	if s.At(0, 1) != 1 {
		t.Error("survival to age 0 is not certain")
	}
	_, err = life.ProductLimit([]life.Life{life.Between(0, 1, 2)})
	if !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("interval-censored: %v", err)
	}
}

// Greenwood's formula by hand: of 4 parts one fails at 1, one is lost at 2, one
// fails at 3; S = 3/4 * 1/2 and the variance S^2 (1/(4*3) + 1/(2*1)).
func TestGreenwood(t *testing.T) {
	t.Parallel()
	s, err := life.ProductLimit([]life.Life{life.Exact(0, 1), life.Alive(0, 2), life.Exact(0, 3), life.Alive(0, 3)})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "S(3)", s.At(3, 1), 0.375, 1e-12)
	near(t, "its standard error", s[1].StdError, 0.375*math.Sqrt(1.0/12+1.0/2), 1e-12)
}

// histories reads a table of events and of the ends of watches.
func histories(t *testing.T, file, unit, age string) []life.History {
	t.Helper()
	place := map[string]int{}
	var units []life.History
	for _, row := range table(t, file, unit, age, "event") {
		if _, ok := place[row[0]]; !ok {
			place[row[0]] = len(units)
			units = append(units, life.History{})
		}
		u := &units[place[row[0]]]
		if strings.EqualFold(row[2], "end") {
			u.End = number(t, row[1])
			continue
		}
		u.Events = append(u.Events, number(t, row[1]))
	}
	return units
}

// Wanted: Nelson's estimate in a published table of the valve seats
// (Meeker & Escobar 1998, example 16.2), computed again in testdata/README.md.
func TestMeanCumulative(t *testing.T) {
	t.Parallel()
	s, err := life.MeanCumulative(histories(t, "valve_seats.csv", "engine", "days"))
	if err != nil {
		t.Fatal(err)
	}
	for age, want := range map[float64]float64{61: 0.02439, 604: 1.0597, 640: 1.2435, 653: 1.5427} {
		near(t, "MCF", s.At(age, 0), want, 5.1e-5)
	}
	if s[0].AtRisk != 41 {
		t.Errorf("%g engines at risk at first, want 41", s[0].AtRisk)
	}
	// Two units, one event: the mean is 1/2; residuals +-1/4 give sqrt(2/16).
	s, err = life.MeanCumulative([]life.History{{End: 9, Events: []float64{5}}, {End: 9}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "standard error", s[0].StdError, math.Sqrt(1.0/8), 1e-12)
	_, err = life.MeanCumulative([]life.History{{Start: 2, End: 9, Events: []float64{1}}})
	if !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("an event before the watch: %v", err)
	}
}

// Wanted: the published fits (see testdata/README.md).
func TestPowerLawAgainstPublishedFits(t *testing.T) {
	t.Parallel()
	p, err := life.FitPowerLaw(histories(t, "halfbeak.csv", "unit", "kilohours"))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shape of USS Halfbeak", p.Shape, 2.76, 5e-3)
	near(t, "scale of USS Halfbeak", math.Pow(p.Rate, -1/p.Shape), 5.45, 5e-3)
	p, err = life.FitPowerLaw(histories(t, "crow.csv", "system", "hours"))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shape of Crow's systems", p.Shape, 0.615, 5e-4)
	near(t, "rate of Crow's systems", p.Rate, 0.461, 5e-4)
}

// For one unit watched until T the maximum is known: shape n / sum ln(T/x),
// rate n / T^shape; and its mean at T is n.
func TestPowerLawInClosedForm(t *testing.T) {
	t.Parallel()
	x, end := []float64{9.2, 25, 61.5, 260, 300, 710, 916, 1010, 1220, 2530}, 3000.0
	sum := 0.0
	for _, age := range x {
		sum += math.Log(end / age)
	}
	n := float64(len(x))
	p, err := life.FitPowerLaw([]life.History{{End: end, Events: x}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shape", p.Shape, n/sum, 1e-9)
	near(t, "rate", p.Rate/(n/math.Pow(end, n/sum)), 1, 1e-9)
	m := p.Mean(end, 0.9)
	near(t, "mean at the end", m.Estimate, n, 1e-9)
	// At the end of one watch the count is Poisson: its logarithm has variance 1/n.
	near(t, "interval", math.Log(m.High/m.Low), 2*1.6449*math.Sqrt(1/n), 1e-3)
	near(t, "relative error of the shape", math.Log(p.ShapeRange(0.9).High/p.Shape), 1.6449*math.Sqrt(1/n), 1e-3)

	q, err := life.FitPowerLaw([]life.History{{End: end, Events: x}, {End: end, Events: x}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the shape of two such units", q.Shape, p.Shape, 1e-9)
	near(t, "their rate", q.Rate/p.Rate, 1, 1e-9)
	if _, err := life.FitPowerLaw([]life.History{{End: 5, Events: []float64{2}}}); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("one event: %v", err)
	}
}
