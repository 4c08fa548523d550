package web

import "testing"

// An axis of four steps has two to four of them, whatever stands at its end.
func TestAnAxisHasSeveralSteps(t *testing.T) {
	t.Parallel()
	for wide := 400.0; wide < 1e12; wide *= 1.037 {
		if n := wide / niceStep(wide/curveSteps); n < 2 || n > curveSteps {
			t.Fatalf("an axis to %g has %g steps", wide, n)
		}
	}
}
