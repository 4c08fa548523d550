package simulator

import (
	"math"

	"presage"
)

// Opinion is what a customer says of a visit, and whether they say anything. Who has to
// come again is less content.
func (w *World) Opinion(bookingID string, fixed bool) (said presage.Survey, answers bool) {
	const answering, content, trouble, spread = 0.55, 8.6, 3.4, 1.3
	r := w.draw("survey", bookingID)
	answers = r.Float64() < answering
	level := content + spread*r.NormFloat64()
	if !fixed {
		level -= trouble
	}
	said.NPS = int(math.Round(min(10, max(0, level))))
	said.CSAT = int(math.Round(min(5, max(1, level/2+0.6*r.NormFloat64()))))
	return said, answers
}

// work is how long a technician worked on a visit of so many planned minutes.
func (w *World) work(bookingID string, planned int) int {
	const middle, spread = 1.05, 0.2
	r := w.draw("work", bookingID)
	return max(5, int(math.Round(float64(planned)*max(0.5, middle+spread*r.NormFloat64()))))
}
