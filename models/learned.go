package models

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"presage"
	"presage/models/hazard"
)

// Learned is a hazard learned from the fleet's own history of one component.
//
// A part without a wear sensor is judged by it alone, within its horizon and up
// to 90 days: the law that it replaces knows age and mileage of a population,
// and so does the hazard, of this very fleet and with all else that is read. A
// part with a sensor keeps its law, which knows how wear runs on to the limit;
// the hazard, which knows only what such readings have led to, enters by a
// log-odds pool, in which Weight is its share (a geometric mean of the odds
// keeps what both agree on, and never falls with the horizon if neither does).
//
// One probability q within the horizon becomes those of 7 to 90 days by a
// constant hazard, -log(1-q)/horizon. Beyond 90 days the law's own hazard goes on.
type Learned struct {
	Component presage.ComponentID
	Hazard    *hazard.Model // must have passed Check; never changed any more
	Weight    float64       // of the hazard where a sensor speaks too, [0, 1]
	Sum       string        // names the file: it stands in ModelRef, so that a prognosis can be computed again
}

// The bounds of a learned horizon in days: shorter ones are lost between two
// weekly rows, longer ones are not what a visit is planned by.
const (
	LeastLearnedDays = 7
	MostLearnedDays  = 365
)

// CheckHazard tells every fault of a hazard as a Learned one: a horizon out of
// bounds, features that are not Traits. ErrInvalid.
func CheckHazard(m *hazard.Model) error {
	var faults []error
	if !(m.Horizon >= LeastLearnedDays && m.Horizon <= MostLearnedDays) {
		faults = append(faults, fmt.Errorf("horizon %g: want %d to %d days: train it with --horizon 60",
			m.Horizon, LeastLearnedDays, MostLearnedDays))
	}
	known := Traits()
	for _, f := range m.Features {
		if !slices.Contains(known, f) {
			faults = append(faults, fmt.Errorf("feature %.60q is not one that the service computes: "+
				"train it on what `presage export features` writes", f))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("learned hazard: %w: %w", presage.ErrInvalid, errors.Join(faults...))
}

// WithLearned returns a prognoser that judges components by learned hazards
// too; the receiver is left alone. The error is an ErrInvalid that names every
// fault: a component that the catalogue does not have or that stands there
// twice, one that is judged by a service interval (the maker's word, which no
// history overrules) or by watch rules alone, a weight outside [0, 1], those of CheckHazard.
func (p *Prognoser) WithLearned(ls ...Learned) (*Prognoser, error) {
	out := &Prognoser{catalogue: p.catalogue, fleet: p.fleet, learned: make([]*learned, len(p.catalogue.Components))}
	var faults []error
	for _, l := range ls {
		if err := out.learn(l); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", l.Component, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return out, nil
}

func (p *Prognoser) learn(l Learned) error {
	i := slices.IndexFunc(p.catalogue.Components, func(c presage.Component) bool { return c.ID == l.Component })
	if i < 0 {
		return fmt.Errorf("%w: the catalogue has no such component", presage.ErrInvalid)
	}
	if law := p.catalogue.Components[i].Model; !Learnable(law) {
		return fmt.Errorf("%w: a learned hazard can neither replace nor support the model %q", presage.ErrInvalid, law)
	}
	if p.learned[i] != nil {
		return fmt.Errorf("%w: duplicate component", presage.ErrInvalid)
	}
	if !(l.Weight >= 0 && l.Weight <= 1) {
		return fmt.Errorf("%w: weight %g: want 0 to 1", presage.ErrInvalid, l.Weight)
	}
	if err := CheckHazard(l.Hazard); err != nil {
		return err
	}
	own := &learned{Learned: l, version: ModelVersion + "+learned." + l.Sum}
	for _, f := range l.Hazard.Features {
		own.traits = append(own.traits, slices.Index(Traits(), f))
	}
	p.learned[i] = own
	return nil
}

// Learnable tells whether a learned hazard may enter a component of this law.
func Learnable(law string) bool { return law != LawClock && law != LawWatch }

// learnedOf is the hazard of the catalogue's component i, nil for none.
func (p *Prognoser) learnedOf(i int) *learned {
	if p.learned == nil {
		return nil
	}
	return p.learned[i]
}

// learned is a hazard ready for use; it is shared by all workers.
type learned struct {
	Learned

	traits  []int // where each feature stands among Traits
	version string
}

// apply lets a learned hazard speak on what a law has found. It tells whether
// it did: a vehicle silent for too long has nothing that it could judge by.
func (v *view) apply(l *learned, c *presage.Component, f *finding) bool {
	if v.traits == nil {
		v.traits = make([]float64, len(Traits()))
	}
	if !v.track.ReadTraits(c.ID, v.asOf, v.traits) {
		return false
	}
	v.inputs = v.inputs[:0]
	for _, k := range l.traits {
		v.inputs = append(v.inputs, v.traits[k])
	}
	q := min(l.Hazard.Probability(v.inputs), certainty)
	rate := -math.Log1p(-q) / l.Hazard.Horizon
	weight := 1.
	if f.basis == presage.BasisMeasured {
		weight = l.Weight
	} else {
		f.basis = presage.BasisLearned
	}
	if !f.asked {
		f.outlook, f.asked = f.curve.Outlook(), true
	}
	before := f.outlook
	f.outlook = revise(before, func(days, p float64) float64 {
		pooled := pool(p, -math.Expm1(-rate*days), weight)
		if weight < 1 && c.SafetyCritical() {
			return max(p, pooled) // history may not talk a sensor's warning away
		}
		return pooled
	})
	f.rescale(before)
	own := presage.Term{
		Name: TermLearned, Value: -100 * math.Expm1(-30*rate), Unit: "%", Effect: f.outlook.D30 - before.D30,
	}
	place := 0 // where it decided, it is said first
	if weight < 1 {
		place = min(1, len(f.terms))
	}
	said := append(v.terms(), f.terms[:place]...)
	f.terms = append(append(said, own), f.terms[place:]...)
	return true
}

// certainty keeps a hazard finite, and a pool's odds.
const certainty = 1 - 1e-9

// pool is the log-odds pool of p and q with share w of q.
func pool(p, q, w float64) float64 {
	if w == 1 {
		return q
	}
	odds := func(x float64) float64 {
		x = min(max(x, 1-certainty), certainty)
		return math.Log(x / (1 - x))
	}
	return 1 / (1 + math.Exp(-(1-w)*odds(p)-w*odds(q)))
}
