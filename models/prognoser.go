package models

import (
	"math"
	"time"

	"presage"
	"presage/models/wear"
)

// ModelVersion is the version of the laws in ModelRef; it changes with any
// change that moves a probability.
const ModelVersion = "4"

// Prognoser applies the component catalogue to vehicles. It is never changed
// after it was made, so any number of goroutines may ask one.
type Prognoser struct {
	catalogue *presage.Catalogue
	fleet     *fleet
	learned   []*learned // in the catalogue's order; nil without any
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

// PrognoseTrack is Prognose for a vehicle already on a track. Who asks for many
// vehicles is better served by a Worker.
func (p *Prognoser) PrognoseTrack(t *Track, asOf time.Time) []presage.Prognosis {
	return p.Worker().PrognoseTrack(make([]presage.Prognosis, 0, len(p.catalogue.Components)), t, asOf)
}

func (v *view) judge(c *presage.Component, pr *priors) finding {
	if v.n == 0 {
		f := v.unknown(unheardRate, time.Time{})
		f.terms = v.tooFew(0)
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
	outlook wear.Outlook // read from a course instead of curve ...
	asked   bool         // ... if so
	km      presage.Quantiles
	byKm    bool      // km is set; else km follow from days
	through time.Time // newest time that went in
	enough  bool      // enough data for a status
	basis   presage.Basis
	terms   []presage.Term
	value   *presage.Measured
	path    *wear.Passage
	// watchOnly: the evidence is too weak to call anybody in.
	watchOnly bool
}

// kmPerDay makes LastDay days the bound of 500,000 km that RemainingLife names.
const kmPerDay = 500000. / wear.LastDay

func (f *finding) write(out *presage.Prognosis, v *view, c *presage.Component) {
	if !f.asked {
		f.outlook = f.curve.Outlook()
	}
	o := &f.outlook
	*out = presage.Prognosis{
		VIN: v.track.Vehicle.VIN, Component: c.ID, AsOf: v.asOf, DataThrough: f.through,
		FailWithin: presage.FailWithin{D7: o.D7, D30: o.D30, D60: o.D60, D90: o.D90},
		Terms:      f.terms, Model: presage.ModelRef{ID: c.Model, Version: ModelVersion},
		Basis: f.basis, Measured: f.value,
	}
	if !math.IsNaN(v.kmRead) {
		out.OdometerKm = presage.Kilometre(v.kmRead)
	}
	out.RemainingLife.Days = presage.Quantiles{P10: o.P10, P50: o.P50, P90: o.P90}
	out.RemainingLife.Km = f.kilometres(v, out.RemainingLife.Days)
	out.Round() // before anybody decides by it: what is stored is what was judged
	out.Status = v.status(c, f, out.FailWithin)
	if f.path != nil {
		out.Path = v.path(f.path)
	}
}

func (f *finding) kilometres(v *view, days presage.Quantiles) presage.Quantiles {
	if f.byKm {
		return f.km
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
	out, bands := v.pathOf.room(end/step+2), p.Bands()
	for d := 0; ; d = min(d+step, end) {
		low, mid, high := bands.At(float64(d))
		out = append(out, presage.PathPoint{
			Day: today + presage.Day(d), Quantiles: presage.Quantiles{P10: low, P50: mid, P90: high},
		})
		if d == end {
			return out
		}
	}
}

// kmQuantiles are quantiles of a distribution function on kmPerDay a day.
func kmQuantiles(by func(wear.Horizon) float64) presage.Quantiles {
	p10, p50, p90 := wear.QuantilesOf(by)
	return presage.Quantiles{P10: p10 * kmPerDay, P50: p50 * kmPerDay, P90: p90 * kmPerDay}
}

// unknown is the finding without enough data: a part of unknown age fails at
// the long-run rate at which such parts are renewed, per day.
func (v *view) unknown(ratePerDay float64, through time.Time) finding {
	return finding{
		curve:   wear.NewCurve(func(days float64) float64 { return -math.Expm1(-ratePerDay * days) }),
		through: through, basis: presage.BasisSurvival,
	}
}
