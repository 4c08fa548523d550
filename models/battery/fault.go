package battery

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"presage/models/median"
)

// Rule says when a cell that stands low is taken for weak. Days decide
// together: one of them proves nothing, for a day may lie on a steep part of the
// voltage curve, where sound cells spread too.
type Rule struct {
	WatchMv float64 // median deviation from which a cell is named, > 0
	GapMv   float64 // median distance to the next cell
	Z       float64 // median robust spreads below the centre
	SureZ   float64 // the same for more than a suspicion
	Days    int     // with a reading, at least
}

// Window is how many of the newest days with readings decide.
const Window = 14

// span is a number of newest days of which a cell must stand clear on a share, if it is at least so low.
type span struct {
	days  int
	share float64
	mv    float64
}

// spans: a slight weakness must show on most days of a window, a strong one that is new soon.
func (r Rule) spans() [3]span {
	return [3]span{{Window, 0.6, r.WatchMv}, {r.Days, 1, r.WatchMv}, {(r.Days + 1) / 2, 1, growingMv}}
}

const (
	suspicionRate = 0.05 // of sound packs with a suspicion in a year, at most, by scatter alone
	warningRate   = 0.01 // ... with a warning
	looks         = 4    // a year that know little of each other: the offsets of sound cells stand for months
	// efficiency is that of the median deviation of one half of the cells against
	// their standard deviation: 0.37 (Huber 1981, sec. 5.1) of a half.
	efficiency = 0.37 / 2
)

// DefaultRule is for a pack of so many cells. The critical Z are quantiles of
// Student's t, for the scale is itself estimated, from so few of the cells: over
// all cells and all independent looks at a year together (Bonferroni 1936) they let 5 % of
// sound packs be suspected and 1 % be warned of. The millivolts are what
// sensors of 1 mV with 3 mV of error in module circuits can tell from nothing.
func DefaultRule(cells int) Rule {
	n := float64(max(cells, 16))
	t := distuv.StudentsT{Sigma: 1, Nu: efficiency * n}
	return Rule{
		WatchMv: 8, GapMv: 5, Days: 5,
		Z: -t.Quantile(suspicionRate / looks / n), SureZ: -t.Quantile(warningRate / looks / n),
	}
}

// Judge takes how one cell stood on each of the newest days with readings, the
// newest first and 14 at most; nil where it did not stand clear of the others. It
// tells whether the cell is weak; mid are the medians of the days that prove it.
// A Z of NaN is left out.
func (r Rule) Judge(days []*Suspect) (mid Suspect, weak bool) {
	for _, s := range r.spans() {
		newest := days[:min(s.days, len(days))]
		if len(newest) < min(s.days, r.Days) {
			continue
		}
		var room [maxSpan]Suspect
		stood := room[:0]
		for _, d := range newest {
			if d != nil {
				stood = append(stood, *d)
			}
		}
		if len(stood) == 0 || float64(len(stood)) < s.share*float64(len(newest)) {
			continue
		}
		mid = middle(stood)
		if -mid.Mv >= s.mv && mid.Next-mid.Mv >= r.GapMv && !(-mid.Z < r.Z) {
			return mid, true
		}
	}
	return mid, false
}

// maxSpan is the longest span of days: what fits needs no memory of its own.
const maxSpan = 16

// middle are the medians of deviation, gap and z.
func middle(days []Suspect) Suspect {
	of := func(f func(Suspect) float64) float64 {
		var room [maxSpan]float64
		x := room[:0]
		for _, s := range days {
			if v := f(s); !math.IsNaN(v) {
				x = append(x, v)
			}
		}
		if len(x) == 0 {
			return math.NaN()
		}
		return median.Sorting(x)
	}
	mid := Suspect{Cell: days[0].Cell, Mv: of(func(s Suspect) float64 { return s.Mv })}
	mid.Z = of(func(s Suspect) float64 { return s.Z })
	mid.Next = mid.Mv + of(func(s Suspect) float64 { return s.Next - s.Mv })
	return mid
}

// Severity says what to do about a cell.
type Severity int

// The severities. The millivolts are at little current, or what the excess
// resistance takes off at 100 A. 20 mV are about 2 % of the charge of an NMC cell
// (10 mV a percent in mid-range): beyond what balancing leaves. 100 mV are where
// the catalogue's rule tells the driver; half of it and growing will be there soon.
const (
	Sound     Severity = iota
	Suspicion          // persistent and beyond chance, under 20 mV: watch it, contact nobody
	Warning            // 20 mV or more, and surer: have the pack checked within weeks
	Critical           // 100 mV or more, or 50 mV and growing by 10 mV in 30 days: now
)

// String is the word for JSON.
func (s Severity) String() string {
	return [...]string{"sound", "suspicion", "warning", "critical"}[s]
}

const (
	warningMv      = 20.
	criticalMv     = 100.
	growingMv      = 50.
	growthMv       = 10. // in 30 days
	growthCertain  = 3.  // standard errors of Kendall's statistic
	growthDays     = 60
	growthReadings = 10
)

// Grade grades a weak cell by its deviation and its growth in mV per 30 days.
func (r Rule) Grade(s Suspect, growth float64) Severity {
	switch {
	case -s.Mv < warningMv || -s.Z < r.SureZ:
		return Suspicion
	case -s.Mv >= criticalMv, -s.Mv >= growingMv && -growth >= growthMv:
		return Critical
	}
	return Warning
}

// Growth is the slope of y against days, per 30 days: the median of the slopes
// between all pairs (Theil 1950, Sen 1968). It is 0 unless Mann and Kendall's test
// finds a trend beyond three standard errors in ten readings or more.
func Growth(days, y []float64) float64 {
	if len(y) < growthReadings {
		return 0
	}
	n, s := float64(len(y)), 0.
	var slopes []float64
	for i := range y {
		for j := range i {
			if d := y[i] - y[j]; d > 0 {
				s++
			} else if d < 0 {
				s--
			}
			if dx := days[i] - days[j]; dx > 0 {
				slopes = append(slopes, (y[i]-y[j])/dx)
			}
		}
	}
	if math.Abs(s) < growthCertain*math.Sqrt(n*(n-1)*(2*n+5)/18) || len(slopes) == 0 {
		return 0
	}
	slices.Sort(slopes)
	return 30 * median.Sorting(slopes)
}
