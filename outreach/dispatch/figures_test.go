package dispatch_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/models"
	"presage/outreach/dispatch"
	"presage/simulator"
)

// office gives out the visits of one workshop, by a rule, and keeps count.
type office struct {
	shop         presage.Workshop
	week         map[string]int   // minutes of this week
	weeks        []map[string]int // of the weeks before
	done, fixed  map[[2]string]int
	visits       map[string]int
	right, total int
	mended       int
}

func newOffice(w presage.Workshop) *office {
	return &office{
		shop: w, week: map[string]int{}, done: map[[2]string]int{}, fixed: map[[2]string]int{}, visits: map[string]int{},
	}
}

// people are the technicians as the desk sees them; of who is busy it knows nothing.
func (o *office) people(job presage.Job, busy string) []dispatch.Person {
	var list []dispatch.Person
	for _, t := range o.shop.Technicians {
		p := dispatch.Person{
			ID: t.ID, Level: t.Level, Week: dispatch.Load{Minutes: o.week[t.ID], Hours: 2400},
			Weeks: dispatch.Load{Minutes: o.week[t.ID], Hours: 4 * 2400},
		}
		for _, w := range o.weeks[max(0, len(o.weeks)-3):] {
			p.Weeks.Minutes += w[t.ID]
		}
		key := [2]string{t.ID, job.Code}
		p.Done, p.Fixed = o.done[key], o.fixed[key]
		switch {
		case job.Skill != "" && !slices.Contains(t.Skills, job.Skill):
			p.Verdict = presage.DispatchSkill
		case t.ID == busy:
			p.Verdict = presage.DispatchBusy
		}
		list = append(list, p)
	}
	return list
}

// give notes a visit of a technician, and whether it was right: able by skill and
// level, and afterwards at most a fifth above an even week of those who could do it, or
// above by less than the visit itself, which cannot be split.
func (o *office) give(world *simulator.World, job presage.Job, who, busy, id string) {
	able, sum := 0, job.Minutes
	suffices := false
	for _, t := range o.shop.Technicians {
		if t.ID != busy && (job.Skill == "" || slices.Contains(t.Skills, job.Skill)) && t.Level >= job.Level {
			able++
			sum += o.week[t.ID]
			suffices = suffices || t.ID == who
		}
	}
	even := float64(sum) / float64(max(1, able))
	after := float64(o.week[who] + job.Minutes)
	o.total++
	if suffices && (after <= 1.2*even || after-even < float64(job.Minutes)) {
		o.right++
	}
	o.week[who] += job.Minutes
	o.visits[who]++
	key := [2]string{who, job.Code}
	o.done[key]++
	if world.Mends(presage.Booking{ID: id, TechnicianID: who, Jobs: []string{job.Code}}) {
		o.fixed[key]++
		o.mended++
	}
}

// The rule against the simulator's truth, which it never sees but in results: a year of
// visits to the simulator's workshops, each with somebody who is busy now and then,
// and beside it who had them before there was a rule: the first who is free.
func TestDispatchFigures(t *testing.T) {
	t.Parallel()
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := simulator.Default(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	c.Vehicles, c.Catalogue, c.Seed = 10, catalogue, 99 // nothing was tuned on it
	world, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	rules := []struct {
		name string
		of   func(v dispatch.Visit, people []dispatch.Person) string
	}{
		{"first who is free", func(_ dispatch.Visit, people []dispatch.Person) string {
			i := slices.IndexFunc(people, func(p dispatch.Person) bool { return p.Verdict == "" })
			return people[max(0, i)].ID
		}},
		{"dispatch", func(v dispatch.Visit, people []dispatch.Person) string { return dispatch.Rank(v, people)[0].Technician }},
	}
	var share, mended []float64
	for _, rule := range rules {
		right, total, fixed := 0, 0, 0
		line := ""
		for _, shop := range world.Fleet().Workshops {
			o := newOffice(shop)
			o.year(world, catalogue, rule.of)
			right, total, fixed = right+o.right, total+o.total, fixed+o.mended
			line += fmt.Sprintf(" %s %v", shop.ID, counts(o.visits))
		}
		share, mended = append(share, float64(right)/float64(total)), append(mended, float64(fixed)/float64(total))
		t.Logf("%-17s right %.1f %%, mended at the first visit %.1f %%, visits:%s", rule.name,
			100*float64(right)/float64(total), 100*float64(fixed)/float64(total), line)
	}
	if share[1] < 0.95 || share[1] <= share[0] || mended[1] < 0.9 {
		t.Errorf("right %.3f, mended %.3f: want 0.95 right at least and more than before, and 0.9 mended", share, mended)
	}
}

// year is 52 weeks of 12 visits; one technician in five visits is busy.
func (o *office) year(world *simulator.World, c *presage.Catalogue, rule func(dispatch.Visit, []dispatch.Person) string) {
	r := rand.New(rand.NewPCG(99, uint64(len(o.shop.ID)+len(o.shop.Technicians))))
	for week := range 52 {
		for n := range 12 {
			job := c.Jobs[r.IntN(len(c.Jobs))]
			busy := ""
			if job.Skill == "" && r.IntN(5) == 0 {
				busy = o.shop.Technicians[r.IntN(len(o.shop.Technicians))].ID
			}
			who := rule(dispatch.Visit{Minutes: job.Minutes, Level: job.Level}, o.people(job, busy))
			o.give(world, job, who, busy, fmt.Sprintf("%s/%d/%d", o.shop.ID, week, n))
		}
		o.weeks = append(o.weeks, o.week)
		o.week = map[string]int{}
	}
}

func counts(visits map[string]int) []int {
	var list []int
	for _, n := range visits {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Compare(b, a) })
	return list
}
