package life

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"presage"
)

// History is one unit's repairs: the ages of its events while it was watched,
// after Start and until End.
type History struct {
	Unit       string // its name, for faults; may be empty
	Start, End float64
	Events     []float64 // any order
}

// MeanCumulative is the mean number of events a unit has had by an age,
// without assuming its form (Nelson 2003, chapter 3), with the standard error that is right
// even if units differ (Lawless and Nadeau 1995). ErrInvalid names a unit whose
// event lies outside its watch, by its place from 1 on and its name.
func MeanCumulative(units []History) (Steps, error) {
	if err := checkHistories(units); err != nil {
		return nil, err
	}
	var ages []float64
	for _, u := range units {
		ages = append(ages, u.Events...)
	}
	slices.Sort(ages)
	var steps Steps
	residual := make([]float64, len(units))
	sum := 0.0
	for i := 0; i < len(ages); {
		s := Step{Age: ages[i]}
		for ; i < len(ages) && ages[i] == s.Age; i++ {
			s.Events++
		}
		for _, u := range units {
			if u.watched(s.Age) {
				s.AtRisk++
			}
		}
		sum += s.Events / s.AtRisk
		s.Value = sum
		variance := 0.0
		for k, u := range units {
			if u.watched(s.Age) {
				residual[k] += (u.at(s.Age) - s.Events/s.AtRisk) / s.AtRisk
			}
			variance += residual[k] * residual[k]
		}
		s.StdError = math.Sqrt(variance)
		steps = append(steps, s)
	}
	return steps, nil
}

func (u History) watched(age float64) bool { return u.Start < age && age <= u.End }

// at counts u's events at age.
func (u History) at(age float64) float64 {
	n := 0.0
	for _, e := range u.Events {
		if e == age {
			n++
		}
	}
	return n
}

func checkHistories(units []History) error {
	if len(units) == 0 {
		return fmt.Errorf("histories: %w: no unit", presage.ErrInvalid)
	}
	for i, u := range units {
		if !(u.Start >= 0 && u.End > u.Start) || math.IsInf(u.End, 1) {
			return fmt.Errorf("histories: %w: unit %d %s is watched from %g to %g",
				presage.ErrInvalid, i+1, u.Unit, u.Start, u.End)
		}
		for _, e := range u.Events {
			if !u.watched(e) {
				return fmt.Errorf("histories: %w: unit %d %s has an event at %g, outside (%g, %g]",
					presage.ErrInvalid, i+1, u.Unit, e, u.Start, u.End)
			}
		}
	}
	return nil
}

// PowerLaw is the recurrent process with the mean number of events
// Rate * t^Shape by age t (Crow 1974, AMSAA). Shape above 1: repairs come ever
// faster.
type PowerLaw struct {
	Rate, Shape float64
	Events      int
	// covariance of (ln Rate, Shape)
	vRate, vShape, vBoth float64
}

// FitPowerLaw fits by maximum likelihood, whatever ages the units were watched
// over. ErrInvalid: a faulty history, or fewer than two events.
func FitPowerLaw(units []History) (PowerLaw, error) {
	if err := checkHistories(units); err != nil {
		return PowerLaw{}, err
	}
	p := powerLaw{units: units}
	for _, u := range units {
		p.scale = max(p.scale, u.End)
	}
	for _, u := range units {
		for _, e := range u.Events {
			p.logs += math.Log(e / p.scale)
			p.n++
		}
	}
	if p.n < 2 || p.logs == 0 {
		return PowerLaw{}, fmt.Errorf("power law: %w: %g events do not determine a trend", presage.ErrInvalid, p.n)
	}
	shape := p.solve()
	_, a, a1, a2 := p.exposure(shape)
	rate := p.n / a // per scaled age
	// The information of (ln rate, shape): n, rate A', n/shape^2 + rate A''.
	i11, i12, i22 := p.n, rate*a1, p.n/(shape*shape)+rate*a2
	det := i11*i22 - i12*i12
	v11, v12, v22 := i22/det, -i12/det, i11/det
	// ln Rate = ln rate - shape ln scale.
	l := math.Log(p.scale)
	return PowerLaw{
		Rate: rate * math.Pow(p.scale, -shape), Shape: shape, Events: int(p.n),
		vRate: v11 - 2*l*v12 + l*l*v22, vBoth: v12 - l*v22, vShape: v22,
	}, nil
}

// powerLaw is the likelihood n ln rate + n ln b + (b-1) sum ln x - rate A(b),
// A(b) = sum of End^b - Start^b.
type powerLaw struct {
	units []History
	scale float64
	n     float64
	logs  float64
}

// exposure is A(b) with its first two derivatives; slope that of the profile
// likelihood n/b - n A'/A + sum ln x.
func (p *powerLaw) exposure(b float64) (slope, a, a1, a2 float64) {
	add := func(x, sign float64) {
		if x <= 0 {
			return
		}
		l, v := math.Log(x/p.scale), sign*math.Pow(x/p.scale, b)
		a += v
		a1 += v * l
		a2 += v * l * l
	}
	for _, u := range p.units {
		add(u.End, 1)
		add(u.Start, -1)
	}
	return p.n/b - p.n*a1/a + p.logs, a, a1, a2
}

// solve finds the shape at which the slope, which falls, is zero.
func (p *powerLaw) solve() float64 {
	low, high := 1e-6, 1.0
	for range 60 {
		if slope, _, _, _ := p.exposure(high); slope < 0 {
			break
		}
		low, high = high, 2*high
	}
	for range 200 {
		middle := (low + high) / 2
		if slope, _, _, _ := p.exposure(middle); slope > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// Mean is the expected number of events by age with its interval at confidence
// (Wald on the log scale).
func (p PowerLaw) Mean(age, confidence float64) Range {
	if !(age > 0) {
		return Range{}
	}
	l := math.Log(age)
	se := math.Sqrt(max(0, p.vRate+2*l*p.vBoth+l*l*p.vShape))
	m, z := p.Rate*math.Pow(age, p.Shape), distuv.UnitNormal.Quantile(0.5+confidence/2)
	return Range{Estimate: m, Low: m * math.Exp(-z*se), High: m * math.Exp(z*se)}
}

// ShapeRange is the shape with its interval at confidence (Wald on the log scale).
func (p PowerLaw) ShapeRange(confidence float64) Range {
	z := distuv.UnitNormal.Quantile(0.5 + confidence/2)
	f := math.Exp(z * math.Sqrt(p.vShape) / p.Shape)
	return Range{Estimate: p.Shape, Low: p.Shape / f, High: p.Shape * f}
}
