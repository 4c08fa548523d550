package forecast

import (
	"math"
	"slices"

	"presage"
)

// prognosed is how far prognoses look, in days. Within it a part that was
// renewed is taken to hold.
const prognosed = 90

// fewestYoung is the least fleet whose lower quartile is one.
const fewestYoung = 20

// renews tells whether parts renewed in the span may fail in it once more.
func (s span) renews() bool { return s.from == 0 && s.to > prognosed }

// young is the daily hazard of a renewed part, by component: the lower
// quartile of the fleet's over the days of the prognoses. A fleet of all ages
// has at its young end the parts that are nearly new: parts that fail by chance
// show their rate there, parts that wear out next to none, as it must be. The
// median of a fleet would be wrong for these, the fleet's mean by as much as
// (1 - CV^2)/2 replacements for each that was made (Cox 1962, Renewal Theory,
// section 4.2). Fewer than fewestYoung prognoses say nothing of it: 0.
func (in *Input) young() map[presage.ComponentID]float64 {
	fails := map[presage.ComponentID][]float64{}
	for _, p := range in.Prognoses {
		fails[p.Component] = append(fails[p.Component], p.FailWithin.By(prognosed))
	}
	out := make(map[presage.ComponentID]float64, len(fails))
	for id, ps := range fails {
		if len(ps) < fewestYoung {
			continue
		}
		slices.Sort(ps)
		out[id] = -math.Log1p(-ps[(len(ps)-1)/4]) / prognosed
	}
	return out
}

// renewedHazard is the cumulative hazard of the renewed part of a request that is made
// with probability p, over so many days; 0 where it would bring less than a
// ten-thousandth of a job.
func (c request) renewedHazard(p, days float64, cfg *Config) float64 {
	const rare, most = 1e-4, 100
	again := c.again * days * cfg.Acceptance.Failed
	if c.visit > 0 || p*again < rare {
		return 0
	}
	return math.Min(again, most)
}
