package fleet

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Convolve is the distribution of the sum of two independent numbers.
func Convolve(a, b Distribution) Distribution { return newConvolver().convolve(a, b) }

// convolver keeps the transforms of the lengths it has seen. It belongs to one
// goroutine.
type convolver struct {
	transforms map[int]*fourier.FFT
	cells      []float64 // of oneByOne
}

func newConvolver() *convolver { return &convolver{} }

// directCells is how long the shorter window may be for the direct sum to be
// the faster way (measured by BenchmarkConvolve).
const directCells = 160

func (c *convolver) convolve(a, b Distribution) Distribution {
	if a.none() {
		return b
	}
	if b.none() {
		return a
	}
	var mass []float64
	if min(len(a.Mass), len(b.Mass)) <= directCells {
		mass = direct(a.Mass, b.Mass)
	} else {
		mass = c.fast(a.Mass, b.Mass)
	}
	// Whoever is in either tail is in the sum's tail: never below the truth.
	tail := a.Tail + b.Tail - a.Tail*b.Tail
	return Distribution{First: a.First + b.First, Mass: mass, Tail: tail}.trimmed()
}

// none tells whether the number is certainly 0.
func (d Distribution) none() bool {
	return len(d.Mass) == 1 && d.First == 0 && d.Mass[0] == 1 && d.Tail == 0
}

func direct(a, b []float64) []float64 {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := make([]float64, len(a)+len(b)-1)
	j := 0
	for ; j+4 <= len(b); j += 4 { // four rows at once: a cell is loaded and stored once for all
		y0, y1, y2, y3 := b[j], b[j+1], b[j+2], b[j+3]
		var x1, x2, x3 float64 // the cells of a below x
		row := out[j : j+len(a)+3]
		for i, x := range a {
			row[i] += x*y0 + x1*y1 + x2*y2 + x3*y3
			x1, x2, x3 = x, x1, x2
		}
		row[len(a)] += x1*y1 + x2*y2 + x3*y3
		row[len(a)+1] += x1*y2 + x2*y3
		row[len(a)+2] += x1 * y3
	}
	for ; j < len(b); j++ {
		row := out[j : j+len(a)]
		for i, x := range a {
			row[i] += x * b[j]
		}
	}
	return out
}

// fast multiplies the spectra. Rounding leaves noise of either sign where the
// truth is smaller: cells below the noise are put to zero, so that no mass is
// negative and windows stay as narrow as they should be, and the sum is brought
// back to the product of the sums, which is known.
func (c *convolver) fast(a, b []float64) []float64 {
	n := len(a) + len(b) - 1
	size := smooth(n)
	t := c.transforms[size]
	if t == nil {
		if c.transforms == nil {
			c.transforms = map[int]*fourier.FFT{}
		}
		t = fourier.NewFFT(size)
		c.transforms[size] = t
	}
	padded := make([]float64, size)
	copy(padded, a)
	spectrum := t.Coefficients(nil, padded)
	clear(padded)
	copy(padded, b)
	for i, z := range t.Coefficients(nil, padded) {
		spectrum[i] *= z
	}
	out := t.Sequence(padded, spectrum)[:n]
	noise := epsilon * float64(size) * math.Log2(float64(size)) * norm(a) * norm(b)
	sum := 0.0
	for i, m := range out {
		if m < noise {
			out[i] = 0
		}
		sum += out[i]
	}
	scale := total(a) * total(b) / sum // the transform itself leaves a factor size
	for i := range out {
		out[i] *= scale
	}
	return out
}

func total(mass []float64) float64 {
	sum := 0.0
	for _, m := range mass {
		sum += m
	}
	return sum
}

// epsilon is the spacing of floating point numbers at 1.
const epsilon = 0x1p-52

func norm(mass []float64) float64 {
	square := 0.0
	for _, m := range mass {
		square += m * m
	}
	return math.Sqrt(square)
}

// smooth is the smallest number >= n with no prime factor above 5, for which
// the transform is fast.
func smooth(n int) int {
	for ; ; n++ {
		rest := n
		for _, prime := range [...]int{2, 3, 5} {
			for rest%prime == 0 {
				rest /= prime
			}
		}
		if rest == 1 {
			return n
		}
	}
}
