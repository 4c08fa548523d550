package month

import (
	"cmp"
	"math"
	"slices"

	"presage"
)

// The causes of a change of what is lacking.
const (
	causePredicted   = "predicted"
	causeUnpredicted = "unpredicted"
	causeHistory     = "history"
	causeWeight      = "weight"
	causeOverride    = "override"
	causeLeadTime    = "lead_time"
	causeSafety      = "safety"
	causeUsed        = "used"
	causeCounted     = "counted"
	causeOrdered     = "ordered"
	causeLate        = "late"
	causeBookings    = "bookings"
)

// Explain splits the change of what is lacking between two points over its causes, the
// largest first, those of nothing left out; moved is what moved between them. The parts
// add up to is.Lacking() - was.Lacking().
func Explain(was, is presage.PlanPoint, moved presage.PartMoved) []presage.ChangeDriver {
	a, b := ratesOf(was), ratesOf(is)
	days := (a.days + b.days) / 2
	var weighed float64
	var out []presage.ChangeDriver
	add := func(name string, pieces float64) {
		if math.Abs(pieces) > negligible {
			out = append(out, presage.ChangeDriver{Name: name, Pieces: pieces})
		}
	}
	for i, name := range [...]string{causePredicted, causeUnpredicted, causeHistory} {
		own, weight := product(a.weights[i], a.means[i], b.weights[i], b.means[i])
		add(name, days*own)
		weighed += days * weight
	}
	add(causeWeight, weighed)
	add(causeOverride, days*(b.override-a.override))
	add(causeLeadTime, (a.total()+b.total())/2*(b.days-a.days))
	add(causeSafety, b.safety-a.safety)
	add(causeUsed, float64(moved.Used))
	add(causeCounted, -float64(is.OnHand-was.OnHand+moved.Used-moved.Received))
	add(causeOrdered, -float64(is.OnOrder-was.OnOrder+moved.Received))
	add(causeLate, float64(is.Overdue-was.Overdue))
	add(causeBookings, float64(is.Reserved-was.Reserved))
	slices.SortStableFunc(out, func(x, y presage.ChangeDriver) int {
		return cmp.Compare(math.Abs(y.Pieces), math.Abs(x.Pieces))
	})
	return out
}

// negligible are pieces that come from rounding alone.
const negligible = 1e-9

// rates are the demand a day of what is not booked, as the order-up-to level sees it.
type rates struct {
	weights  [3]float64 // of predicted, unpredicted and history
	means    [3]float64 // weighted, pieces a day
	override float64    // what the planner's figure adds, pieces a day
	days     float64    // of the lead time
	safety   float64    // the rest of the level, pieces
}

func ratesOf(p presage.PlanPoint) rates {
	r := rates{weights: [3]float64{p.FleetWeight, p.FleetWeight, 1 - p.FleetWeight}, days: p.LeadTimeDays}
	horizon := float64(max(p.HorizonDays, 1))
	all := 0.0
	for _, d := range p.Drivers {
		all += d.Mean
		i := slices.Index([]string{causePredicted, causeUnpredicted, causeHistory}, d.Name)
		if i >= 0 { // the booked ones have their pieces reserved
			r.means[i] += d.Mean / horizon
		}
	}
	if p.Override != nil {
		r.override = (*p.Override - all) / horizon
	}
	r.safety = float64(p.OrderUpTo) - r.total()*r.days
	return r
}

func (r rates) total() float64 { return r.means[0] + r.means[1] + r.means[2] + r.override }

// product splits the change of weight times rate, of which the products are given, over
// the rate and the weight. A rate whose weight was 0 is taken to have been the other's.
func product(weightA, a, weightB, b float64) (rate, weight float64) {
	switch {
	case weightA == 0 && weightB == 0:
		return 0, 0
	case weightA == 0:
		return 0, b - a
	case weightB == 0:
		return 0, b - a
	}
	x, y := a/weightA, b/weightB
	return (weightA + weightB) / 2 * (y - x), (x + y) / 2 * (weightB - weightA)
}

// total adds drivers up by their names, the largest first; the rounded values add up to the
// rounded whole.
func total(all map[string]presage.ChangeDriver, currency string) (whole presage.Money, out []presage.ChangeDriver) {
	for _, d := range all {
		out = append(out, d)
	}
	slices.SortFunc(out, func(x, y presage.ChangeDriver) int {
		return cmp.Or(cmp.Compare(math.Abs(float64(y.Value.Minor)), math.Abs(float64(x.Value.Minor))),
			cmp.Compare(x.Name, y.Name))
	})
	whole.Currency = currency
	for _, d := range out {
		whole.Minor += d.Value.Minor
	}
	return whole, out
}
