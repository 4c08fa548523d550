package forecast

import (
	"hash/maphash"
	"math"

	"presage"
	"presage/forecast/stock"
)

// fingerprint stands for all that the plan of a part is made from. Two parts' worth of input
// that differ have one fingerprint with a probability of 2^-128.
type fingerprint [2]uint64

// fingerprints are those of the plan of a version, by part: what has the same one now has
// the same rows, AsOf apart, and is not planned anew.
type fingerprints struct {
	version int64
	seeds   [2]maphash.Seed
	parts   map[string]fingerprint
}

// marks compare the parts of a plan to be made with those of the plan before.
type marks struct {
	before, now fingerprints
	planner     *planner
	depots      []string
	all         bool // everything is planned anew
}

// next compares with the plan in force. All says that every part is to be planned whatever
// its fingerprint, as when the plan is archived, or orders are placed by it.
func (f fingerprints) next(p *planner, inForce int64, all bool) *marks {
	m := &marks{before: f, planner: p, all: all || f.parts == nil || f.version != inForce}
	if f.parts == nil {
		f.seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	}
	m.now = fingerprints{seeds: f.seeds, parts: map[string]fingerprint{}}
	_, m.depots = p.in.partsAndDepots()
	return m
}

// unchanged tells whether a part has the rows that it had.
func (m *marks) unchanged(part string) bool {
	now := m.of(part)
	m.now.parts[part] = now
	before, ok := m.before.parts[part]
	return ok && !m.all && before == now
}

// kept are the fingerprints of the plan that was kept.
func (m *marks) kept(version int64) fingerprints {
	m.now.version = version
	return m.now
}

// of takes the fingerprint of a part's input at all depots.
func (m *marks) of(part string) (out fingerprint) {
	for i := range out {
		var h maphash.Hash
		h.SetSeed(m.now.seeds[i])
		m.planner.feed(&h, part, m.depots)
		out[i] = h.Sum64()
	}
	return out
}

// whole is what all parts depend on.
type whole struct {
	today, useFrom, week presage.Day
	archive              bool
	parameters, parts    int64 // versions
}

// feed writes what the plan of a part is made from. The configuration and the catalogue but
// for its parts stay the same for a Service's whole life; what was learnt of the history and of lead times is
// learnt anew with the week and the day alone. Days within the day of AsOf do not matter: spans,
// lead times and receipts are in whole days from AsOf, so a visit counts by its whole days.
func (p *planner) feed(h *maphash.Hash, part string, depots []string) {
	w := whole{
		today: presage.DayOf(p.in.AsOf), useFrom: p.in.UseFrom, archive: p.in.Archive,
		parameters: p.in.Parameters.Version, parts: p.in.Catalogue.Master().Version,
	}
	if p.in.History != nil {
		w.week = p.in.History.monday
	}
	maphash.WriteComparable(h, w)
	maphash.WriteComparable(h, p.weight(part))
	for _, source := range p.sourcing.Of(part) {
		maphash.WriteComparable(h, [2]int{p.wait(source.Supplier), p.sourcing.Wait(source.Supplier, p.in.AsOf)})
	}
	olds := p.in.chains.Olds(part)
	for _, depot := range depots {
		loc := location{part, depot}
		maphash.WriteComparable(h, loc)
		maphash.WriteComparable(h, p.in.Regions[depot])
		maphash.WriteComparable(h, [2]float64{p.past.used[loc], p.past.booked[loc]})
		feedAll(h, p.ledger.booked[loc], func(r request) request { r.day = math.Floor(r.day); return r })
		feedAll(h, p.ledger.predicted[loc], func(r request) request { return r })
		maphash.WriteComparable(h, p.stock[loc])
		for _, old := range olds {
			maphash.WriteComparable(h, p.old[location{old, depot}])
		}
		feedAll(h, p.receipts[loc], func(r stock.Receipt) stock.Receipt { return r })
		o, given := p.overrides[loc]
		maphash.WriteComparable(h, given)
		maphash.WriteComparable(h, o.ID)
		maphash.WriteComparable(h, [2]float64{o.Mean, float64(o.Days)})
		maphash.WriteComparable(h, [2]string{o.By, o.Why})
	}
}

// feedAll writes how many there are, and each.
func feedAll[T comparable](h *maphash.Hash, list []T, as func(T) T) {
	maphash.WriteComparable(h, len(list))
	for _, x := range list {
		maphash.WriteComparable(h, as(x))
	}
}
