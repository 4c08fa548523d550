package dispatch_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/dispatch"
)

// person works 40 hours a week and has sold minutes of them, and of four weeks four
// times as much.
func person(id string, level, minutes int) dispatch.Person {
	return dispatch.Person{
		ID: id, Level: level,
		Week: dispatch.Load{Minutes: minutes, Hours: 2400}, Weeks: dispatch.Load{Minutes: 4 * minutes, Hours: 9600},
	}
}

func verdicts(list []presage.Considered) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Technician+" "+string(c.Verdict))
	}
	return out
}

func TestRank(t *testing.T) {
	t.Parallel()
	hour := dispatch.Visit{Minutes: 60, Level: 2}
	good, poor := person("good", 2, 0), person("poor", 2, 0)
	good.Done, good.Fixed, poor.Done, poor.Fixed = 40, 40, 40, 20
	known := person("z", 2, 0)
	known.Known = true
	unskilled, busy := person("a", 3, 0), person("b", 3, 0)
	unskilled.Verdict, busy.Verdict = presage.DispatchSkill, presage.DispatchBusy
	half := person("half", 2, 60)
	half.Week.Hours, half.Weeks.Hours = 1200, 4800
	for name, tc := range map[string]struct {
		people []dispatch.Person
		want   []string
	}{
		"the job's level":         {[]dispatch.Person{person("a", 1, 0), person("b", 2, 60)}, []string{"b chosen", "a level"}},
		"the less loaded":         {[]dispatch.Person{person("a", 2, 120), person("b", 2, 0)}, []string{"b chosen", "a load"}},
		"the better fixer":        {[]dispatch.Person{poor, good}, []string{"good chosen", "poor fixes"}},
		"not at any load":         {[]dispatch.Person{person("poor", 2, 0), {ID: "good", Level: 2, Week: dispatch.Load{Minutes: 300, Hours: 2400}, Weeks: dispatch.Load{Minutes: 900, Hours: 9600}, Done: 40, Fixed: 40}}, []string{"poor chosen", "good load"}},
		"the abler one is spared": {[]dispatch.Person{person("a", 3, 0), person("b", 2, 0)}, []string{"b chosen", "a spare"}},
		"who knows the car":       {[]dispatch.Person{person("a", 2, 0), known}, []string{"z chosen", "a other"}},
		"the order of IDs":        {[]dispatch.Person{person("b", 2, 0), person("a", 2, 0)}, []string{"a chosen", "b other"}},
		"who works half has half": {[]dispatch.Person{half, person("whole", 2, 60)}, []string{"whole chosen", "half load"}},
		"no level is as able":     {[]dispatch.Person{person("a", 0, 0), person("b", 1, 0)}, []string{"a chosen", "b level"}},
		"others do not come into it": {
			[]dispatch.Person{unskilled, busy, person("c", 1, 900)}, []string{"c chosen", "a skill", "b busy"},
		},
	} {
		if diff := cmp.Diff(tc.want, verdicts(dispatch.Rank(hour, tc.people))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever the order in which people are given, the order of preference is the same, a
// technician who is out of the question is behind all others, and nobody is left out.
func TestRankIsOfPeopleAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var people []dispatch.Person
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			p := person(string(rune('a'+i)), rapid.IntRange(0, 3).Draw(t, "level"), 15*rapid.IntRange(0, 100).Draw(t, "load"))
			p.Done = rapid.IntRange(0, 50).Draw(t, "done")
			p.Fixed = rapid.IntRange(0, p.Done).Draw(t, "fixed")
			p.Known = rapid.Bool().Draw(t, "known")
			people = append(people, p)
		}
		v := dispatch.Visit{Minutes: 15 * rapid.IntRange(1, 40).Draw(t, "minutes"), Level: rapid.IntRange(0, 3).Draw(t, "needed")}
		first := dispatch.Rank(v, people)
		other := rapid.Permutation(people).Draw(t, "order")
		if diff := cmp.Diff(first, dispatch.Rank(v, other)); diff != "" {
			t.Fatalf("another order of the same people (-first +other):\n%s", diff)
		}
		other[0].Verdict = presage.DispatchBusy
		last := dispatch.Rank(v, other)
		if len(last) != len(people) || last[len(last)-1].Technician != other[0].ID {
			t.Fatalf("%v of %d", verdicts(last), len(people))
		}
	})
}

// Visits of a week of three technicians of one level end even: nobody is more than
// one visit ahead of another.
func TestEvenLoad(t *testing.T) {
	t.Parallel()
	people := []dispatch.Person{person("a", 2, 0), person("b", 2, 0), person("c", 2, 0)}
	for range 40 {
		first := dispatch.Rank(dispatch.Visit{Minutes: 60, Level: 2}, people)[0].Technician
		i := slices.IndexFunc(people, func(p dispatch.Person) bool { return p.ID == first })
		people[i].Week.Minutes += 60
		people[i].Weeks.Minutes += 60
	}
	for _, p := range people {
		if p.Week.Minutes < 780 || p.Week.Minutes > 840 { // 40 visits: 13 or 14 each
			t.Errorf("%s has %d minutes", p.ID, p.Week.Minutes)
		}
	}
}

func TestPlainestBayFirst(t *testing.T) {
	t.Parallel()
	got := dispatch.Bays([]presage.Bay{{ID: "a", Kinds: []string{"hv", "lift"}}, {ID: "b", Kinds: []string{"lift"}}, {ID: "c"}, {ID: "d"}})
	if diff := cmp.Diff([]string{"c", "d", "b", "a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
