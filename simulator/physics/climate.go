package physics

import "math"

// Climate is the weather of one city: a season, a daily swing and days that
// are warmer or colder than they should be. It is a pure function of time.
type Climate struct {
	Mean    float64 // degC over the year
	Season  float64 // degC, half the difference of July and January
	Daily   float64 // degC, half the difference of afternoon and night
	Weather float64 // degC, standard deviation of a day's mean around the season
	East    float64 // hours that the local sun is ahead of UTC
	Seed    uint64
}

const (
	dayMS       = 86_400_000
	hottestDay  = 205 // of the year
	hottestHour = 15  // of the local day
	memory      = 0.65
)

// Temperature is the air temperature in degC at an instant in ms since 1970.
func (c Climate) Temperature(ms int64) float64 {
	days := float64(ms) / dayMS
	season := c.Season * math.Cos(2*math.Pi*(days-hottestDay)/365.2425)
	daily := c.Daily * math.Cos(2*math.Pi*(days*24+c.East-hottestHour)/24)
	day, frac := math.Modf(days)
	w := c.anomaly(int64(day))*(1-frac) + c.anomaly(int64(day)+1)*frac
	return c.Mean + season + daily + w
}

// anomaly is the day's departure from the season in degC: the weather remembers the days before.
func (c Climate) anomaly(day int64) float64 {
	sum, weight := 0.0, math.Sqrt(1-memory*memory)
	for range 5 {
		sum += weight * gauss(c.Seed^uint64(day)*0x9E3779B97F4A7C15)
		weight *= memory
		day--
	}
	return c.Weather * sum
}

// gauss maps a key to a number of mean 0, variance 1 and bell shape: the sum of four uniform ones.
func gauss(key uint64) float64 {
	key = (key ^ key>>30) * 0xBF58476D1CE4E5B9
	key = (key ^ key>>27) * 0x94D049BB133111EB
	key ^= key >> 31
	sum := float64(key&0xFFFF) + float64(key>>16&0xFFFF) + float64(key>>32&0xFFFF) + float64(key>>48)
	return (sum/65536 - 2) * math.Sqrt(3)
}
