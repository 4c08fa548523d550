package policy

import (
	"cmp"
	"math"
	"slices"

	"presage"
)

// Point is the expected cost of a visit on one day, in minor units of the
// currency, by cause.
type Point struct {
	Day       int   `json:"day"`
	Breakdown int64 `json:"breakdown"`
	Waste     int64 `json:"waste"` // life thrown away
	Visit     int64 `json:"visit"`
	Annoyance int64 `json:"annoyance"`
	Total     int64 `json:"total"`
	Open      bool  `json:"open"` // a slot and all parts can be had
}

// Decision is the stored record of one decision: its inputs and its whole outcome.
type Decision struct {
	Policy string `json:"policy"`
	Input  Input  `json:"input"`
	// Act is false when nothing is due.
	Act bool `json:"act"`
	// Withheld: drawn into the hold-out, or outside the pilot: nobody is contacted.
	// Never for safety.
	Withheld   bool                  `json:"withheld"`
	Components []presage.ComponentID `json:"components"` // of the visit, the most urgent first
	Severity   presage.Severity      `json:"severity"`   // the worst of those that are due
	Day        int                   `json:"day"`        // of the visit, counted from Input.At
	Currency   string                `json:"currency"`
	Curve      []Point               `json:"curve"`
	FailWithin presage.FailWithin    `json:"fail_within"` // of any of the components that wear
}

// Decide finds the cheapest visit. The error is an ErrInvalid naming the
// faulty input. With nothing due the Decision says so and holds no curve.
func Decide(in Input) (Decision, error) {
	if err := in.validate(); err != nil {
		return Decision{}, err
	}
	d := Decision{Policy: Version, Input: in, Currency: in.Parameters.VisitCost.Currency}
	var bundle, candidates []Need
	for _, n := range byUrgency(in.Needs) {
		switch n.Status {
		case presage.StatusDue:
			bundle = append(bundle, n)
		case presage.StatusWatch:
			candidates = append(candidates, n)
		default: // healthy needs nothing; silence is for a person to look at, not for a visit
		}
	}
	if len(bundle) == 0 {
		return d, nil
	}
	curve := costCurve(in, bundle)
	for _, n := range candidates {
		joint := costCurve(in, append(slices.Clone(bundle), n))
		if cheapest(joint).Total < cheapest(curve).Total+alone(in, n) {
			bundle, curve = append(bundle, n), joint
		}
	}
	bundle = byUrgency(bundle)
	d.Act, d.Curve, d.Day = true, curve, cheapest(curve).Day
	for _, n := range bundle {
		d.Components = append(d.Components, n.Component)
	}
	d.Severity, d.FailWithin = severest(bundle), anyOf(bundle)
	d.Withheld = d.Severity != presage.Safety && (in.OutsidePilot || in.Draw < in.Parameters.HoldOut)
	return d, nil
}

// severest is the worst severity among the needs that are due.
func severest(bundle []Need) presage.Severity {
	worst := presage.Severity("")
	for _, n := range bundle {
		if n.Status == presage.StatusDue && n.Severity.Graver(worst) {
			worst = n.Severity
		}
	}
	return worst
}

// byUrgency returns a sorted copy: due first, then by severity, then what wears
// before services by interval, then by the probability of failing within 30 days,
// then by name so that equal inputs in any order decide alike.
func byUrgency(needs []Need) []Need {
	sorted := slices.Clone(needs)
	slices.SortFunc(sorted, func(a, b Need) int {
		return cmp.Or(
			cmp.Compare(statusRank(b.Status), statusRank(a.Status)),
			b.Severity.Compare(a.Severity),
			cmp.Compare(serviceRank(a), serviceRank(b)),
			cmp.Compare(b.FailWithin.D30, a.FailWithin.D30),
			cmp.Compare(a.Component, b.Component))
	})
	return sorted
}

func statusRank(s presage.Status) int {
	switch s {
	case presage.StatusDue:
		return 2
	case presage.StatusWatch:
		return 1
	default:
		return 0
	}
}

func serviceRank(n Need) int {
	if n.Service {
		return 1
	}
	return 0
}

// costCurve prices every day from 0 to the horizon, or to the first open day
// if that is later.
func costCurve(in Input, bundle []Need) []Point {
	earliest := in.EarliestDay
	for _, n := range bundle {
		earliest = max(earliest, n.LeadDays)
	}
	last := max(in.Parameters.HorizonDays, earliest)
	curve := make([]Point, 0, last+1)
	for day := 0; day <= last; day++ {
		var breakdown, waste float64
		for _, n := range bundle {
			b, w := n.Cost(float64(day))
			breakdown += b
			waste += w
		}
		p := Point{
			Day: day, Breakdown: int64(math.Round(breakdown)), Waste: int64(math.Round(waste)),
			Visit: in.Parameters.VisitCost.Minor, Annoyance: in.Parameters.Annoyance.Minor, Open: day >= earliest,
		}
		p.Total = p.Breakdown + p.Waste + p.Visit + p.Annoyance
		curve = append(curve, p)
	}
	return curve
}

// Cost is what a visit day days ahead is expected to cost before it: breakdowns,
// and the value of thrown-away life, both in minor units. The explicit conversions
// forbid fused multiply-adds, which would differ between processors.
func (n Need) Cost(day float64) (breakdown, waste float64) {
	fails := n.FailWithin.By(day)
	left := 0.0
	if n.RemainingDays > 0 {
		left = float64(n.LeftShare * math.Max(0, 1-day/n.RemainingDays))
	}
	breakdown = float64(float64(n.Breakdown.Minor) * fails)
	waste = float64(float64(float64(n.Price.Minor)*left) * (1 - fails))
	return breakdown, waste
}

// alone is the least cost of a visit for n only, at any time of its life: what
// is far from due is not replaced early just because the horizon ends.
func alone(in Input, n Need) int64 {
	in.Parameters.HorizonDays = max(in.Parameters.HorizonDays, int(math.Min(3650, math.Ceil(n.RemainingDays))))
	return cheapest(costCurve(in, []Need{n})).Total
}

// cheapest is the first open point of least total.
func cheapest(curve []Point) Point {
	best := Point{Total: math.MaxInt64}
	for _, p := range curve {
		if p.Open && p.Total < best.Total {
			best = p
		}
	}
	return best
}

// anyOf is the probability that any of independent components fails. A service
// that is due is no failure.
func anyOf(bundle []Need) presage.FailWithin {
	alive := [4]float64{1, 1, 1, 1}
	for _, n := range bundle {
		if n.Service {
			continue
		}
		for i, p := range [4]float64{n.FailWithin.D7, n.FailWithin.D30, n.FailWithin.D60, n.FailWithin.D90} {
			alive[i] = float64(alive[i] * (1 - p))
		}
	}
	return presage.FailWithin{D7: 1 - alive[0], D30: 1 - alive[1], D60: 1 - alive[2], D90: 1 - alive[3]}
}
