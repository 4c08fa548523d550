package models

import (
	"iter"
	"math"
	"slices"
	"time"

	"presage"
	"presage/models/median"
	"presage/models/wear"
)

// Learn returns a prognoser whose priors come from the fleet (empirical Bayes):
// the spread of wear rates and the noise of readings between vehicles, the mean
// distance a day, and the failures and survivals among parts without a sensor.
// The receiver is left alone. A fleet of fewer than five vehicles with enough
// readings teaches nothing, and the catalogue's priors stay. Everything in the
// histories counts, so hand over only what was known at the time.
func (p *Prognoser) Learn(fleet iter.Seq[History]) *Prognoser {
	return p.LearnTracks(func(yield func(*Track) bool) {
		for h := range fleet {
			if !yield(TrackOf(h)) {
				return
			}
		}
	})
}

// LearnTracks is Learn for vehicles already on tracks.
func (p *Prognoser) LearnTracks(tracks iter.Seq[*Track]) *Prognoser {
	start := newFleet(p.catalogue)
	lessons := make([]lesson, len(start.priors))
	var perDay []float64
	v := &view{fleet: start}
	for t := range tracks {
		if len(t.days) == 0 {
			continue
		}
		v.look(t, endOf(t))
		if !math.IsNaN(v.kmNow) {
			perDay = append(perDay, v.usage.PerDay)
		}
		for i := range p.catalogue.Components {
			c := &p.catalogue.Components[i]
			if t.Vehicle.Powertrain == "" || c.Applies(t.Vehicle.Powertrain) {
				lessons[i].study(v, c, &start.priors[i])
			}
		}
	}
	for i := range lessons {
		lessons[i].teach(&p.catalogue.Components[i], &start.priors[i])
	}
	if len(perDay) >= 5 {
		start.perDay = math.Max(1, median.Sorting(perDay))
	}
	return &Prognoser{catalogue: p.catalogue, fleet: start, learned: p.learned}
}

// endOf is the instant of a track's newest knowledge.
func endOf(t *Track) time.Time {
	end := t.days[len(t.days)-1].Start()
	for _, l := range t.last {
		if l.After(end) {
			end = l
		}
	}
	return end
}

// lesson gathers one component's evidence over the fleet.
type lesson struct {
	slopes, errors, noise            []float64
	crankSlopes, crankSE, crankNoise []float64
	failures, exposure               float64
}

// looser makes a prior that hardly speaks, so that the slope is the vehicle's own.
func looser(pr *priors) *priors {
	own := *pr
	own.line.SlopeSD *= 10
	own.crank.SlopeSD *= 10
	return &own
}

func (l *lesson) study(v *view, c *presage.Component, pr *priors) {
	own := looser(pr)
	switch c.Model {
	case LawWear:
		col, _ := wearColumn(c)
		line, _ := v.wearLine(c, own, col)
		l.slopes, l.errors, l.noise = learnable(line, pr.line, l.slopes, l.errors, l.noise)
	case LawLeadAcid:
		rest := v.dayLine(c, own, colRest, own.line)
		l.slopes, l.errors, l.noise = learnable(rest, pr.line, l.slopes, l.errors, l.noise)
		crank := v.dayLine(c, own, colCrank, own.crank)
		l.crankSlopes, l.crankSE, l.crankNoise = learnable(crank, pr.crank, l.crankSlopes, l.crankSE, l.crankNoise)
	case LawHV:
		line, _ := v.healthLine(c, own)
		l.slopes, l.errors, l.noise = learnable(line, pr.line, l.slopes, l.errors, l.noise)
	case LawLeak:
		for wheel := range 4 {
			w, _ := v.wheelLine(c, own, wheel)
			l.slopes, l.errors, l.noise = learnable(w.tight.Line, pr.line, l.slopes, l.errors, l.noise)
		}
	case LawSurvival:
		l.survive(v, c, pr)
	}
}

// learnable adds a line that has readings enough to speak for itself.
func learnable(l wear.Line, prior wear.Prior, slopes, errors, noise []float64) (s, e, n []float64) {
	if l.Count < 8 || l.SlopeSD() > 3*prior.SlopeSD {
		return slopes, errors, noise
	}
	return append(slopes, l.Slope), append(errors, l.SlopeSD()), append(noise, l.Noise)
}

// survive counts the failures among the parts of one vehicle and the hazard
// that they were watched through: from the first odometer reading to the newest,
// beginning anew with each part. Before the first reading nobody looked: what a
// service book tells of that time says where the present part began, but is no
// failure seen, for the survivors of that time are not counted either.
func (l *lesson) survive(v *view, c *presage.Component, pr *priors) {
	if math.IsNaN(v.kmNow) || v.n == 0 {
		return
	}
	prior := pr.population.Weibull
	fitted, watched := 0., v.km[0]
	for _, label := range v.track.labels {
		if label.Component != c.ID || label.At.After(v.asOf) {
			continue
		}
		at := v.kmOf(label)
		if at < watched {
			if label.Replaced {
				fitted = at
			}
			continue
		}
		if failure(label) {
			l.failures++
		}
		if label.Replaced {
			l.exposure += prior.CumulativeHazard(at-fitted) - prior.CumulativeHazard(watched-fitted)
			fitted, watched = at, at
		}
	}
	l.exposure += math.Max(0, prior.CumulativeHazard(v.kmNow-fitted)-prior.CumulativeHazard(watched-fitted))
}

// teach turns the evidence into priors. Only pad wear may become narrower than
// the catalogue's spread: what matters of the others is the rare bad one,
// which a healthy fleet does not show.
func (l *lesson) teach(c *presage.Component, pr *priors) {
	if c.Model == LawLeak {
		l.slopes, l.errors = nil, nil // the two priors of a leak are not one distribution
		if len(l.noise) >= 5 {
			pr.line.Noise = math.Max(pr.line.Noise/5, median.Sorting(l.noise))
		}
	}
	pr.line = taught(pr.line, l.slopes, l.errors, l.noise, c.Model == LawWear)
	pr.crank = taught(pr.crank, l.crankSlopes, l.crankSE, l.crankNoise, false)
	if c.Model == LawSurvival {
		pr.population = pr.population.Learn(l.failures, l.exposure)
	}
}

func taught(prior wear.Prior, slopes, errors, noise []float64, narrow bool) wear.Prior {
	mean, sd, ok := wear.Pool(slopes, errors)
	if !ok {
		return prior
	}
	if narrow {
		prior.Slope, prior.SlopeSD = mean, sd
	} else {
		prior.SlopeSD = math.Max(prior.SlopeSD, sd)
	}
	if n := slices.Clone(noise); len(n) > 0 {
		prior.Noise = math.Max(prior.Noise/5, median.Sorting(n))
	}
	return prior
}
