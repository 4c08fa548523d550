package models

import (
	"time"

	"presage"
	"presage/models/wear"
)

// Worker is a prognoser with memory of its own, for asking it about one vehicle
// after the other: in the steady state it allocates nothing. One goroutine at
// a time may use it.
type Worker struct {
	// NoPaths leaves the predicted courses out.
	NoPaths bool

	prognoser *Prognoser
	view      view
}

// Worker returns a new worker of p.
func (p *Prognoser) Worker() *Worker {
	return &Worker{prognoser: p, view: view{fleet: p.fleet}}
}

// PrognoseTrack appends to dst what Prognoser.PrognoseTrack returns. Terms,
// Measured and Path of the prognoses live in the worker: they are good until Reset.
func (w *Worker) PrognoseTrack(dst []presage.Prognosis, t *Track, asOf time.Time) []presage.Prognosis {
	v := &w.view
	v.look(t, asOf)
	components := w.prognoser.catalogue.Components
	for i := range components {
		c := &components[i]
		if c.Model == LawWatch || (t.Vehicle.Powertrain != "" && !c.Applies(t.Vehicle.Powertrain)) {
			continue
		}
		f := v.judge(c, &w.prognoser.fleet.priors[i])
		if w.NoPaths {
			f.path = nil
		}
		own := w.prognoser.learnedOf(i)
		spoke := own != nil && v.apply(own, c, &f)
		dst = append(dst, presage.Prognosis{})
		f.write(&dst[len(dst)-1], v, c)
		if spoke {
			dst[len(dst)-1].Model.Version = own.version
		}
	}
	return dst
}

// Reset takes the memory of all prognoses made so far back.
func (w *Worker) Reset() {
	w.view.termsOf.reset()
	w.view.pathOf.reset()
	w.view.measuredOf.reset()
}

// slab hands out room from pages that it keeps for the next round.
type slab[T any] struct {
	pages [][]T
	page  int // the one in use
	used  int // of it
}

// room returns an empty slice with capacity n.
func (s *slab[T]) room(n int) []T {
	if s.page < len(s.pages) && s.used+n > len(s.pages[s.page]) {
		s.page, s.used = s.page+1, 0
	}
	if s.page == len(s.pages) {
		size := 16 * n // the first vehicle's eight components, then pages that grow with the number asked
		if s.page > 0 {
			size = min(2*len(s.pages[s.page-1]), 4096*n)
		}
		s.pages = append(s.pages, make([]T, size))
	}
	out := s.pages[s.page][s.used : s.used : s.used+n]
	s.used += n
	return out
}

func (s *slab[T]) reset() { s.page, s.used = 0, 0 }

// scratch is what the laws write on while they judge one component.
type scratch struct {
	termsOf    slab[presage.Term]
	pathOf     slab[presage.PathPoint]
	measuredOf slab[presage.Measured]
	passage    wear.Passage
	ahead      wear.Ahead // of v.usage, in units of 1,000 km
	first      wear.Course
	second     wear.Course
	wheels     [4][2]wear.Course // leaky and tight
	decays     decays
	shift      []float64
	odometers  []float64
	traits     []float64
	inputs     []float64  // of traits, those that a learned hazard asks for
	reference  [2]float64 // pressure of front and rear axle, NaN until asked
}

// mostTerms is the most terms that a law gives, with some to spare.
const mostTerms = 10

// terms returns room for the terms of a prognosis.
func (v *view) terms() []presage.Term { return v.termsOf.room(mostTerms) }

// tooFew is the term of a component with readings on n days only.
func (v *view) tooFew(n int) []presage.Term {
	return append(v.termsOf.room(1), presage.Term{Name: TermMissing, Value: float64(n), Unit: "days"})
}

// measured puts m where the prognosis can point at it.
func (v *view) measured(m presage.Measured) *presage.Measured {
	return &append(v.measuredOf.room(1), m)[0]
}

// along remembers the passage whose course is to be drawn.
func (v *view) along(p *wear.Passage) *wear.Passage {
	v.passage = *p
	return &v.passage
}
