package forecast

import (
	"presage"
	"presage/forecast/fleet"
)

// spanDemand is the demand for a part in a span at one depot or several, in the pieces
// that are independent of each other, or are so in each stratum of the
// frailty: sums over depots are exact.
type spanDemand struct {
	booked   fleet.Distribution
	failures fleet.Stratified   // predicted
	others   fleet.Distribution // unpredicted
	history  fleet.Distribution // of what is not booked
	// Means of booked, predicted, unpredicted and history, unweighted.
	means    [4]float64
	visits   int // vehicles booked
	vehicles int // vehicles predicted
}

// plus is the demand of both together.
func (l spanDemand) plus(o spanDemand) spanDemand {
	sum := spanDemand{
		booked: fleet.Convolve(l.booked, o.booked), failures: l.failures.Plus(o.failures),
		others: fleet.Convolve(l.others, o.others), history: fleet.Convolve(l.history, o.history),
		visits: l.visits + o.visits, vehicles: l.vehicles + o.vehicles,
	}
	for i := range sum.means {
		sum.means[i] = l.means[i] + o.means[i]
	}
	return sum
}

// prognoses is the distribution of what is not booked by the prognoses alone.
func (l spanDemand) prognoses() fleet.Distribution {
	return fleet.Convolve(l.failures.Mixture(), l.others)
}

// open is the linear pool of the distributions of what is not booked; weight is that of
// the prognoses.
func (l spanDemand) open(weight float64) fleet.Distribution {
	switch weight {
	case 1:
		return l.prognoses()
	case 0:
		return l.history
	}
	return fleet.Mixture([]fleet.Distribution{l.prognoses(), l.history}, []float64{weight, 1 - weight})
}

// openMean is its mean.
func (l spanDemand) openMean(weight float64) float64 {
	return weight*(l.means[1]+l.means[2]) + (1-weight)*l.means[3]
}

// drivers of the mean.
func (l spanDemand) drivers(weight float64) []presage.DemandDriver {
	return []presage.DemandDriver{
		{Name: DriverBooked, Mean: l.means[0], Vehicles: l.visits},
		{Name: DriverPredicted, Mean: weight * l.means[1], Vehicles: l.vehicles},
		{Name: DriverUnpredicted, Mean: weight * l.means[2]},
		{Name: DriverHistory, Mean: (1 - weight) * l.means[3]},
	}
}

// spot is a part at a depot with all that its distributions come from, and those known
// already. It belongs to one goroutine.
type spot struct {
	loc    location
	weight float64
	rest   unpredicted
	record *record // nil without one

	booked, predicted requestTrials
	known             map[span]spanDemand
}

func (p *planner) spot(loc location) *spot {
	s := &spot{loc: loc, weight: p.weight(loc.part), known: map[span]spanDemand{}}
	s.booked.requests, s.predicted.requests = p.ledger.booked[loc], p.ledger.predicted[loc]
	horizon := float64(p.in.Config.HorizonDays)
	failing := failures(p.ledger.predicted[loc], horizon, &p.in.Config)
	s.rest = p.in.unpredictedAt(p.past.used[loc], p.past.booked[loc], failing/horizon, max(1, p.quantity[loc.part]))
	if p.in.History != nil {
		if r, ok := p.in.History.records[loc]; ok {
			s.record = &r
		}
	}
	return s
}

// demandIn is the demand of the spot in the span. What weighs nothing is left out, unless whole;
// a whole distribution has to be asked for first.
func (p *planner) demandIn(s *spot, in span, whole bool) (spanDemand, error) {
	if l, ok := s.known[in]; ok {
		return l, nil
	}
	l, err := p.computeDemand(s, in, whole)
	if err == nil {
		s.known[in] = l
	}
	return l, err
}

// computeDemand is demandIn without what is known already.
func (p *planner) computeDemand(s *spot, in span, whole bool) (spanDemand, error) {
	booked, visits := s.booked.over(in, &p.in.Config)
	l := spanDemand{visits: visits, others: fleet.Point(0), history: fleet.Point(0)}
	l.means[0] = fleet.Mean(booked)
	var err error
	if l.booked, err = fleet.Sum(booked); err != nil {
		return l, err
	}
	wanted := s.weight < 1 || whole // the history's distribution
	if err := p.addPrognoses(&l, s, in, s.weight > 0 || whole || s.record == nil); err != nil {
		return l, err
	}
	switch {
	case !wanted:
	case s.record == nil: // the history says nothing here: the prognoses speak for it
		l.history, l.means[3] = l.prognoses(), l.means[1]+l.means[2]
	default:
		l.history = s.record.in(in).Less(l.booked)
		l.means[3] = l.history.Mean()
	}
	return l, nil
}

// addPrognoses sets what is predicted and unpredicted, if that is wanted.
func (p *planner) addPrognoses(l *spanDemand, s *spot, in span, wanted bool) error {
	var predicted []fleet.Trial
	var err error
	if wanted {
		predicted, l.vehicles = s.predicted.over(in, &p.in.Config)
		l.means[1], l.means[2] = fleet.Mean(predicted), s.rest.mean(in.to-in.from)
		if l.others, err = s.rest.over(in.to - in.from); err != nil {
			return err
		}
	}
	l.failures, err = fleet.StratifiedSum(predicted, p.frailty)
	if in.renews() {
		l.means[1] = l.failures.Mean()
	}
	return err
}
