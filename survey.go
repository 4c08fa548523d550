package presage

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Survey is what a customer thinks of a visit, asked once after it.
type Survey struct {
	BookingID  string    `json:"booking_id"`
	CaseID     string    `json:"case_id"`
	CustomerID string    `json:"customer_id"`
	WorkshopID string    `json:"workshop_id"`
	AskedAt    time.Time `json:"asked_at,omitzero"` // zero for one that was not asked by a text
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	CSAT       int       `json:"csat"` // 1 to 5: how content with the visit
	NPS        int       `json:"nps"`  // 0 to 10: how likely to recommend the workshop
	Line       string    `json:"line,omitempty"`
}

// mostLine is how long the free line of a survey may be.
const mostLine = 300

// Check tells what is wrong with an answer, each fault at its field.
func (s Survey) Check() error {
	var faults []error
	if s.CSAT < 1 || s.CSAT > 5 {
		faults = append(faults, AtField("csat", fmt.Errorf("%w: %d: want 1 to 5", ErrInvalid, s.CSAT)))
	}
	if s.NPS < 0 || s.NPS > 10 {
		faults = append(faults, AtField("nps", fmt.Errorf("%w: %d: want 0 to 10", ErrInvalid, s.NPS)))
	}
	if err := CheckPlain(s.Line, mostLine); err != nil {
		faults = append(faults, AtField("line", err))
	}
	return errors.Join(faults...)
}

// SurveyFilter selects answered surveys; fields that are empty select everything.
type SurveyFilter struct {
	WorkshopID string
	From, To   time.Time // answered in [From, To)
	AfterID    string    // the booking of the last one of the page before
	Limit      int       // 0 for all
}

// z95 is the 97.5 % quantile of the standard normal distribution.
const z95 = 1.959964

// Estimate is a mean or a share with its 95 % interval; of N values.
type Estimate struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ShareOf is the share yes of n with its score interval (Wilson 1927), which says
// what few cases are worth even where all went well.
func ShareOf(yes, n int) Estimate {
	if n == 0 {
		return Estimate{}
	}
	return scored(float64(yes)/float64(n), n)
}

// scored is the interval of shares theta with |p-theta| <= z sqrt(theta(1-theta)/n):
// Wilson, Probable inference, the law of succession, and statistical inference, JASA 22
// (1927) 209-212.
func scored(p float64, n int) Estimate {
	const zz = z95 * z95
	m := float64(n)
	centre, half := (p+zz/(2*m))/(1+zz/m), z95*math.Sqrt(p*(1-p)/m+zz/(4*m*m))/(1+zz/m)
	return Estimate{N: n, Mean: p, Low: max(0, centre-half), High: min(1, centre+half)}
}

// RatingOf is the mean of answers on a scale that ends at least and most. Its interval
// is that of ShareOf, stretched over the scale: no answers with this mean vary more than
// all or nothing would (Bhatia and Davis, A better bound on the variance, Amer. Math.
// Monthly 107 (2000) 353-357), so that it is never too narrow, with few answers either.
func RatingOf(values []float64, least, most float64) Estimate {
	if len(values) == 0 {
		return Estimate{}
	}
	e := scored((mean(values)-least)/(most-least), len(values))
	onScale := func(share float64) float64 { return least + share*(most-least) }
	e.Mean, e.Low, e.High = onScale(e.Mean), onScale(e.Low), onScale(e.High)
	return e
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, x := range values {
		sum += x
	}
	return sum / float64(len(values))
}

// MeanOf is the mean of values without a scale, with an interval by normal approximation
// that stays within [least, most].
func MeanOf(values []float64, least, most float64) Estimate {
	e := Estimate{N: len(values), Low: least, High: most}
	if e.N == 0 {
		return Estimate{}
	}
	e.Mean = mean(values)
	if e.N > 1 {
		var sum float64
		for _, x := range values {
			sum += (x - e.Mean) * (x - e.Mean)
		}
		half := z95 * math.Sqrt(sum/float64(e.N-1)/float64(e.N))
		e.Low, e.High = max(least, e.Mean-half), min(most, e.Mean+half)
	}
	return e
}

// VisitFigure is how the visits at one workshop went.
type VisitFigure struct {
	WorkshopID string   `json:"workshop_id"` // "" of all
	Visits     int      `json:"visits"`      // that began in the time and took place, or should have
	NoShows    int      `json:"no_shows"`    // of them
	Asked      int      `json:"asked"`       // surveys
	CSAT       Estimate `json:"csat"`
	NPS        Estimate `json:"nps"`        // share of 9 and 10 less that of 0 to 6, in percent
	FirstTime  Estimate `json:"first_time"` // share that was fixed at the first visit, where technicians say
	Minutes    Estimate `json:"minutes"`    // worked, where technicians say
}

// Missed is the share of the visits that nobody came to.
func (f VisitFigure) Missed() Estimate { return ShareOf(f.NoShows, f.Visits) }
