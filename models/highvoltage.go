package models

import (
	"math"
	"sync"

	"presage"
	"presage/models/battery"
	"presage/models/median"
	"presage/models/wear"
)

const (
	fadePerYear   = 2.4            // % of the first capacity that a year of age is expected to take
	hvRatePerDay  = 1e-5           // about 0.4 % a year: packs replaced for any reason, when nothing is measured
	cellRows      = battery.Window // newest days with cell voltages that are read
	cellMaxAge    = 60.            // days
	usualCells    = 96             // of a 350 V pack; the roll-ups do not tell
	warningDays   = 7.
	highestAlarm  = 3.
	watchHazard   = 0.05 // within 30 days, of a cell just worth watching
	hazardPerStep = 2.2  // growth of its logarithm from the watch to the due deviation
)

// highVoltage judges the pack: the fade of its capacity against days, plus the
// hazards of a cell that stays below its pack and of the car's own alarm.
func (v *view) highVoltage(c *presage.Component, pr *priors) finding {
	line, seg := v.healthLine(c, pr)
	cell := v.weakCell(c, seg)
	f := finding{through: later(seg, cell.segment()).through(v), basis: presage.BasisMeasured, terms: v.terms()}
	capacity := seg.count >= int(c.Params["min_days"])
	f.enough = capacity || cell.rows >= int(c.Params["cell_days"])
	if !f.enough {
		f = v.unknown(hvRatePerDay, f.through)
		f.terms = append(v.terms(), presage.Term{Name: TermMissing, Value: float64(max(seg.count, cell.rows)), Unit: "days"})
	}
	if capacity {
		p := v.fallingLine(line, c.Limit, c)
		f.curve, f.path = p.Curve(), v.along(&p)
		f.value = v.measured(presage.Measured{Feature: FeatureHealth, Value: line.Level, Limit: c.Limit, Unit: c.Unit})
		f.terms = append(f.terms,
			presage.Term{Name: TermHealth, Value: line.Level, Unit: "%", Effect: f.curve.At(30)},
			presage.Term{Name: TermFade, Value: line.Slope * 365.25, Unit: "%"})
	}
	alarm, hazard := v.alarm(seg), 0.
	if alarm >= highestAlarm {
		hazard = c.Params["warning_hazard"]
	}
	before := f.curve.At(30)
	f.curve = f.curve.Either(func(days float64) float64 { return cell.hazard * days / 30 })
	f.terms = cell.terms(f.terms, f.curve.At(30)-before)
	before = f.curve.At(30)
	f.curve = f.curve.Either(func(days float64) float64 { return hazard * days / 30 })
	if alarm > 0 {
		f.enough = f.enough || hazard > 0
		f.terms = append(f.terms, presage.Term{Name: TermWarning, Value: alarm, Effect: f.curve.At(30) - before})
	}
	f.terms = v.insulation(f.terms)
	f.terms = append(f.terms, presage.Term{Name: TermDataAge, Value: v.age(f.through), Unit: "days"})
	f.terms = seg.renewed(v, f.terms)
	return f
}

// healthLine fits the state of health in % against days. Without a nominal
// capacity the first month's readings stand for what the age should have left.
func (v *view) healthLine(c *presage.Component, pr *priors) (wear.Line, segment) {
	seg := segment{last: -1}
	after := presage.Day(math.MinInt32)
	expected := 100.
	if !math.IsNaN(v.years) {
		expected = math.Max(60, 100-fadePerYear*v.years)
	}
	if label, ok := v.track.renewal(c.ID, v.asOf); ok {
		after, seg.start, seg.labelled = presage.DayOf(label.At), label.At, true
	}
	v.readings(colCapacity, pr.window, after)
	full := v.track.Vehicle.PackCapacityAh
	if full <= 0 && len(v.values) > 0 {
		first := append([]float64(nil), v.values[:min(len(v.values), 10)]...)
		full = median.Sorting(first) * 100 / expected
	}
	v.points = v.points[:0]
	weights := v.track.cols[colCapacityWeight]
	for k, i := range v.rows {
		soh := 100 * v.values[k] / full
		if !(soh > 30 && soh < 130) || math.IsNaN(weights[i]) {
			continue
		}
		w := math.Min(weights[i], 6) * v.decay(i, pr.halfLife)
		v.points = append(v.points, wear.Point{X: dayTime(v.sinceRow(i)), Y: soh, W: w})
		seg.last = i
	}
	seg.count = len(v.points)
	prior := pr.line
	prior.Level, prior.LevelSD = expected, c.Params["prior_level_sd"]
	return wear.Fit(v.points, prior), seg
}

