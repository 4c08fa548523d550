package life

import "math"

// LogDensity is ln f(t) for t > 0: the tests hold it against the slope of Survival.
func (d Distribution) LogDensity(t float64) float64 {
	x := math.Log(t)
	return d.Family.logDensity(x-d.Mu, d.Shape) - x
}
