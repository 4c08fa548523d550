package finding_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/outreach/finding"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// known is a visit of an electric car that began an hour ago; the car sent
// 41,000 km a day before now.
func known() finding.Known {
	return finding.Known{
		Catalogue: &presage.Catalogue{
			Components: []presage.Component{
				{ID: "pads", JobCode: "pads_replace", Unit: "%", Measured: &presage.MeasuredRange{Max: 100, Worn: "above"}},
				{ID: "belt", JobCode: "belt_replace", AppliesTo: []presage.Powertrain{presage.Combustion}},
			},
			Jobs: []presage.Job{
				{Code: "pads_replace", Minutes: 60, Parts: []presage.PartQuantity{{Part: "P2", Quantity: 1}}},
				{Code: "belt_replace", Minutes: 90},
			},
			Parts: []presage.Part{{Number: "P2", Supersedes: []string{"P1"}}, {Number: "Q1"}},
		},
		Now:     now,
		Booking: &presage.Booking{Start: now.Add(-time.Hour), Jobs: []string{"pads_replace"}},
		Car: presage.Vehicle{
			Powertrain: presage.BatteryElectric, InService: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		},
		Reading: finding.Reading{Km: 41_000, At: now.AddDate(0, 0, -1)},
	}
}

// sound is a result without a fault.
func sound() presage.WorkshopResult {
	measured := 92.5
	return presage.WorkshopResult{
		VIN: "LPSAAAAA1AA000001", At: now, OdometerKm: 41_120, Minutes: 70,
		Findings:  []presage.Finding{{Component: "pads", Outcome: presage.OutcomeConfirmed, Replaced: true, Measured: &measured}},
		PartsUsed: []presage.PartQuantity{{Part: "P1", Quantity: 1}},
	}
}

