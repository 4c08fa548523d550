package models

import (
	"math"
	"time"

	"presage"
	"presage/models/wear"
)

// ModelVersion is the version of the laws in ModelRef; it changes with any
// change that moves a probability.
const ModelVersion = "1"

// Prognoser applies the component catalogue to vehicles. It is never changed
// after it was made, so any number of goroutines may ask one.
type Prognoser struct {
	catalogue *presage.Catalogue
	fleet     *fleet
}

// NewPrognoser returns a prognoser with the catalogue's own priors. cat must
// have passed CheckCatalogue and must not be changed any more.
func NewPrognoser(cat *presage.Catalogue) *Prognoser {
	return &Prognoser{catalogue: cat, fleet: newFleet(cat)}
}

// Prognose returns one prognosis per component that h's vehicle has and
// that a law predicts, in the catalogue's order, from what had been measured and found by asOf. A History
// from the vehicle's later life gives the same answer: the future cannot be seen.
func (p *Prognoser) Prognose(h History, asOf time.Time) []presage.Prognosis {
	return p.PrognoseTrack(TrackOf(h), asOf)
}

// PrognoseTrack is Prognose for a vehicle already on a track.
func (p *Prognoser) PrognoseTrack(t *Track, asOf time.Time) []presage.Prognosis {
	v := newView(t, p.fleet, asOf)
	out := make([]presage.Prognosis, 0, len(p.catalogue.Components))
	for i := range p.catalogue.Components {
		c := &p.catalogue.Components[i]
		if c.Model == LawWatch || (t.Vehicle.Powertrain != "" && !c.Applies(t.Vehicle.Powertrain)) {
			continue
		}
		f := v.judge(c, &p.fleet.priors[i])
		out = append(out, f.prognosis(v, c))
	}
	return out
}

func (v *view) judge(c *presage.Component, pr *priors) finding {
	if v.n == 0 {
		f := v.unknown(unheardRate, time.Time{})
		f.terms = []presage.Term{{Name: TermMissing, Unit: "days"}}
		return f
	}
	switch c.Model {
	case LawWear:
		return v.pads(c, pr)
	case LawLeadAcid:
		return v.leadAcid(c, pr)
	case LawHV:
		return v.highVoltage(c, pr)
	case LawLeak:
		return v.leak(c, pr)
	case LawSurvival:
		return v.survival(c, pr)
	case LawClock:
		return v.clock(c, pr)
	}
	return finding{basis: presage.BasisSurvival}
}

// unheardRate is the failure rate per day of any part of a vehicle that was
// never heard from: once in ten years.
const unheardRate = 1. / 3652.5

// finding is what a law says about one component.
type finding struct {
	curve   wear.Curve
	km      *wear.Curve // of kmPerDay a day; nil when km follow from days
	through time.Time   // newest time that went in
	enough  bool        // enough data for a status
	basis   presage.Basis
	terms   []presage.Term
	value   *presage.Measured
	path    *wear.Passage
	// watchOnly: the evidence is too weak to call anybody in.
	watchOnly bool
}

// kmPerDay makes LastDay days the bound of 500,000 km that RemainingLife names.
const kmPerDay = 500000. / wear.LastDay

func (f *finding) prognosis(v *view, c *presage.Component) presage.Prognosis {
	out := presage.Prognosis{
		VIN: v.track.Vehicle.VIN, Component: c.ID, AsOf: v.asOf, DataThrough: f.through,
		FailWithin: presage.FailWithin{D7: f.curve.At(7), D30: f.curve.At(30), D60: f.curve.At(60), D90: f.curve.At(90)},
		Terms:      f.terms, Model: presage.ModelRef{ID: c.Model, Version: ModelVersion},
		Basis: f.basis, Measured: f.value,
	}
	out.RemainingLife.Days = presage.Quantiles{
		P10: f.curve.Quantile(0.1), P50: f.curve.Quantile(0.5), P90: f.curve.Quantile(0.9),
	}
	out.RemainingLife.Km = f.kilometres(v, out.RemainingLife.Days)
	out.Status = v.status(c, f, out.FailWithin)
	if f.path != nil {
		out.Path = v.path(f.path)
	}
	return out
}

func (f *finding) kilometres(v *view, days presage.Quantiles) presage.Quantiles {
	if f.km != nil {
		return presage.Quantiles{
			P10: f.km.Quantile(0.1) * kmPerDay, P50: f.km.Quantile(0.5) * kmPerDay, P90: f.km.Quantile(0.9) * kmPerDay,
		}
	}
	scale := func(d, spread float64) float64 {
		if d >= wear.LastDay {
			return 500000
		}
		return math.Min(500000, d*v.usage.PerDay*(1+spread*v.usage.CV))
	}
	return presage.Quantiles{
		P10: math.Max(0, scale(days.P10, -1)), P50: scale(days.P50, 0), P90: scale(days.P90, 1),
	}
}

// status says what a finding means. Silence is not health: past the
// catalogue's staleness a component is stale, whatever its probability.
func (v *view) status(c *presage.Component, f *finding, p presage.FailWithin) presage.Status {
	age := v.asOf.Sub(f.through)
	switch {
	case !f.enough:
		return presage.StatusUnknown
	case age > time.Duration(c.StaleAfterDays)*24*time.Hour:
		return presage.StatusStale
	case !f.watchOnly && (p.D30 >= c.Params["due_p30"] || p.D60 >= c.Params["due_p60"]):
		return presage.StatusDue
	case p.D90 >= c.Params["watch_p90"]:
		return presage.StatusWatch
	}
	return presage.StatusOK
}

// path tabulates a quantity's predicted course weekly to 90 days.
func (v *view) path(p *wear.Passage) []presage.PathPoint {
	const step, end = 7, 90
	today := presage.DayOf(v.asOf)
	out := make([]presage.PathPoint, 0, end/step+2)
	for d := 0; ; d = min(d+step, end) {
		low, mid, high := p.Band(float64(d))
		out = append(out, presage.PathPoint{
			Day: today + presage.Day(d), Quantiles: presage.Quantiles{P10: low, P50: mid, P90: high},
		})
		if d == end {
			return out
		}
	}
}

// unknown is the finding without enough data: a part of unknown age fails at
// the long-run rate at which such parts are renewed, per day.
func (v *view) unknown(ratePerDay float64, through time.Time) finding {
	return finding{
		curve:   wear.NewCurve(func(days float64) float64 { return -math.Expm1(-ratePerDay * days) }),
		through: through, basis: presage.BasisSurvival,
	}
}
