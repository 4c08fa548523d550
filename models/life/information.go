package life

import (
	"math"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// covariance inverts the observed information and carries it from centred and
// scaled covariates to the user's; nil if it is singular.
func (p *problem) covariance(theta []float64) *mat.SymDense {
	n := len(theta)
	h := mat.NewSymDense(n, nil)
	fd.Hessian(h, p.negative, theta, &fd.Settings{Formula: fd.Central})
	var chol mat.Cholesky
	if !finite(h) || !chol.Factorize(h) {
		return nil
	}
	inverse := mat.NewSymDense(n, nil)
	if err := chol.InverseTo(inverse); err != nil {
		return nil
	}
	k := p.family.shapes()
	j := mat.NewDense(n, n, nil)
	for i := range n {
		j.Set(i, i, 1)
	}
	for i, s := range p.scale {
		j.Set(1+k+i, 1+k+i, 1/s)
		j.Set(0, 1+k+i, -p.centre[i]/s)
	}
	var half, full mat.Dense
	half.Mul(j, inverse)
	full.Mul(&half, j.T())
	cov := mat.NewSymDense(n, nil)
	for a := range n {
		for b := a; b < n; b++ {
			cov.SetSym(a, b, (full.At(a, b)+full.At(b, a))/2)
		}
	}
	return cov
}

func finite(m mat.Symmetric) bool {
	for a := range m.SymmetricDim() {
		for b := range m.SymmetricDim() {
			if x := m.At(a, b); math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
		}
	}
	return true
}

// undetermined says why the data leave the family's shape open, "" if they do not.
func undetermined(lives []Life, family Family) string {
	if family == FamilyExponential {
		return ""
	}
	ages := map[[2]float64]bool{}
	events := 0.0
	for _, l := range lives {
		if l.Failed() {
			ages[[2]float64{l.Low, l.High}] = true
			events += l.count()
		}
	}
	switch {
	case events <= 1:
		return "a single failure does not determine the shape: a weak prior of wear-out parts was used"
	case len(ages) == 1:
		return "all failures at one age do not determine the shape: a weak prior of wear-out parts was used"
	}
	return ""
}

// typicalAge is an age to start the search from.
func typicalAge(l Life) float64 {
	if l.Failed() {
		return (l.Low + l.High) / 2
	}
	return l.Low
}

// moments of the covariates; a constant one has scale 1.
func moments(lives []Life) (centre, scale []float64) {
	d := len(lives[0].X)
	centre, scale = make([]float64, d), make([]float64, d)
	for j := range d {
		n, sum, squares := 0.0, 0.0, 0.0
		for _, l := range lives {
			n += l.count()
			sum += l.count() * l.X[j]
		}
		centre[j] = sum / n
		for _, l := range lives {
			squares += l.count() * (l.X[j] - centre[j]) * (l.X[j] - centre[j])
		}
		if scale[j] = math.Sqrt(squares / n); scale[j] == 0 {
			scale[j] = 1
		}
	}
	return centre, scale
}
