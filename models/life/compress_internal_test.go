package life

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The likelihood of the compressed rows is that of the rows one by one, for
// every family, at good and at bad parameters.
func TestCompressedLivesHaveTheSameLikelihood(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	var lives []Life
	for i := range 9000 {
		age := 1e5 * math.Pow(rng.ExpFloat64(), 1/1.3)
		entry := float64(i%5) * 700 * rng.Float64()
		switch end := 2e4 * rng.Float64(); {
		case age <= entry:
		case i%400 == 0:
			lives = append(lives, Between(0, 0.9*age, age))
		case age < end:
			lives = append(lives, Exact(entry, age))
		default:
			lives = append(lives, Alive(entry, max(end, entry)))
		}
	}
	lives = append(lives, Alive(0, 0), lives[7], lives[7])
	s, err := newSample(lives)
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range Families() {
		p := s.problem(family)
		whole := *p
		whole.rows = make([]row, len(lives))
		for i, l := range lives {
			whole.rows[i] = p.row(l)
		}
		if len(p.rows) > len(whole.rows)/4 {
			t.Fatalf("%d rows of %d", len(p.rows), len(whole.rows))
		}
		for _, by := range []float64{0, 0.4, -0.7} {
			theta := p.start()
			for i := range theta {
				theta[i] += by * float64(1+i%2)
			}
			theta[0] += 2
			got, want := p.negative(theta), whole.negative(theta)
			if got != want && !(math.Abs(got-want) < 1e-9*math.Abs(want)) {
				t.Errorf("%s at %v: %.12g, want %.12g", family, theta, got, want)
			}
		}
	}
}
