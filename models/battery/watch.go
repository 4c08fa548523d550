package battery

import (
	"cmp"
	"math"
	"slices"
)

// Row is every cell of a pack at one instant.
type Row struct {
	Seconds float64 // ascending
	Day     int     // number of the day where the car is, ascending
	Amps    float64 // positive into the battery, NaN if unknown
	SoC     float64 // %, NaN if unknown
	Volts   []float64
}

// Watch looks for weak cells of one pack, row by row. A day is judged when the
// first row of a later one comes: only then is it whole. What is said by any
// instant is the same whatever comes after it, and the day under way, which
// later rows may still change, says nothing yet.
//
//	row --> Cells, while little current flows --day--> Stand --14 days--> Rule   low at any current
//	   \--> Resistances ----------------------------day--> Stand --14 days--> Rule   low under load
type Watch struct {
	rule      Rule
	valid     func(float64) bool
	cells     Cells
	more      Resistances
	day       int
	lastDay   int
	seconds   float64
	started   bool
	days      []WatchDay
	findings  map[int]*Finding
	bySoC     [][3]mean // by cell
	Rows      int       // that came
	Used      int       // that were compared at little current
	Invalid   int       // voltages that were codes
	Missing   int       // voltages that were not there
	OtherSize int       // rows with another number of cells
}

type mean struct{ n, sum float64 }

// WatchDay is what a day showed.
type WatchDay struct {
	Day        int
	Seconds    float64 // of its last row
	Level      Stand
	Resistance Stand
	HasLevel   bool
	HasResist  bool
}

// Finding is a weak cell.
type Finding struct {
	Cell                int     // 1-based
	First               float64 // seconds of the row at which it was first named: the first after the day that proved it
	Severity            Severity
	Reached             [Critical + 1]float64 // seconds at which each severity was first reached, 0 if not
	Level               *Suspect              // at little current, on the newest days on which it was weak
	Resistance          *Suspect              // at 100 A, the same
	Growth              float64               // mV per 30 days, 0 if there is none beyond chance
	LevelDays, LoadDays int                   // on which it was named by either
	DeviationBySoC      [3]float64            // mV below 40 %, to 70 %, above; NaN without readings
}

// NewWatch returns a watch for packs with so many cells; valid tells which
// voltages are readings rather than codes for none.
func NewWatch(rule Rule, valid func(float64) bool) *Watch {
	return &Watch{rule: rule, valid: valid, findings: map[int]*Finding{}}
}

// Add takes the next row.
func (w *Watch) Add(r Row) {
	if w.started && r.Day != w.day {
		w.judgeDay(w.close(), r.Seconds)
	}
	if !w.started {
		w.lastDay = r.Day
		w.bySoC = make([][3]mean, len(r.Volts))
	}
	w.started, w.day, w.seconds = true, r.Day, r.Seconds
	w.Rows++
	if len(r.Volts) != len(w.bySoC) {
		w.OtherSize++
		return
	}
	w.count(r.Volts)
	used := w.cells.Add(r.Volts, r.Amps, w.valid)
	centre, ok := w.cells.centre(r.Volts, w.valid)
	if used {
		w.Used++
	}
	if !ok {
		return
	}
	for i, v := range r.Volts {
		if !believed(v, w.valid) {
			continue
		}
		mv := 1000 * (v - centre)
		w.more.add(len(r.Volts), i, r.Amps, mv)
		if used {
			w.note(i, r.SoC, mv)
		}
	}
}

// note keeps a deviation by state of charge.
func (w *Watch) note(i int, soc, mv float64) {
	if soc >= 0 && soc <= 100 {
		m := &w.bySoC[i][band(soc)]
		m.n, m.sum = m.n+1, m.sum+mv
	}
}

// count counts what is not a reading.
func (w *Watch) count(volts []float64) {
	for _, v := range volts {
		switch {
		case math.IsNaN(v):
			w.Missing++
		case !w.valid(v):
			w.Invalid++
		}
	}
}

func band(soc float64) int {
	switch {
	case soc < 40:
		return 0
	case soc < 70:
		return 1
	}
	return 2
}

// close ends the day under way.
func (w *Watch) close() WatchDay {
	d := WatchDay{Day: w.day, Seconds: w.seconds}
	d.Level, d.HasLevel = w.cells.Stand()
	w.more.close(float64(w.day-w.lastDay), d.Level)
	d.Resistance, d.HasResist = w.more.stand()
	w.cells, w.lastDay = Cells{}, w.day
	if d.HasLevel || d.HasResist {
		w.days = append(w.days, d)
	}
	return d
}

// judgeDay names cells at the instant of the row that came after the day.
func (w *Watch) judgeDay(d WatchDay, seconds float64) {
	if d.HasLevel {
		w.judge(seconds, func(d WatchDay) (Stand, bool) { return d.Level, d.HasLevel }, (*Finding).level)
	}
	if d.HasResist {
		w.judge(seconds, func(d WatchDay) (Stand, bool) { return d.Resistance, d.HasResist }, (*Finding).load)
	}
}

// judge names the cells that stood clear by one quantity on most of the newest days.
func (w *Watch) judge(now float64, of func(WatchDay) (Stand, bool), note func(*Finding, Suspect)) {
	by, days := map[int][]*Suspect{}, 0
	for i := len(w.days) - 1; i >= 0 && days < Window; i-- {
		s, ok := of(w.days[i])
		if !ok {
			continue
		}
		for _, x := range s.Weak(w.rule.GapMv) {
			if by[x.Cell] == nil {
				by[x.Cell] = make([]*Suspect, Window)
			}
			by[x.Cell][days] = &x
		}
		days++
	}
	for cell, stood := range by {
		mid, weak := w.rule.Judge(stood[:days])
		if !weak {
			continue
		}
		f := w.findings[cell]
		if f == nil {
			f = &Finding{Cell: cell, First: now}
			w.findings[cell] = f
		}
		note(f, mid)
		w.grade(f, mid, now)
	}
}

func (f *Finding) level(s Suspect) { f.Level, f.LevelDays = &s, f.LevelDays+1 }
func (f *Finding) load(s Suspect)  { f.Resistance, f.LoadDays = &s, f.LoadDays+1 }

// grade raises the severity to what the newest days say. It never falls: what
// was critical once is not sound because it was driven at another charge.
func (w *Watch) grade(f *Finding, mid Suspect, seconds float64) {
	var at, y []float64
	for _, d := range w.days {
		if d.HasLevel && d.Day > w.day-growthDays && !math.IsNaN(d.Level.Mv[f.Cell-1]) {
			at, y = append(at, float64(d.Day)), append(y, d.Level.Mv[f.Cell-1])
		}
	}
	f.Growth = Growth(at, y)
	s := w.rule.Grade(mid, f.Growth)
	for k := Suspicion; k <= s; k++ {
		if f.Reached[k] == 0 {
			f.Reached[k] = seconds
		}
	}
	f.Severity = max(f.Severity, s)
}

// End returns the weak cells by number. The day under way joins Days and is not judged.
func (w *Watch) End() []Finding {
	if w.started {
		w.close()
		w.started = false
	}
	out := make([]Finding, 0, len(w.findings))
	for _, f := range w.findings {
		for k, m := range w.bySoC[f.Cell-1] {
			f.DeviationBySoC[k] = m.sum / m.n
		}
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Finding) int { return cmp.Compare(a.Cell, b.Cell) })
	return out
}

// Days are the days that showed anything, in order of time.
func (w *Watch) Days() []WatchDay { return w.days }
