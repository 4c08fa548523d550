package wear

// Spread is the posterior scale of a line: variances of level and slope and
// their covariance.
type Spread struct{ Level, Covariance, Slope float64 }

// NewLine returns a line known from elsewhere: posterior means of level (at X =
// 0) and slope, how well they are known, and degrees of freedom (at least 3).
func NewLine(level, slope float64, s Spread, nu float64) Line {
	return Line{
		Level: level, Slope: slope, Nu: nu, varLevel: s.Level, covLevelSlope: s.Covariance, varSlope: s.Slope,
	}
}
