package eval

// Score holds forecasts of one yes-or-no question against what came true.
type Score struct {
	N                int
	Expected, Actual float64 // sum of the probabilities; how many came true
	squares          float64
}

// Add takes a forecast in [0, 1] and whether it came true.
func (s *Score) Add(p float64, hit bool) {
	y := 0.
	if hit {
		y = 1
	}
	s.N++
	s.Expected += p
	s.Actual += y
	s.squares += (p - y) * (p - y)
}

// Brier is the mean squared error (Brier, Monthly Weather Review 78 (1950) 1-3); 0 without forecasts.
func (s *Score) Brier() float64 {
	if s.N == 0 {
		return 0
	}
	return s.squares / float64(s.N)
}

// BaseRate is the Brier score of who knows the share that came true, and
// nothing of the single cases: y(1-y). It knows the future, so to stay below is
// to tell vehicles apart.
func (s *Score) BaseRate() float64 {
	if s.N == 0 {
		return 0
	}
	y := s.Actual / float64(s.N)
	return y * (1 - y)
}
