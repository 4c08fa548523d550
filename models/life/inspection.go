package life

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"presage"
)

// Inspection is what inspections of cars of one age say about a part: whether
// it is found failed, not when it failed (current status).
type Inspection struct {
	Age    float64   // of the car
	Before []float64 // ages of its inspections so far, rising; what had failed was renewed then
	Tested float64   // cars
	Failed float64   // of them, > 0 and < Tested over all rows
}

// FitInspections fits the life of a part that is looked at only at inspections.
// Until the first one the part is the car's own; later it may be one that was
// fitted at any inspection before, which nobody wrote down: the shares of parts
// by their own age follow from the distribution, and the counts are divided by them in
// turns with the fit (EM; Dempster, Laird and Rubin 1977). Failures are
// interval-censored between two inspections and left-truncated at the former.
//
// Parts repaired between inspections are not seen: the distribution is that of being
// found failed, and lives are somewhat shorter. Cov is that of the last fit: it
// does not know that the shares were estimated. ErrInvalid: counts or ages that
// are none.
func FitInspections(rows []Inspection, family Family) (Fitted, error) {
	for i, r := range rows {
		if err := r.check(); err != nil {
			return Fitted{}, fmt.Errorf("inspection %d: %w", i+1, err)
		}
	}
	var f Fitted
	for range inspectionRounds {
		var lives []Life
		for _, r := range rows {
			lives = r.lives(lives, f)
		}
		next, err := Fit(lives, family)
		if err != nil {
			return Fitted{}, err
		}
		done := f.N > 0 && math.Abs(next.Mu-f.Mu) < 1e-6 && floats.EqualApprox(next.Shape, f.Shape, 1e-6)
		if f = next; done {
			break
		}
	}
	return f, nil
}

func (r Inspection) check() error {
	last := 0.
	for _, age := range append(slices.Clip(r.Before), r.Age) {
		if !(age > last) || math.IsInf(age, 0) {
			return fmt.Errorf("%w: ages %v and %g do not rise", presage.ErrInvalid, r.Before, r.Age)
		}
		last = age
	}
	if !(r.Failed >= 0 && r.Failed <= r.Tested && r.Tested > 0) {
		return fmt.Errorf("%w: %g of %g failed", presage.ErrInvalid, r.Failed, r.Tested)
	}
	return nil
}

// inspectionRounds is enough for six digits where a quarter of the parts are not the first.
const inspectionRounds = 200

// FailedShare is the share that the distribution expects to be found failed.
func (r Inspection) FailedShare(d Distribution) float64 {
	shares, failing := r.parts(d)
	sum := 0.
	for j, w := range shares {
		sum += w * failing[j]
	}
	return sum
}

// parts are the shares of parts by the inspection at which they were fitted (0:
// with the car) and their probability of failing between the last inspection and this one.
func (r Inspection) parts(d Distribution) (shares, failing []float64) {
	fitted := append([]float64{0}, r.Before...)
	shares, failing = make([]float64, len(fitted)), make([]float64, len(fitted))
	shares[0] = 1
	for k, until := range append(slices.Clip(r.Before), r.Age) {
		renewed := 0.
		for j := range k + 1 {
			failing[j] = d.FailBetween(fitted[k]-fitted[j], until-fitted[j])
			renewed += shares[j] * failing[j]
		}
		if k == len(r.Before) {
			break
		}
		for j := range k + 1 {
			shares[j] *= 1 - failing[j]
		}
		shares[k+1] = renewed
	}
	return shares, failing
}

// lives adds the row's parts under the present fit; all are first parts under none.
func (r Inspection) lives(lives []Life, f Fitted) []Life {
	shares, failing := []float64{1}, []float64{r.Failed / r.Tested}
	if f.N > 0 {
		shares, failing = r.parts(f.Distribution)
	}
	last := 0.
	if n := len(r.Before); n > 0 {
		last = r.Before[n-1]
	}
	bad := 0.
	for j, w := range shares {
		bad += w * failing[j]
	}
	for j, w := range shares {
		fitted := 0.
		if j > 0 {
			fitted = r.Before[j-1]
		}
		if n := r.Failed * w * failing[j] / bad; n > 0 {
			l := Between(last-fitted, last-fitted, r.Age-fitted)
			l.Count = n
			lives = append(lives, l)
		}
		if n := (r.Tested - r.Failed) * w * (1 - failing[j]) / (1 - bad); n > 0 {
			l := Alive(last-fitted, r.Age-fitted)
			l.Count = n
			lives = append(lives, l)
		}
	}
	return lives
}
