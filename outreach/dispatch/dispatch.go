package dispatch

import (
	"cmp"
	"math"
	"slices"

	"presage"
)

// Visit is what has to be done.
type Visit struct {
	Minutes int
	Level   int // of the hardest job
}

// Person is a technician who may be asked.
type Person struct {
	ID    string
	Level int // 0 where nobody says: as able as the job needs
	// Verdict is why a technician is out of the question: skill or busy; "" for none.
	Verdict presage.DispatchVerdict
	// Week and Weeks are the work that is sold in the visit's week and in the four
	// weeks that end with it, without the visit.
	Week, Weeks Load
	Done, Fixed int  // results for the jobs of the visit
	Known       bool // has worked on the car before
}

// Load is work that is sold, and the hours in which it can be.
type Load struct{ Minutes, Hours int } // Hours in minutes too

// The weights, in minutes of work.
const (
	perLevel = 240 // for each level that is missing
	perSpare = 5   // for each that is not needed
	again    = 2   // times the visit's minutes for a second visit: its own, and those of the work that it displaces
	near     = 5   // costs that differ by no more count as equal
)

// The chance of mending at the first visit before there are results: 9 of 10.
const priorFixed, priorDone = 9, 10

// against is what counts against a technician.
type against struct{ level, load, fixes, spare float64 }

func (a against) sum() float64 { return a.level + a.load + a.fixes + a.spare }

// ranked is a technician with what counts against.
type ranked struct {
	Person
	against

	even int
}

// Rank puts the technicians in order of preference; those who are out of the question
// come last, as they were given. The verdict of the others tells what kept them
// behind the first.
func Rank(v Visit, people []Person) []presage.Considered {
	var able, out []ranked
	for _, p := range people {
		if p.Verdict != "" {
			out = append(out, ranked{Person: p})
		} else {
			able = append(able, ranked{Person: p})
		}
	}
	for i := range able {
		able[i] = weigh(v, able[i].Person, able)
	}
	slices.SortFunc(able, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.sum(), b.sum()), cmp.Compare(a.ID, b.ID))
	})
	prefer(able)
	list := make([]presage.Considered, 0, len(people))
	for i, p := range slices.Concat(able, out) {
		c := presage.Considered{
			Technician: p.ID, Verdict: p.Verdict, Level: p.Level, Needed: v.Level, Minutes: p.Week.Minutes, Even: p.even,
			Done: p.Done, Fixed: p.Fixed, Known: p.Known, Cost: int(math.Round(p.sum())),
		}
		switch {
		case i >= len(able):
		case i == 0:
			c.Verdict = presage.DispatchChosen
		default:
			c.Verdict = behind(p, able[0])
		}
		list = append(list, c)
	}
	return list
}

// prefer puts first who knows the car among those whose costs are near the least.
func prefer(able []ranked) {
	for i, p := range able {
		if p.Known && p.sum()-able[0].sum() <= near {
			copy(able[1:i+1], able[:i])
			able[0] = p
			return
		}
	}
}

// weigh is what counts against a technician among those who could do the visit.
func weigh(v Visit, p Person, able []ranked) ranked {
	r := ranked{Person: p}
	week, even := ahead(v, p, able, func(p Person) Load { return p.Week })
	weeks, _ := ahead(v, p, able, func(p Person) Load { return p.Weeks })
	r.even = int(math.Round(even))
	r.load = week + weeks/8
	level := p.Level
	if level == 0 {
		level = v.Level
	}
	r.level = perLevel * float64(max(0, v.Level-level))
	r.spare = perSpare * float64(max(0, level-v.Level))
	r.fixes = again * float64(v.Minutes) * (1 - float64(p.Fixed+priorFixed)/float64(p.Done+priorDone))
	return r
}

// ahead is by how many minutes a technician would have more than an even share, were
// the visit theirs; and that share.
func ahead(v Visit, p Person, able []ranked, of func(Person) Load) (more, even float64) {
	minutes, hours := float64(v.Minutes), 0.0
	for _, x := range able {
		minutes += float64(of(x.Person).Minutes)
		hours += float64(of(x.Person).Hours)
	}
	if hours == 0 {
		return 0, 0
	}
	even = minutes * float64(of(p).Hours) / hours
	return float64(of(p).Minutes+v.Minutes) - even, even
}

// behind is what counts most against a technician beside the one who was preferred.
func behind(p, first ranked) presage.DispatchVerdict {
	verdict, most := presage.DispatchOther, float64(near)
	for _, x := range []struct {
		verdict presage.DispatchVerdict
		more    float64
	}{
		{presage.DispatchLevel, p.level - first.level},
		{presage.DispatchLoad, p.load - first.load},
		{presage.DispatchFixes, p.fixes - first.fixes},
		{presage.DispatchSpare, p.spare - first.spare},
	} {
		if x.more >= most {
			verdict, most = x.verdict, x.more
		}
	}
	return verdict
}

// Bays puts bays that suit in order: those first that have least beyond it.
func Bays(bays []presage.Bay) []string {
	bays = slices.Clone(bays)
	slices.SortStableFunc(bays, func(a, b presage.Bay) int { return cmp.Compare(len(a.Kinds), len(b.Kinds)) })
	ids := make([]string, 0, len(bays))
	for _, b := range bays {
		ids = append(ids, b.ID)
	}
	return ids
}
