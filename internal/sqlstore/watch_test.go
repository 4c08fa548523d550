//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func watchStates(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutWatchStates(ctx, nil))
	var states []presage.WatchState
	for i := range 1200 { // more than one statement
		states = append(states, presage.WatchState{
			VIN: vin(i), Rule: "tyre_low", Signal: presage.SignalTyreFrontLeft, Phase: presage.WatchPending,
			Since: noon(), Samples: 1, At: noon().Add(time.Duration(i) * time.Millisecond), Value: 78.5,
		})
	}
	must(t, s.PutWatchStates(ctx, states))
	got, err := s.WatchStates(ctx)
	must(t, err)
	same(t, "states", len(got), 1200)
	same(t, "first state", got[0], states[0])

	fired := states[7]
	fired.Phase, fired.FiredAt, fired.Stale, fired.Told, fired.Code = presage.WatchFiring, noon(), true, presage.ToldRaised, "C\x00"
	over := states[8]
	over.Phase, over.FiredAt, over.ClearedAt = presage.WatchIdle, noon().Add(time.Hour), noon().Add(2*time.Hour)
	must(t, s.PutWatchStates(ctx, []presage.WatchState{fired, over}))
	fired.Code = "C"
	all, err := s.WatchFired(ctx, presage.AlertFilter{})
	must(t, err)
	same(t, "that have fired, those that stand first", all, []presage.WatchState{fired, over})
	standing, err := s.WatchFired(ctx, presage.AlertFilter{Firing: true, VIN: vin(7), Limit: 5})
	must(t, err)
	same(t, "that stand", standing, []presage.WatchState{fired})

	later, twice := states[9], states[8] // others of the same instant, and one that is newer
	later.Phase, later.FiredAt = presage.WatchClearing, noon().Add(time.Minute)
	twice.Rule, twice.Phase, twice.FiredAt = "tyre_low_2", presage.WatchFiring, noon()
	must(t, s.PutWatchStates(ctx, []presage.WatchState{later, twice}))
	var paged []presage.WatchState
	f := presage.AlertFilter{Limit: 1}
	for range 5 {
		page, err := s.WatchFired(ctx, f)
		must(t, err)
		for _, x := range page {
			paged = append(paged, x)
			f.After = &presage.Alert{VIN: x.VIN, Rule: x.Rule, Signal: x.Signal, FiredAt: x.FiredAt, ClearedAt: x.ClearedAt}
		}
	}
	same(t, "one by one", paged, []presage.WatchState{later, fired, twice, over})
}

func amendCase(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	c := mustOpen(t, s, 1)
	ev := presage.CaseEvent{At: noon().Add(time.Hour), Who: "watch", Reason: because("insulation")}
	change := presage.CaseChange{Components: []presage.ComponentID{presage.HVBattery, presage.BrakePadsFront}}
	must(t, s.AmendCase(ctx, c.ID, change, ev))
	must(t, s.AmendCase(ctx, c.ID, presage.CaseChange{Owner: "nobody"}, ev)) // the same once more
	got, err := s.Case(ctx, c.ID)
	must(t, err)
	same(t, "components", got.Components, change.Components)
	same(t, "owner", got.Owner, c.Owner)
	es, err := s.CaseEvents(ctx, c.ID)
	must(t, err)
	same(t, "events", len(es), 2)
	same(t, "event", es[1], presage.CaseEvent{
		CaseID: c.ID, At: ev.At, Who: "watch", From: presage.CaseOpen, To: presage.CaseOpen, Reason: because("insulation"),
	})
	wantKind(t, s.AmendCase(ctx, "case-9", change, ev), presage.ErrNotFound)
	must(t, s.MoveCase(ctx, c.ID, presage.CaseChange{}, fromTo(presage.CaseOpen, presage.CaseSuperseded, presage.CaseEvent{At: noon()})))
	wantKind(t, s.AmendCase(ctx, c.ID, change, presage.CaseEvent{At: noon(), Who: "watch", Reason: because("other")}), presage.ErrConflict)
}
