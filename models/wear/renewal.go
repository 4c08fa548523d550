package wear

import "presage/models/median"

// LastRenewal returns the index of the first reading of the part now fitted: 0
// if no renewal is seen in y. A renewal is a jump against the direction of wear
// by at least step (downwards, or upwards when falling says that the quantity
// wears by falling) from the median of the readings before it, which all of the
// next three readings keep. Fewer than three readings after a jump prove
// nothing: the old part is taken to be still there. A jump back to where the
// quantity came from undoes the renewal, for then the sensor was at fault.
// y is in order of time; NaN must have been left out.
func LastRenewal(y []float64, step float64, falling bool) int {
	sign := 1.
	if falling {
		sign = -1
	}
	start, before, level := 0, 0, 0. // of this part; of the one before; where that one ended
	for i := 1; i+2 < len(y); i++ {
		from := max(start, i-5)
		if !stands(y[from:i], y[i], sign, step, start > 0) {
			continue
		}
		old := endMedian(y[from:i])
		switch {
		case jump(y[i:i+3], old, -sign, step):
			before, level = start, old
			start = i
		case start > 0 && jump(y[i:i+3], old, sign, step) && sign*(endMedian(y[i:i+3])-level) > -step/2:
			start = before
		}
	}
	return start
}

// stands tells whether v lies at least step from any reading of the window, against
// the direction of wear (or either way): if from none, then not from their median.
func stands(window []float64, v, sign, step float64, either bool) bool {
	if len(window) == 5 {
		window = window[2:] // a median of five that far away has one of any three with it
	}
	for _, w := range window {
		if d := sign * (w - v); d >= step || either && -d >= step {
			return true
		}
	}
	return false
}

// jump tells whether every reading lies at least step from old in direction dir.
func jump(y []float64, old, dir, step float64) bool {
	for _, v := range y {
		if dir*(v-old) < step {
			return false
		}
	}
	return true
}

// endMedian is the median of up to five readings, which it leaves alone.
func endMedian(y []float64) float64 {
	var window [5]float64
	return median.Sorting(window[:copy(window[:], y)])
}
