package battery

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"presage"
)

// Ridge is a linear regression whose slopes are shrunk (Hoerl & Kennard 1970,
// Technometrics 12:55), in closed form.
type Ridge struct {
	Lambda    float64   // the penalty, in units of the number of cases
	Slopes    []float64 // per standard deviation of each feature
	Intercept float64
	mean, sd  []float64
}

// FitRidge fits y on rows x with the penalty among lambdas whose leave-one-out
// error is the least; that error follows from the hat matrix without refitting
// (Allen 1974, Technometrics 16:125). ErrInvalid: fewer than three cases, ragged
// rows, no penalty, or a value that is not finite.
func FitRidge(x [][]float64, y []float64, lambdas []float64) (Ridge, error) {
	if len(x) != len(y) || len(x) < 3 || len(lambdas) == 0 || len(x[0]) == 0 {
		return Ridge{}, fmt.Errorf("%w regression: %d rows, %d values, %d penalties: want three rows and a penalty at least",
			presage.ErrInvalid, len(x), len(y), len(lambdas))
	}
	if err := finiteRows(x, y); err != nil {
		return Ridge{}, err
	}
	var best Ridge
	least := math.Inf(1)
	for _, lambda := range lambdas {
		r, loss, err := solveRidge(x, y, lambda)
		if err != nil {
			return Ridge{}, err
		}
		if loss < least {
			best, least = r, loss
		}
	}
	return best, nil
}

func finiteRows(x [][]float64, y []float64) error {
	for i, row := range x {
		for j, v := range append(slices.Clone(row), y[i]) {
			if len(row) != len(x[0]) || math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%w regression: row %d, value %d: %g of %d values",
					presage.ErrInvalid, i+1, j+1, v, len(row))
			}
		}
	}
	return nil
}

func solveRidge(x [][]float64, y []float64, lambda float64) (r Ridge, loss float64, err error) {
	n, p := len(x), len(x[0])
	r = Ridge{Lambda: lambda, mean: make([]float64, p), sd: make([]float64, p)}
	for _, v := range y {
		r.Intercept += v / float64(n)
	}
	z, target := mat.NewDense(n, p, nil), mat.NewVecDense(n, nil)
	for j := range p {
		for i := range x {
			r.mean[j] += x[i][j] / float64(n)
		}
		for i := range x {
			r.sd[j] += square(x[i][j]-r.mean[j]) / float64(n)
		}
		r.sd[j] = math.Max(math.Sqrt(r.sd[j]), 1e-12)
	}
	for i := range x {
		z.SetRow(i, r.scaled(x[i]))
		target.SetVec(i, y[i]-r.Intercept)
	}
	var gram mat.SymDense
	gram.SymOuterK(1, z.T())
	for j := range p {
		gram.SetSym(j, j, gram.At(j, j)+lambda*float64(n))
	}
	var chol mat.Cholesky
	if !chol.Factorize(&gram) {
		return r, 0, fmt.Errorf("%w regression: features that are combinations of others need a penalty above 0",
			presage.ErrInvalid)
	}
	var right, slopes mat.VecDense
	right.MulVec(z.T(), target)
	if err := chol.SolveVecTo(&slopes, &right); err != nil {
		return r, 0, fmt.Errorf("%w regression: %w", presage.ErrInvalid, err)
	}
	r.Slopes = slices.Clone(slopes.RawVector().Data)
	for i := range x {
		var half mat.VecDense
		if err := chol.SolveVecTo(&half, z.RowView(i)); err != nil {
			return r, 0, fmt.Errorf("%w regression: %w", presage.ErrInvalid, err)
		}
		leverage := mat.Dot(z.RowView(i), &half) + 1/float64(n)
		loss += square((y[i] - r.At(x[i])) / (1 - math.Min(leverage, 0.999)))
	}
	return r, loss, nil
}

func (r Ridge) scaled(x []float64) []float64 {
	out := make([]float64, len(x))
	for j, v := range x {
		out[j] = (v - r.mean[j]) / r.sd[j]
	}
	return out
}

// At is the prediction for one row of as many features as were fitted.
func (r Ridge) At(x []float64) float64 {
	y := r.Intercept
	for j, v := range r.scaled(x) {
		y += r.Slopes[j] * v
	}
	return y
}
