package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"presage"
	"presage/models/life"
	"presage/models/wear"
)

// lessonText is what a fleet has taught, to be kept.
type lessonText struct {
	Catalogue string         `json:"catalogue"` // sum of what it was learned with
	PerDay    float64        `json:"km_per_day"`
	Priors    []priorsTaught `json:"priors"` // in the catalogue's order
}

// priorsTaught are the priors of one component that Learn may change.
type priorsTaught struct {
	Line       wear.Prior      `json:"line"`
	Crank      wear.Prior      `json:"crank"`
	Population life.Population `json:"population"`
}

// Lesson writes what the fleet has taught, for Taught to read bit for bit.
func (p *Prognoser) Lesson() ([]byte, error) {
	sum, err := p.sum()
	if err != nil {
		return nil, err
	}
	l := lessonText{Catalogue: sum, PerDay: p.fleet.perDay}
	for _, pr := range p.fleet.priors {
		l.Priors = append(l.Priors, priorsTaught{pr.line, pr.crank, pr.population})
	}
	return json.Marshal(l)
}

// Taught returns a prognoser that knows a lesson; the receiver is left alone. The error
// is an ErrInvalid: not a lesson, or one of another catalogue or version of the laws.
func (p *Prognoser) Taught(lesson []byte) (*Prognoser, error) {
	var l lessonText
	if err := json.Unmarshal(lesson, &l); err != nil {
		return nil, fmt.Errorf("lesson: %w: %w", presage.ErrInvalid, err)
	}
	sum, err := p.sum()
	if err != nil {
		return nil, err
	}
	if l.Catalogue != sum || len(l.Priors) != len(p.catalogue.Components) {
		return nil, fmt.Errorf("lesson: %w: it comes from another catalogue or version of the laws", presage.ErrInvalid)
	}
	f := newFleet(p.catalogue)
	f.perDay = l.PerDay
	for i, pr := range l.Priors {
		f.priors[i].line, f.priors[i].crank, f.priors[i].population = pr.Line, pr.Crank, pr.Population
	}
	return &Prognoser{catalogue: p.catalogue, fleet: f, learned: p.learned}, nil
}

// sum tells catalogues and versions of the laws apart.
func (p *Prognoser) sum() (string, error) {
	text, err := json.Marshal(p.catalogue.Components)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(text, ModelVersion...))
	return hex.EncodeToString(sum[:8]), nil
}
