package models

import (
	"math"

	"presage"
)

// decays are the weights of days by age for each half-life in use. A table
// holds for any vehicle asked about at the same time of day.
type decays struct {
	fraction float64 // of today
	table    []*decay
	now      int // the table last asked
}

type decay struct {
	halfLife float64
	weight   [KeepDays + 2]float64 // by age in days; 0 is not known yet
}

// at sets the time that ages count from.
func (d *decays) at(today float64) {
	if f := today - math.Floor(today); f != d.fraction {
		d.fraction = f
		for _, t := range d.table {
			clear(t.weight[:])
		}
	}
}

// of is 2^-(age/halfLife) for a day that began age whole days and the fraction before now.
func (d *decays) of(age presage.Day, halfLife float64) float64 {
	if d.now >= len(d.table) || d.table[d.now].halfLife != halfLife {
		d.turnTo(halfLife)
	}
	if age < 0 || age > KeepDays+1 {
		return math.Exp2(-(float64(age) + d.fraction) / halfLife)
	}
	w := &d.table[d.now].weight[age]
	if *w == 0 {
		*w = math.Exp2(-(float64(age) + d.fraction) / halfLife)
	}
	return *w
}

// turnTo finds or begins the table of a half-life.
func (d *decays) turnTo(halfLife float64) {
	for i, t := range d.table {
		if t.halfLife == halfLife {
			d.now = i
			return
		}
	}
	d.table = append(d.table, &decay{halfLife: halfLife})
	d.now = len(d.table) - 1
}
