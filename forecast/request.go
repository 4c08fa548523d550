package forecast

import (
	"cmp"
	"math"
	"slices"
	"time"

	"presage"
)

// location is one part at one depot.
type location struct{ part, depot string }

// request is what one vehicle may ask for at one location.
type request struct {
	vin      presage.VIN
	quantity int
	visit    float64            // probability that the booked visit takes place; 0 when none is booked
	day      float64            // of the booked visit, from AsOf; 0 or less when it is due
	offered  bool               // an open or offered case, when not booked
	fails    presage.FailWithin // of the component, when not booked
	again    float64            // hazard of a renewed part, a day
	clock    bool               // a service item: it becomes due, nothing breaks
	comes    float64            // hazard a day of an overdue service to be done
}

// span is the days [from, to) from AsOf on; what should have come before is
// still to come, and counts in a span from 0.
type span struct{ from, to float64 }

// within is the probability that the request is made within the days.
func (c request) within(days float64, cfg *Config) float64 {
	if c.visit > 0 {
		if c.day >= days {
			return 0
		}
		return c.visit
	}
	accepts := 0.
	if c.offered {
		accepts = acceptedBy(cfg.Acceptance.Offered, days, float64(cfg.HorizonDays))
	}
	if c.clock {
		return max(accepts, c.served(days)) // who comes, comes by an offer or without
	}
	return accepts + (1-accepts)*c.fails.By(days)*cfg.Acceptance.Failed
}

// failures is the mean number of pieces that the failures within the days ask
// for, whatever was offered: accepted offers become bookings.
func failures(requests []request, days float64, cfg *Config) float64 {
	mean := 0.0
	for _, c := range requests {
		c.offered = false
		mean += c.within(days, cfg) * float64(max(0, c.quantity))
	}
	return mean
}

// acceptedBy is the probability that an offer is accepted within the days when
// it is accepts within the horizon, at a constant hazard in between and no
// later acceptance.
func acceptedBy(accepts, days, horizon float64) float64 {
	return 1 - math.Pow(1-accepts, min(days/horizon, 1))
}

// ledger gathers the requests by location.
type ledger struct {
	booked, predicted map[location][]request
}

func (in *Input) ledger() (*ledger, error) {
	needs, err := in.needs()
	if err != nil {
		return nil, err
	}
	l := &ledger{booked: map[location][]request{}, predicted: map[location][]request{}}
	visited := in.visits(l)
	offered := map[component]bool{}
	for _, c := range in.Cases {
		if c.State == presage.CaseOpen || c.State == presage.CaseOffered || c.State == presage.CaseEscalated {
			for _, id := range c.Components {
				offered[component{c.VIN, id}] = true
			}
		}
	}
	young, coming := in.young(), in.coming(needs)
	for _, p := range in.Prognoses {
		depot, key := in.Depots[p.VIN], component{p.VIN, p.Component}
		if depot == "" || visited[key] {
			continue
		}
		for _, need := range needs[p.Component] {
			loc := location{in.chains.Newest(need.Part), depot}
			l.predicted[loc] = append(l.predicted[loc], request{
				vin: p.VIN, quantity: need.Quantity, offered: offered[key], fails: p.FailWithin,
				again: young[p.Component], clock: p.Basis == presage.BasisClock, comes: coming[p.Component],
			})
		}
	}
	return l.sorted(), nil
}

// component is one component of one vehicle.
type component struct {
	vin presage.VIN
	id  presage.ComponentID
}

// graceForLate is how long after its start a visit may still begin; a later
// one was missed and its parts are not asked for.
const graceForLate = 24 * time.Hour

// visits enters the booked visits into l and returns the components they repair.
func (in *Input) visits(l *ledger) map[component]bool {
	repairs := map[string][]presage.ComponentID{}
	for _, c := range in.Catalogue.Components {
		repairs[c.JobCode] = append(repairs[c.JobCode], c.ID)
	}
	repaired := map[component]bool{}
	for _, b := range in.Bookings {
		if !in.upcoming(b) {
			continue
		}
		for _, job := range b.Jobs {
			for _, id := range repairs[job] {
				repaired[component{b.VIN, id}] = true
			}
		}
		depot, showUp := in.bookingDepot(b), in.Config.Acceptance.ShowUp
		if b.State == presage.BookingArrived {
			showUp = 1
		}
		for _, need := range b.Parts {
			if need.Quantity < 1 || depot == "" {
				continue
			}
			loc := location{in.chains.Newest(need.Part), depot}
			l.booked[loc] = append(l.booked[loc], request{
				vin: b.VIN, quantity: need.Quantity, visit: showUp, day: b.Start.Sub(in.AsOf).Hours() / 24,
			})
		}
	}
	return repaired
}

// upcoming tells whether a booked visit is still to come or under way.
func (in *Input) upcoming(b presage.Booking) bool {
	return b.State == presage.BookingArrived ||
		b.State == presage.BookingConfirmed && b.Start.After(in.AsOf.Add(-graceForLate))
}

func (in *Input) bookingDepot(b presage.Booking) string {
	if depot, ok := in.WorkshopDepots[b.WorkshopID]; ok {
		return depot
	}
	return in.Depots[b.VIN]
}

// offers is 1 for an offered request, to sort by.
func (c request) offers() int {
	if c.offered {
		return 1
	}
	return 0
}

// sorted brings the requests into one order whatever the order of the rows, so
// that sums end in the same bits.
func (l *ledger) sorted() *ledger {
	for _, loc := range [...]map[location][]request{l.booked, l.predicted} {
		for _, requests := range loc {
			slices.SortFunc(requests, func(a, b request) int {
				return cmp.Or(cmp.Compare(a.vin, b.vin), cmp.Compare(a.quantity, b.quantity), cmp.Compare(a.day, b.day),
					cmp.Compare(a.visit, b.visit), a.offers()-b.offers(),
					cmp.Compare(a.fails.D30, b.fails.D30), cmp.Compare(a.fails.D7, b.fails.D7),
					cmp.Compare(a.fails.D60, b.fails.D60), cmp.Compare(a.fails.D90, b.fails.D90))
			})
		}
	}
	return l
}
