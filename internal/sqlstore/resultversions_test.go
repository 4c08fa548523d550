package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// undone: within the time a result leaves no trace but its version; the visit, its
// parts and its case are as they were.
func undone(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	b := booked(t, s, 1)
	at := b.End
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, b.Start))
	before, err := s.Case(ctx, "case-1")
	must(t, err)
	pads := stockOf(t, s, "PAD")
	busy, err := s.Busy(ctx, "w1", b.Start, b.End)
	must(t, err)
	result := presage.WorkshopResult{
		BookingID: b.ID, VIN: vin(1), At: at, OdometerKm: 81000, StoredAt: at, Who: "Mia",
		Findings:  []presage.Finding{{Component: presage.BrakePadsFront, Outcome: presage.OutcomeConfirmed, Replaced: true}},
		PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 2}},
	}
	must(t, s.FinishBooking(ctx, result, result.Labels(), nil))
	wantKind(t, s.UndoResult(ctx, b.ID, "Mia", at.Add(presage.UndoWithin+time.Second)), presage.ErrConflict)
	must(t, s.UndoResult(ctx, b.ID, "Mia", at.Add(time.Minute)))
	wantKind(t, s.UndoResult(ctx, b.ID, "Mia", at.Add(time.Minute)), presage.ErrConflict)

	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "booking", got.State, presage.BookingArrived)
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", c.State, before.State)
	same(t, "its deadline", c.DueAt, before.DueAt)
	same(t, "pads", stockOf(t, s, "PAD"), pads)
	again, err := s.Busy(ctx, "w1", b.Start, b.End)
	must(t, err)
	same(t, "calendar", again, busy)
	day := presage.DayOf(at)
	use, err := s.PartUse(ctx, "d1", "PAD", day, day)
	must(t, err)
	same(t, "use", use[0].Quantity, 0)
	ls, err := s.Labels(ctx, vin(1))
	must(t, err)
	same(t, "labels", len(ls), 0)
	course, err := s.Repair(ctx, b.ID)
	must(t, err)
	same(t, "stage", course.Stage(), presage.RepairArrived)

	must(t, s.FinishBooking(ctx, result, result.Labels(), nil))
	vs, err := s.ResultVersions(ctx, b.ID)
	must(t, err)
	same(t, "versions", len(vs), 2)
	same(t, "the one taken back", vs[1].UndoneBy, "Mia")
	same(t, "the one that counts", presage.CurrentOf(vs).Version, 2)
}

// corrected: the labels follow the newest version and count once; both stay.
func corrected(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	b := booked(t, s, 1)
	at := b.End
	result := presage.WorkshopResult{
		BookingID: b.ID, VIN: vin(1), At: at, OdometerKm: 81000, StoredAt: at,
		Findings:  []presage.Finding{{Component: presage.BrakePadsFront, Outcome: presage.OutcomeConfirmed, Replaced: true}},
		PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 2}},
	}
	wantKind(t, s.CorrectResult(ctx, presage.Correction{Result: result, At: at}), presage.ErrConflict) // nothing to correct
	must(t, s.FinishBooking(ctx, result, result.Labels(), nil))
	right := result
	right.At, right.OdometerKm = at.Add(-time.Hour), 81400
	right.Findings = []presage.Finding{{
		Component: presage.BrakePadsFront, Outcome: presage.OutcomeOtherCause, Cause: "seized caliper",
	}}
	right.PartsUsed = []presage.PartQuantity{{Part: "PAD", Quantity: 1}}
	later := at.Add(48 * time.Hour)
	must(t, s.CorrectResult(ctx, presage.Correction{Result: right, Who: "Mia", Why: "mixed up", At: later}))

	ls, err := s.AllLabels(ctx)
	must(t, err)
	same(t, "labels", ls, right.Labels())
	same(t, "pads", stockOf(t, s, "PAD").OnHand, 9)
	vs, err := s.ResultVersions(ctx, b.ID)
	must(t, err)
	same(t, "versions", len(vs), 2)
	same(t, "the first stays", vs[1].Result.Findings[0].Outcome, presage.OutcomeConfirmed)
	same(t, "why", vs[0].Why+" "+vs[0].RecordedBy, "mixed up Mia")
	wantKind(t, s.UndoResult(ctx, b.ID, "Mia", later), presage.ErrConflict)
	es, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "told", es[len(es)-1].Reason.Code, presage.WhyCorrected)

	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), Make: "Norvik", Model: "Elan", Powertrain: presage.BatteryElectric}}))
	past, err := s.PastFindings(ctx, presage.PastQuery{
		Component: presage.BrakePadsFront, Powertrain: presage.BatteryElectric, Make: "Norvik", Model: "Elan",
		Except: vin(2), Before: later,
	}, 5)
	must(t, err)
	same(t, "past findings", len(past), 1)
	same(t, "its cause", past[0].Cause, "seized caliper")
	same(t, "the same model", past[0].Same, true)
}

// stages are kept in their order, and not twice.
func repairStages(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	b := booked(t, s, 1)
	step := func(stage presage.RepairStage, after time.Duration) error {
		return s.StepRepair(ctx, b.ID, presage.RepairStep{Stage: stage, At: b.Start.Add(after), Who: "Li"})
	}
	wantKind(t, step(presage.RepairInWork, 0), presage.ErrConflict) // it has not come
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, b.Start))
	must(t, step(presage.RepairInWork, 10*time.Minute))
	must(t, step(presage.RepairInWork, 11*time.Minute))
	must(t, step(presage.RepairWaiting, 20*time.Minute))
	must(t, step(presage.RepairInWork, 50*time.Minute))
	course, err := s.Repair(ctx, b.ID)
	must(t, err)
	same(t, "steps", len(course.Steps), 4)
	same(t, "worked", course.Worked(b.Start.Add(time.Hour)), 20*time.Minute)
	at, err := s.RepairsAt(ctx, b.WorkshopID, b.Start, b.End)
	must(t, err)
	same(t, "at the workshop", at, []presage.Repair{course})

	check := presage.JobCheck{Item: "pads/1", Who: "Li", At: noon()}
	must(t, s.SetCheck(ctx, b.ID, check, true))
	must(t, s.SetCheck(ctx, b.ID, presage.JobCheck{Item: "pads/1", Who: "Mia", At: noon().Add(time.Hour)}, true))
	checks, err := s.Checks(ctx, b.ID)
	must(t, err)
	same(t, "who ticked first", checks, []presage.JobCheck{check})
	must(t, s.SetCheck(ctx, b.ID, check, false))
	checks, err = s.Checks(ctx, b.ID)
	must(t, err)
	same(t, "the tick taken back", len(checks), 0)
}
