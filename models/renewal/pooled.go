package renewal

import "math"

// The moves of the whole fleet at once: one group after the other would take
// ages where a single failure holds them all together.
const (
	moveScaleStray  = iota // spreads alone, the groups where they are
	moveShapeStray         //
	moveScaleSpread        // spreads with the groups, who keep their rank (non-centred)
	moveShapeSpread        //
	moveScale              // all scales
	moveShape              // all shapes, along the ridge of the oldest age
	moves
)

// sweepFleet draws the means from their normal posteriors and makes the moves.
func (s *sampler) sweepFleet() {
	scales, shapes := make([]float64, len(s.groups)), make([]float64, len(s.groups))
	for i, g := range s.groups {
		scales[i], shapes[i] = g.scale, g.shape
	}
	s.scale = s.mean(scales, s.scaleStray, 0, scaleSpread)
	s.shape = s.mean(shapes, s.shapeStray, math.Log(usualShape), shapeSpread)
	s.scaleStray = s.stray(&s.steps[moveScaleStray], scales, s.scale, s.scaleStray, strayScale)
	s.shapeStray = s.stray(&s.steps[moveShapeStray], shapes, s.shape, s.shapeStray, strayShape)
	for m := moveScaleSpread; m < moves; m++ {
		s.together(m)
	}
}

// together makes one move of all groups. What the move stretches enters the
// density by its Jacobian: one exp(step) for a spread; one exp(-step) for each
// scale, the fleet's too, where shapes grow along the ridge.
func (s *sampler) together(move int) {
	by := s.steps[move].size * s.rng.NormFloat64()
	then := *s
	then.groups = append([]group(nil), s.groups...)
	stretch := 0.
	switch move {
	case moveScaleSpread:
		then.scaleStray *= math.Exp(by)
		for i := range then.groups {
			then.groups[i].scale = s.scale + (s.groups[i].scale-s.scale)*math.Exp(by)
		}
		stretch = by * float64(1+len(s.groups))
	case moveShapeSpread:
		then.shapeStray *= math.Exp(by)
		for i := range then.groups {
			then.groups[i].shape = s.shape + (s.groups[i].shape-s.shape)*math.Exp(by)
		}
		stretch = by * float64(1+len(s.groups))
	case moveScale:
		then.scale += by
		for i := range then.groups {
			then.groups[i].scale += by
		}
	case moveShape:
		along := func(scale float64) float64 { return s.pivot - (s.pivot-scale)*math.Exp(-by) }
		then.shape, then.scale = s.shape+by, along(s.scale)
		for i := range then.groups {
			then.groups[i].shape += by
			then.groups[i].scale = along(s.groups[i].scale)
		}
		stretch = -by * float64(1+len(s.groups))
	}
	if then.scaleStray < leastStray || then.shapeStray < leastStray {
		s.steps[move].tried++
		return
	}
	if s.steps[move].accept(then.joint()-s.joint()+stretch, s.rng) {
		then.steps = s.steps
		*s = then
	}
}

// joint is the logarithm of likelihood, pooling and priors of all there is.
func (s *sampler) joint() float64 {
	normal := func(x, mean, sd float64) float64 { z := (x - mean) / sd; return -z*z/2 - math.Log(sd) }
	p := normal(s.scale, 0, scaleSpread) + normal(s.shape, math.Log(usualShape), shapeSpread) -
		s.scaleStray*s.scaleStray/(2*strayScale*strayScale) - s.shapeStray*s.shapeStray/(2*strayShape*strayShape)
	for i := range s.groups {
		g := &s.groups[i]
		p += g.logLikelihood(g.scale, g.shape) +
			normal(g.scale, s.scale, s.scaleStray) + normal(g.shape, s.shape, s.shapeStray)
	}
	if math.IsNaN(p) {
		return math.Inf(-1)
	}
	return p
}

// mean draws the mean of normal values with a normal prior.
func (s *sampler) mean(x []float64, sd, prior, priorSD float64) float64 {
	precision, sum := 1/(priorSD*priorSD), prior/(priorSD*priorSD)
	for _, v := range x {
		precision, sum = precision+1/(sd*sd), sum+v/(sd*sd)
	}
	return sum/precision + s.rng.NormFloat64()/math.Sqrt(precision)
}

// leastStray keeps a spread from shrinking to where no step leads out.
const leastStray = 1e-3

// stray moves the logarithm of a spread with a half-normal prior.
func (s *sampler) stray(st *step, x []float64, mean, now, prior float64) float64 {
	density := func(sd float64) float64 {
		p := math.Log(sd) - sd*sd/(2*prior*prior) // the first term: the step is one of ln sd
		for _, v := range x {
			z := (v - mean) / sd
			p -= math.Log(sd) + z*z/2
		}
		return p
	}
	then := now * math.Exp(st.size*s.rng.NormFloat64())
	if then > leastStray && st.accept(density(then)-density(now), s.rng) {
		return then
	}
	return now
}