// suspicion is what the cell voltages of the newest days say.
type suspicion struct {
	cell, rows, last int
	mv               float64
	hazard           float64 // within 30 days
}

func (s suspicion) segment() segment { return segment{count: s.rows, last: s.last} }

func (s suspicion) terms(terms []presage.Term, effect float64) []presage.Term {
	if s.hazard == 0 {
		return terms
	}
	return append(terms,
		presage.Term{Name: TermCell, Value: float64(s.cell)},
		presage.Term{Name: TermCellDeviation, Value: s.mv, Unit: "mV", Effect: effect})
}

// usualRule takes longer to work out than a vehicle to judge by it.
//
//nolint:gochecknoglobals // a constant
var usualRule = sync.OnceValue(func() battery.Rule { return battery.DefaultRule(usualCells) })

// weakCell suspects the cell that was the lowest on most of the newest days with
// cell voltages, by the law of package battery: a wide spread of many cells is
// not a cell's fault. How
// deviation becomes hazard is a judgement, not a fit: labelled
// cell faults are too few.
func (v *view) weakCell(c *presage.Component, seg segment) suspicion {
	s := suspicion{last: -1}
	numbers, z := v.track.cols[colCellLowest], v.track.cols[colCellZ]
	deep, next := v.track.cols[colCellMv], v.track.cols[colCellNextMv]
	var rows [cellRows]int
	s.rows = v.cellDays(&rows, seg)
	if s.rows == 0 {
		return s
	}
	s.last = rows[0]
	s.cell, _ = majority(numbers, rows[:s.rows])
	rule := usualRule()
	rule.WatchMv, rule.GapMv = c.Params["cell_watch_mv"], c.Params["cell_min_gap_mv"]
	rule.Days = int(c.Params["cell_days"])
	var stood [cellRows]battery.Suspect
	var days [cellRows]*battery.Suspect
	for k, i := range rows[:s.rows] {
		if int(numbers[i]) == s.cell {
			stood[k] = battery.Suspect{Cell: s.cell, Mv: deep[i], Next: next[i], Z: z[i]}
			days[k] = &stood[k]
		}
	}
	mid, weak := rule.Judge(days[:s.rows])
	s.mv = mid.Mv
	if s.rows < rule.Days || !weak {
		return s
	}
	due := c.Params["cell_due_mv"]
	s.hazard = watchHazard * math.Exp(hazardPerStep*math.Min(2, (-s.mv-rule.WatchMv)/(due-rule.WatchMv)))
	return s
}

// cellDays fills rows with the newest days that have cell voltages of the pack
// now fitted, newest first, and returns how many.
func (v *view) cellDays(rows *[cellRows]int, seg segment) int {
	n := 0
	for i := v.n - 1; i >= 0 && n < cellRows; i-- {
		if v.today-float64(v.track.days[i]) > cellMaxAge || v.sinceRow(i).Before(seg.start) {
			break
		}
		if !math.IsNaN(v.track.cols[colCellMv][i]) && !math.IsNaN(v.track.cols[colCellLowest][i]) {
			rows[n] = i
			n++
		}
	}
	return n
}

// majority is the most frequent number among rows, and how often it occurs.
func majority(numbers []float64, rows []int) (cell, votes int) {
	for _, i := range rows {
		n := 0
		for _, j := range rows {
			if numbers[j] == numbers[i] {
				n++
			}
		}
		if n > votes {
			cell, votes = int(numbers[i]), n
		}
	}
	return cell, votes
}

// alarm is the highest level the car reported in the last days before its newest.
func (v *view) alarm(seg segment) float64 {
	level := 0.
	for i := v.n - 1; i >= 0; i-- {
		if v.today-float64(v.track.days[i]) > warningDays || v.sinceRow(i).Before(seg.start) {
			break
		}
		if x := v.track.cols[colWarning][i]; x > level {
			level = x
		}
	}
	return level
}

// insulation adds the newest reading; it only informs, for cars report it in
// units that differ by a thousand.
func (v *view) insulation(terms []presage.Term) []presage.Term {
	for i := v.n - 1; i >= 0; i-- {
		if x := v.track.cols[colInsulation][i]; !math.IsNaN(x) {
			return append(terms, presage.Term{Name: TermInsulation, Value: x, Unit: "kOhm"})
		}
	}
	return terms
}
