package life

import "math"

// LogDensity is ln f(t) for t > 0: the tests hold it against the slope of Survival.
func (l Law) LogDensity(t float64) float64 {
	x := math.Log(t)
	return l.Family.logDensity(x-l.Mu, l.Shape) - x
}
