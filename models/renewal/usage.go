package renewal

import "math"

// recent is how many months tell a unit's present use.
const recent = 12

// lately is over how many horizons back a group's forecasts of use are judged:
// a new bus is driven more than it ever will be again.
const lately = 3

// Usage is a unit's use a month in the months ahead.
type Usage struct {
	Mean float64 // >= 0
	SD   float64 // of the months' mean: they will not be like the past ones
}

// Log is what is known of one unit's use, a value a month, oldest first.
type Log struct {
	Group int
	Used  []float64
}

// Forecast tells each unit's use over the next horizon months: the mean of its
// last twelve, drawn towards its group's as far as chance may have made it
// differ (James and Stein's shrinkage), with the spread by which past years
// missed what followed them in the group, or in the fleet where the group is young.
func Forecast(units []Log, groups, horizon int) []Usage {
	out := make([]Usage, len(units))
	all := study(units, horizon, func(Log) bool { return true })
	for g := range groups {
		own := study(units, horizon, func(l Log) bool { return l.Group == g })
		if own.units == 0 {
			own.mean, own.between, own.within = all.mean, all.between, all.within
		}
		if own.misses < 8 {
			own.drift = all.drift
		}
		for i, u := range units {
			if u.Group == g {
				out[i] = own.of(u.Used, horizon)
			}
		}
	}
	return out
}

// habits is how the units of a group are used.
type habits struct {
	units           int
	mean            float64
	between, within float64 // variances: of units' means; of a unit's months
	drift           float64 // mean square of (mean of the next months - mean of the last twelve)
	misses          int     // how many such differences there were
}

func study(units []Log, horizon int, in func(Log) bool) habits {
	var h habits
	var means []float64
	months, squares, freedom := 0., 0., 0.
	for _, u := range units {
		last := tail(u.Used)
		if !in(u) || len(last) == 0 {
			continue
		}
		m := mean(last)
		means = append(means, m)
		months += float64(len(last))
		for _, x := range last {
			squares += (x - m) * (x - m)
		}
		freedom += float64(len(last) - 1)
		for t, n := len(u.Used)-horizon, 0; t >= recent && n < lately; t, n = t-horizon, n+1 {
			miss := mean(u.Used[t:t+horizon]) - mean(u.Used[t-recent:t])
			h.drift += miss * miss
			h.misses++
		}
	}
	if h.units = len(means); h.units == 0 {
		return h
	}
	h.mean = mean(means)
	if freedom > 0 {
		h.within = squares / freedom
	}
	for _, m := range means {
		h.between += (m - h.mean) * (m - h.mean) / math.Max(1, float64(h.units-1))
	}
	h.between = math.Max(0, h.between-h.within*float64(h.units)/months)
	if h.misses > 0 {
		h.drift /= float64(h.misses)
	} else {
		h.drift = h.within * (1/float64(recent) + 1/float64(horizon))
	}
	return h
}

func (h habits) of(used []float64, horizon int) Usage {
	last := tail(used)
	u := Usage{Mean: math.Max(0, h.mean), SD: math.Sqrt(h.drift + h.between)}
	if len(last) == 0 {
		return u
	}
	chance := h.within / float64(len(last))
	weight := 1.
	if chance > 0 {
		weight = h.between / (h.between + chance)
	}
	u.Mean = math.Max(0, weight*mean(last)+(1-weight)*h.mean)
	short := h.within * math.Max(0, 1/float64(len(last))-1/float64(recent)) * weight
	u.SD = math.Sqrt(math.Max(h.drift, h.within/float64(horizon)) + short)
	return u
}

func tail(x []float64) []float64 { return x[max(0, len(x)-recent):] }

func mean(x []float64) float64 {
	sum := 0.
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
