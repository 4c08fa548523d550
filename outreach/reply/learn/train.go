package learn

import (
	"math"
	"math/rand/v2"
)

// Example is one labelled text.
type Example struct {
	Features []uint32
	Class    int
}

// How training goes. The rounds are few: the examples are short and many. In each
// some features are left out at random, so that no single word decides a text.
const (
	rounds = 20
	rate   = 0.5
	decay  = 2e-5
	seed   = 20261129
	// negligible errors move nothing: most classes are out of the question.
	negligible = 1e-3
	dropped    = 0.3
)

// Train fits a model of so many classes.
func Train(examples []Example, classes int) *Model {
	w := make([]float64, Buckets*classes)
	past := make([]float64, Buckets*classes) // sums of squared gradients
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // the same order each time is wanted
	p := make([]float64, classes)
	for range rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			step(w, past, p, Example{Features: thinned(examples[i].Features, random), Class: examples[i].Class})
		}
	}
	return quantized(w, classes)
}

// thinned leaves out some features at random.
func thinned(features []uint32, random *rand.Rand) []uint32 {
	kept := make([]uint32, 0, len(features))
	for _, f := range features {
		if random.Float64() >= dropped {
			kept = append(kept, f)
		}
	}
	return kept
}

// step moves the weights of one example's features (AdaGrad).
func step(w, past, p []float64, e Example) {
	classes := len(p)
	x := strength(len(e.Features))
	clear(p)
	for _, f := range e.Features {
		at := int(f%Buckets) * classes
		for c := range p {
			p[c] += float64(w[at+c] * x)
		}
	}
	softmax(p)
	p[e.Class]--
	for _, f := range e.Features {
		at := int(f%Buckets) * classes
		for c, d := range p {
			if math.Abs(d) < negligible {
				continue
			}
			g := float64(d*x) + float64(decay*w[at+c])
			past[at+c] += float64(g * g)
			w[at+c] -= float64(rate*g) / (math.Sqrt(past[at+c]) + 1e-2)
		}
	}
}

// strength weakens each of many features, so that long texts are no surer than short ones.
func strength(features int) float64 { return 1 / math.Sqrt(float64(max(1, features))) }

// softmax makes scores probabilities.
func softmax(p []float64) {
	top := math.Inf(-1)
	for _, v := range p {
		top = max(top, v)
	}
	sum := 0.0
	for c, v := range p {
		p[c] = math.Exp(v - top)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
}
