package reply

import "strconv"

// fitting is how the times that a text names fit those on offer.
type fitting struct {
	named    bool
	excluded bool // a clause says when it cannot be
	slots    []int
	wish     mention
}

// fittingOf compares with the offer; without its times nothing is named.
func fittingOf(s said, x Context) fitting {
	var f fitting
	f.wish, f.excluded = named(s.settled())
	f.named = !f.wish.empty()
	if !f.named {
		return f
	}
	for i, t := range x.Times {
		if f.wish.fits(t) {
			f.slots = append(f.slots, i+1)
		}
	}
	return f
}

// only is the one slot that fits, 0 for none or several.
func (f fitting) only() int {
	if len(f.slots) == 1 {
		return f.slots[0]
	}
	return 0
}

// toTheHour tells that a day and its hour were named, and nothing was said not to suit:
// who names both of a time on offer hardly means anything else.
func (f fitting) toTheHour() bool {
	return !f.excluded && len(f.wish.hours) == 1 && len(f.wish.weekdays)+len(f.wish.dates) == 1
}

func (f fitting) String() string {
	if !f.named {
		return "none"
	}
	return strconv.Itoa(len(f.slots))
}
