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
	past := make([]float64, Buckets*classes)
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // the same order each time is wanted
	t := trainer{w: w, past: past, p: make([]float64, classes)}
	for range rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			t.thin(examples[i].Features, random)
			t.step(examples[i].Class)
		}
	}
	return quantized(w, classes)
}

// trainer holds the weights and what one step needs, so that no step allocates.
type trainer struct {
	w, past  []float64 // past: sums of squared gradients
	p        []float64
	live     []int // classes whose error is worth a step
	features []uint32
}

// thin leaves out some features at random.
func (t *trainer) thin(features []uint32, random *rand.Rand) {
	t.features = t.features[:0]
	for _, f := range features {
		if random.Float64() >= dropped {
			t.features = append(t.features, f)
		}
	}
}

// step moves the weights of one example's features (AdaGrad).
func (t *trainer) step(class int) {
	classes, p := len(t.p), t.p
	x := strength(len(t.features))
	clear(p)
	for _, f := range t.features {
		row := t.w[int(f%Buckets)*classes:][:classes]
		for c, v := range row {
			p[c] += v
		}
	}
	for c := range p {
		p[c] = float64(p[c] * x)
	}
	softmax(p)
	p[class]--
	t.live = t.live[:0]
	for c, d := range p {
		if math.Abs(d) >= negligible {
			t.live = append(t.live, c)
		}
	}
	for _, f := range t.features {
		at := int(f%Buckets) * classes
		for _, c := range t.live {
			g := float64(p[c]*x) + float64(decay*t.w[at+c])
			t.past[at+c] += float64(g * g)
			t.w[at+c] -= float64(rate*g) / (math.Sqrt(t.past[at+c]) + 1e-2)
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
