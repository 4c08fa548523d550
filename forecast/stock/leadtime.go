package stock

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"presage"
)

// LeadTime is the distribution of the days from ordering to having: a gamma
// distribution, or a fixed number when its CV is 0. Made by NewLeadTime or
// LeadPrior.Learn.
type LeadTime struct {
	mean, cv float64
	nodes    []LeadNode
}

// LeadNode is a stratum of a lead time, in whole days.
type LeadNode struct {
	Days   int     // >= 0
	Weight float64 // in (0, 1]; those of all nodes sum to 1
}

// maxLead bounds lead times, in days: ten years.
const maxLead = 3650

// NewLeadTime has the mean in days, in (0, 3650], and the coefficient of
// variation (standard deviation / mean), in [0, 2]. Else ErrInvalid.
func NewLeadTime(mean, cv float64) (LeadTime, error) {
	if !(mean > 0 && mean <= maxLead) || !(cv >= 0 && cv <= 2) {
		return LeadTime{}, fmt.Errorf("%w lead time of %v days with a variation of %v: want (0, %d] and [0, 2]",
			presage.ErrInvalid, mean, cv, maxLead)
	}
	if cv < 1e-3 {
		cv = 0 // narrower than whole days can tell
	}
	l := LeadTime{mean: mean, cv: cv}
	l.nodes = l.cut()
	return l, nil
}

// Mean is in days.
func (l LeadTime) Mean() float64 { return l.mean }

// CV is the standard deviation over the mean.
func (l LeadTime) CV() float64 { return l.cv }

// Quantile is the number of days within which a share q, in (0, 1), of the
// orders arrives.
func (l LeadTime) Quantile(q float64) float64 {
	if l.cv == 0 {
		return l.mean
	}
	shape := 1 / (l.cv * l.cv)
	return mathext.GammaIncRegInv(shape, q) * l.mean / shape
}

// Nodes are at most seven, ascending in days; read only.
func (l LeadTime) Nodes() []LeadNode { return l.nodes }

// strata is the most nodes that a lead time has.
const strata = 7

// strataEnds cut a lead time at these probabilities: it is the late tail that
// empties shelves.
func strataEnds() [strata + 1]float64 { return [strata + 1]float64{0, .1, .3, .5, .7, .9, .97, 1} }

// cut puts each stratum at its mean, in whole days, and hands what rounding
// took from one to the next, so that the mean stays within a fraction of a day;
// from the top, where strata weigh little and would be pushed far.
func (l LeadTime) cut() []LeadNode {
	ends := strataEnds()
	out := make([]LeadNode, 0, strata)
	above, owed := 1.0, 0.0
	shape := 1 / (l.cv * l.cv)
	for i := strata - 1; i >= 0; i-- {
		weight, days := ends[i+1]-ends[i], l.mean
		if l.cv > 0 {
			// E[L; L <= x] / E[L] is the gamma distribution of a shape one higher.
			upTo := mathext.GammaIncReg(shape+1, mathext.GammaIncRegInv(shape, ends[i]))
			days = l.mean * (above - upTo) / weight
			above = upTo
		}
		whole := max(math.Round(days+owed/weight), 0)
		owed += (days - whole) * weight
		same := slices.IndexFunc(out, func(n LeadNode) bool { return float64(n.Days) == whole })
		if same < 0 {
			same = len(out)
			out = append(out, LeadNode{Days: int(whole)})
		}
		out[same].Weight += weight
	}
	slices.SortFunc(out, func(a, b LeadNode) int { return a.Days - b.Days })
	return out
}
