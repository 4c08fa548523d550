package presage_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

func TestParametersOfTheNarrowestRule(t *testing.T) {
	t.Parallel()
	p := presage.PlanningParameters{Rules: []presage.PlanningRule{
		{Part: "PAD", Min: 8},
		{Class: "AX", ServiceLevel: .98},
		{Class: "A", ServiceLevel: .96, Lot: 4},
		{Depot: "d1", ServiceLevel: .9, Max: 5, Lot: 2},
		{ServiceLevel: .8, ShelfLifeDays: 90},
	}}
	type list = []presage.PlannedParameter
	for name, c := range map[string]struct {
		part, class, depot string
		want               list
	}{
		"all":            {"OIL", "", "d2", list{{"service_level", .8, "default"}, {"shelf_life_days", 90, "default"}}},
		"class":          {"OIL", "AZ", "d2", list{{"service_level", .96, "class"}, {"shelf_life_days", 90, "default"}, {"lot", 4, "class"}}},
		"class and kind": {"OIL", "AX", "d2", list{{"service_level", .98, "class"}, {"shelf_life_days", 90, "default"}, {"lot", 4, "class"}}},
		"depot": {"OIL", "CZ", "d1", list{
			{"service_level", .9, "depot"}, {"shelf_life_days", 90, "default"}, {"max", 5, "depot"}, {"lot", 2, "depot"},
		}},
		"the part's min above the depot's max": {"PAD", "", "d1", list{
			{"service_level", .9, "depot"}, {"shelf_life_days", 90, "default"}, {"max", 8, "part"}, {"lot", 2, "depot"}, {"min", 8, "part"},
		}},
	} {
		if diff := cmp.Diff(c.want, p.For(c.part, c.class, c.depot)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestParametersNameEveryFault(t *testing.T) {
	t.Parallel()
	cat := &presage.Catalogue{
		Components: []presage.Component{{ID: "pads", JobCode: "PADS", Severity: presage.Safety}},
		Jobs:       []presage.Job{{Code: "PADS", Parts: []presage.PartQuantity{{Part: "PAD", Quantity: 1}}}},
		Parts:      []presage.Part{{Number: "PAD"}},
	}
	depots := []presage.Depot{{ID: "d1"}}
	good := presage.PlanningParameters{
		Floors: map[presage.Severity]float64{presage.Safety: .98},
		Rules:  []presage.PlanningRule{{Part: "PAD", ServiceLevel: .99}, {Class: "C", Max: 3}, {Depot: "d1", Lot: 2}, {Min: 1}},
	}
	if err := good.Validate(cat, depots); err != nil {
		t.Error(err)
	}
	err := presage.PlanningParameters{
		Floors: map[presage.Severity]float64{presage.Safety: .98, "grave": .5, presage.Comfort: 1},
		Rules: []presage.PlanningRule{
			{Part: "PAD", ServiceLevel: .9},
			{Part: "NONE", Min: 1},
			{Class: "AA", Min: 1},
			{Depot: "d9", Min: 1},
			{Part: "PAD", Class: "A", Min: 5, Max: 4},
			{Class: "B"},
			{Min: -1},
			{ServiceLevel: 1, ShelfLifeDays: 9999},
		},
	}.Validate(cat, depots)
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatal(err)
	}
	var places []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		place, _, _ := strings.Cut(line, ":")
		places = append(places, place)
	}
	want := []string{
		"least_service_level.comfort", "least_service_level", "rules[0].service_level", "rules[1].part", "rules[2].class",
		"rules[3].depot", "rules[4].max", "rules[4]", "rules[5]", "rules[6].min", "rules[7].service_level",
		"rules[7].shelf_life_days", "rules[7]",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("%s\n%v", diff, err)
	}
}
