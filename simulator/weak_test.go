package simulator_test

import (
	"slices"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

// One young electric car of twenty has a cell that fails within months, the first one
// among them; the other cars live on as they would without.
func TestWeakCells(t *testing.T) {
	t.Parallel()
	c := simulator.Default(summer)
	c.Vehicles, c.Catalogue = 200, catalogue()
	ordinary, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	c.WeakCells = true
	weak, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	failing, electric := 0, 0
	for _, v := range weak.Fleet().Vehicles {
		before, _ := ordinary.Truth(v.VIN, presage.HVBattery)
		after, has := weak.Truth(v.VIN, presage.HVBattery)
		if !has {
			continue
		}
		electric++
		switch young := v.InService.After(summer.AddDate(-6, 0, -1)); {
		case after == before:
		case !young || after.FailsAt.IsZero() || after.FailsAt.After(summer.AddDate(0, 5, 0)):
			t.Errorf("car of %v: its battery fails %v, want a young car and five months at most", v.InService, after.FailsAt)
		default:
			failing++
		}
	}
	if failing < electric/40 || failing > electric/20+1 {
		t.Errorf("%d of %d electric cars have a failing cell, want about one young car of 20", failing, electric)
	}
}

// What a maker asks for is done at the visit, though nothing is worn.
func TestVisitForARecall(t *testing.T) {
	t.Parallel()
	w := world(t, 1, 1, nil)
	id := presage.RecallComponent("R-1")
	for n := range 20 { // one of the first bookings is kept
		b := presage.Booking{ID: string(rune('a' + n)), VIN: w.Fleet().Vehicles[0].VIN, Start: w.Now(), End: w.Now().Add(time.Hour)}
		result, came := w.Visit(b, []presage.ComponentID{id})
		if !came {
			continue
		}
		want := presage.Finding{Component: id, Outcome: presage.OutcomeConfirmed}
		if !slices.Equal(result.Findings, []presage.Finding{want}) {
			t.Errorf("findings %+v, want the recall done without a part", result.Findings)
		}
		return
	}
	t.Error("nobody came in 20 bookings")
}
