package month_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast/month"
)

// drawPoint is a point as a plan could say it: the drivers' means add up to the demand.
func drawPoint(t *rapid.T) presage.PlanPoint {
	pieces := func(name string) float64 { return rapid.Float64Range(0, 500).Draw(t, name) }
	w := rapid.SampledFrom([]float64{0, .3, 1}).Draw(t, "weight")
	p := presage.PlanPoint{
		HorizonDays: rapid.IntRange(1, 90).Draw(t, "horizon"), FleetWeight: w, LeadTimeDays: rapid.Float64Range(1, 200).Draw(t, "lead"),
		Drivers: []presage.DemandDriver{
			{Name: "booked", Mean: pieces("booked")},
			{Name: "predicted", Mean: w * pieces("predicted")},
			{Name: "unpredicted", Mean: w * pieces("unpredicted")},
			{Name: "history", Mean: (1 - w) * pieces("history")},
		},
	}
	for _, n := range []*int{&p.OrderUpTo, &p.OnHand, &p.OnOrder, &p.Overdue, &p.Reserved} {
		*n = rapid.IntRange(0, 1000).Draw(t, "pieces")
	}
	if rapid.Bool().Draw(t, "overridden") {
		mean := pieces("override")
		p.Override = &mean
	}
	return p
}

// Whatever changed, the parts add up to the whole; and told the other way round each part
// is the opposite.
func TestPartsAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, is := drawPoint(t), drawPoint(t)
		moved := presage.PartMoved{Used: rapid.IntRange(0, 99).Draw(t, "used"), Received: rapid.IntRange(0, 99).Draw(t, "received")}
		back := presage.PartMoved{Used: -moved.Used, Received: -moved.Received}
		sum, opposite := 0.0, map[string]float64{}
		for _, d := range month.Explain(is, was, back) {
			opposite[d.Name] = -d.Pieces
		}
		for _, d := range month.Explain(was, is, moved) {
			sum += d.Pieces
			if math.Abs(d.Pieces-opposite[d.Name]) > 1e-6 {
				t.Errorf("%s: %v there, %v back", d.Name, d.Pieces, opposite[d.Name])
			}
		}
		if want := float64(is.Lacking() - was.Lacking()); math.Abs(sum-want) > 1e-6 {
			t.Errorf("parts add up to %v, want %v", sum, want)
		}
	})
}

// By hand: 30 pieces in 30 days by the prognoses alone, 10 days to come, 15 to have. Then
// half the weight goes to a history of 60, and the supplier takes 14 days: predicted and
// history are 15 and 30 in 30 days, 1.5 a day. The means are 12 days and 1.25 a day.
func TestExplainByHand(t *testing.T) {
	t.Parallel()
	was := presage.PlanPoint{
		HorizonDays: 30, FleetWeight: 1, LeadTimeDays: 10, OrderUpTo: 15, OnHand: 9, OnOrder: 6, Reserved: 1,
		Drivers: []presage.DemandDriver{{Name: "booked", Mean: 1}, {Name: "predicted", Mean: 30}},
	}
	is := presage.PlanPoint{
		HorizonDays: 30, FleetWeight: .5, LeadTimeDays: 14, OrderUpTo: 28, OnHand: 7, OnOrder: 10, Overdue: 2, Reserved: 3,
		Drivers: []presage.DemandDriver{{Name: "predicted", Mean: 15}, {Name: "history", Mean: 30}},
	}
	// Used 4, received 4, two were not found at a count; 8 were ordered.
	got := month.Explain(was, is, presage.PartMoved{Used: 4, Received: 4})
	want := []presage.ChangeDriver{
		{Name: "ordered", Pieces: -8},
		{Name: "weight", Pieces: 6}, // 12 days of -15 of 30 and +30 of 30: 12 * (-.5 + 1)
		{Name: "lead_time", Pieces: 5},
		{Name: "used", Pieces: 4},
		{Name: "safety", Pieces: 2}, // 15 - 10 before, 28 - 21 now
		{Name: "counted", Pieces: 2},
		{Name: "late", Pieces: 2},
		{Name: "bookings", Pieces: 2},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Error(diff)
	}
	if is.Lacking()-was.Lacking() != 15 {
		t.Errorf("lacking %d and %d", was.Lacking(), is.Lacking())
	}
}