// TestEachFaultAtItsField: the limits are those of the comments: 800 km a day and
// 500 at once are the most; five times the planned 60 minutes
// is less than a day of work.
func TestEachFaultAtItsField(t *testing.T) {
	t.Parallel()
	if _, err := known().Check(sound()); err != nil {
		t.Fatalf("a sound result: %v", err)
	}
	for name, x := range map[string]struct {
		change   func(*presage.WorkshopResult)
		field    string
		code     string
		doubtful bool
	}{
		"no time":           {func(r *presage.WorkshopResult) { r.At = time.Time{} }, "at", presage.WhyMissing, false},
		"ahead":             {func(r *presage.WorkshopResult) { r.At = now.Add(6 * time.Minute) }, "at", presage.WhyAhead, false},
		"days before":       {func(r *presage.WorkshopResult) { r.At = now.AddDate(0, 0, -2) }, "at", presage.WhyBeforeVisit, false},
		"before it came":    {func(r *presage.WorkshopResult) { r.At = now.Add(-3 * time.Hour) }, "at", presage.WhyBeforeVisit, true},
		"less than it sent": {func(r *presage.WorkshopResult) { r.OdometerKm = 12 }, "odometer_km", presage.WhyOdometerLow, true},
		"rounded down":      {func(r *presage.WorkshopResult) { r.OdometerKm = 40_996 }, "", "", false},
		"a long day":        {func(r *presage.WorkshopResult) { r.OdometerKm = 42_301 }, "odometer_km", presage.WhyOdometerHigh, true},
		"more than any car": {func(r *presage.WorkshopResult) { r.OdometerKm = 2_000_001 }, "odometer_km", presage.WhyOdometerHigh, false},
		"unknown component": {
			func(r *presage.WorkshopResult) { r.Findings[0].Component = "wings" }, "findings[0].component", presage.WhyNoComponent, false,
		},
		"not on this car": {func(r *presage.WorkshopResult) {
			r.Findings = append(r.Findings, presage.Finding{Component: "belt", Outcome: presage.OutcomeWornNotDue})
		}, "findings[1].component", presage.WhyNotOnCar, false},
		"twice": {
			func(r *presage.WorkshopResult) { r.Findings = append(r.Findings, r.Findings[0]) },
			"findings[1].component", presage.WhyTwice, false,
		},
		"no outcome": {
			func(r *presage.WorkshopResult) { r.Findings[0].Outcome = "" }, "findings[0].outcome", presage.WhyNoOutcome, false,
		},
		"not found, replaced": {
			func(r *presage.WorkshopResult) { r.Findings[0].Outcome = presage.OutcomeNoFaultFound },
			"findings[0].replaced", presage.WhyNotFoundReplaced, false,
		},
		"no cause": {
			func(r *presage.WorkshopResult) { r.Findings[0].Outcome = presage.OutcomeOtherCause },
			"findings[0].cause", presage.WhyNoCause, false,
		},
		"a cause alone": {
			func(r *presage.WorkshopResult) { r.Findings[0].Cause = "caliper" }, "findings[0].cause", presage.WhyCauseAlone, false,
		},
		"measured": {
			func(r *presage.WorkshopResult) { *r.Findings[0].Measured = 99_999 },
			"findings[0].measured", presage.WhyMeasuredOutside, false,
		},
		"foreign part": {
			func(r *presage.WorkshopResult) { r.PartsUsed[0].Part = "Q1" }, "parts_used[0].part", presage.WhyPartForeign, true,
		},
		"no pieces": {
			func(r *presage.WorkshopResult) { r.PartsUsed[0].Quantity = 0 }, "parts_used[0].quantity", presage.WhyPartQuantity, false,
		},
		"parts for nothing": {
			func(r *presage.WorkshopResult) { r.Findings[0].Replaced = false }, "parts_used", presage.WhyPartUnreplaced, true,
		},
		"long work":    {func(r *presage.WorkshopResult) { r.Minutes = 481 }, "minutes", presage.WhyMinutesMany, true},
		"endless work": {func(r *presage.WorkshopResult) { r.Minutes = 14_401 }, "minutes", presage.WhyMinutes, false},
		"no text":      {func(r *presage.WorkshopResult) { r.Note = "a\x00" }, "note", presage.WhyUnplain, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := sound()
			x.change(&r)
			_, err := known().Check(r)
			if x.field == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			faults, _ := errors.AsType[presage.ResultErrors](err)
			want := presage.ResultFault{Field: x.field, Doubtful: x.doubtful}
			if len(faults) != 1 || faults[0].Why.Code != x.code || faults[0].Field != want.Field || faults[0].Doubtful != want.Doubtful {
				t.Fatalf("faults %+v, want %s at %s, doubtful %t", faults, x.code, x.field, x.doubtful)
			}
			if !errors.Is(err, presage.ErrInvalid) {
				t.Errorf("%v is not an ErrInvalid", err)
			}
			r.ConfirmedBy = "Mia"
			kept, err := known().Check(r)
			if x.doubtful != (err == nil) || x.doubtful && !slices.Equal(kept.Doubts, []string{x.field}) {
				t.Errorf("confirmed: %v, doubts %q", err, kept.Doubts)
			}
		})
	}
}

// TestTheFirstTryOfTheIssue is what the service used to store: all of it is named at once.
func TestTheFirstTryOfTheIssue(t *testing.T) {
	t.Parallel()
	k, measured := known(), 99_999.0
	k.Booking.Start = now.AddDate(0, 0, 16)
	_, err := k.Check(presage.WorkshopResult{
		VIN: "LPSAAAAA1AA000001", At: now, OdometerKm: 12,
		Findings: []presage.Finding{{Component: "pads", Outcome: presage.OutcomeNoFaultFound, Replaced: true, Measured: &measured}},
	})
	faults, _ := errors.AsType[presage.ResultErrors](err)
	var fields []string
	for _, f := range faults {
		fields = append(fields, f.Field)
	}
	if want := []string{"at", "odometer_km", "findings[0].replaced", "findings[0].measured"}; !slices.Equal(fields, want) {
		t.Errorf("named %q, want %q", fields, want)
	}
}

// TestCarThatCameEarly may have its result before the time of its visit.
func TestCarThatCameEarly(t *testing.T) {
	t.Parallel()
	k := known()
	k.Booking.Start, k.Arrived = now.Add(2*time.Hour), now.Add(-30*time.Minute)
	if _, err := k.Check(sound()); err != nil {
		t.Errorf("refused: %v", err)
	}
	r := sound()
	r.At = k.Arrived.Add(-time.Hour)
	if _, err := k.Check(r); !errors.Is(err, presage.ErrInvalid) {
		t.Error("a result from before the car came was taken")
	}
}
