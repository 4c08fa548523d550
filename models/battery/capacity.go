package battery

import "math"

// Reading is what a pack reports at one instant. SoC or Current may be NaN
// when the message lacked them.
type Reading struct {
	Seconds  float64 // time, ascending
	Current  float64 // A, positive into the battery
	SoC      float64 // %
	TempC    float64 // coldest cell, NaN if unknown
	Charging bool    // a charger feeds the pack
}

const (
	minSpan       = 20.  // points of state of charge that a window must cover
	turn          = 3.   // points against the direction that end a window
	drivingGap    = 90.  // s without a reading over which a driving current may be integrated
	chargingGap   = 900. // s: a charging current is steady
	drivingWeight = 0.3  // of a discharge window against a charge of the same span
	coldWeight    = 0.3  // of a window below coldC
	coldC         = 10.
)

// Counter estimates the capacity of a pack from every window of a day in which
// the state of charge moved one way by at least 20 points: charge moved over
// the change. The zero value is ready. It never looks across gaps in which the
// current is unknown.
type Counter struct {
	last            Reading
	started         bool
	charge          float64 // Ah since the anchor
	anchored        bool
	anchor, extreme float64 // SoC where the window began, and the furthest since
	atExtreme       float64 // charge at the extreme
	charging, total int
	coldest         float64
	sum, weight     float64
	windows         int
}

// Add takes the next reading.
func (c *Counter) Add(r Reading) {
	if math.IsNaN(r.Current) || math.IsNaN(r.SoC) {
		return
	}
	prev := c.last
	c.last = r
	if !c.started {
		c.started = true
		return
	}
	dt, gap := r.Seconds-prev.Seconds, drivingGap
	if r.Charging && prev.Charging {
		gap = chargingGap
	}
	if dt <= 0 || dt > gap {
		c.close()
		return
	}
	moved := (r.Current + prev.Current) / 2 * dt / 3600
	if !c.anchored {
		// A whole-number display hides up to a point: begin where it steps.
		if r.SoC != prev.SoC {
			*c = Counter{
				last: r, started: true, anchored: true, anchor: r.SoC, extreme: r.SoC, coldest: math.Inf(1),
				sum: c.sum, weight: c.weight, windows: c.windows,
			}
		}
		return
	}
	c.charge += moved
	c.total++
	if r.Charging {
		c.charging++
	}
	if r.TempC < c.coldest {
		c.coldest = r.TempC
	}
	c.follow(r.SoC)
}

// follow moves the extreme along and ends the window where the charge turns.
func (c *Counter) follow(soc float64) {
	dir := 1.
	if c.extreme != c.anchor {
		dir = math.Copysign(1, c.extreme-c.anchor)
	} else if soc < c.anchor {
		dir = -1
	}
	switch ahead := dir * (soc - c.extreme); {
	case ahead > 0:
		c.extreme, c.atExtreme = soc, c.charge
	case ahead < -turn:
		c.close()
	}
}

// close ends the window and keeps its estimate if it is wide enough.
func (c *Counter) close() {
	if c.anchored {
		span := c.extreme - c.anchor
		ah := 100 * c.atExtreme / span
		if math.Abs(span) >= minSpan && ah > 0 {
			w := square(span / minSpan)
			if 2*c.charging < c.total {
				w *= drivingWeight
			}
			if c.coldest < coldC {
				w *= coldWeight
			}
			c.sum, c.weight, c.windows = c.sum+w*ah, c.weight+w, c.windows+1
		}
	}
	c.anchored, c.charge, c.atExtreme, c.charging, c.total = false, 0, 0, 0, 0
	c.coldest = math.Inf(1)
}

// Estimate returns the capacity in Ah and its weight: 1 for one warm charge
// over 20 points, growing with the square of the span. ok is false when no
// window was wide enough. It ends the window under way.
func (c *Counter) Estimate() (ah, weight float64, ok bool) {
	c.close()
	if c.windows == 0 {
		return 0, 0, false
	}
	return c.sum / c.weight, c.weight, true
}

func square(x float64) float64 { return x * x }
