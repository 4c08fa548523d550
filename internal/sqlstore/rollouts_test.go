//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func drafted(id string) presage.Rollout {
	return presage.Rollout{
		ID: id, Component: "software", From: []string{"1.0", "1.1"}, To: "2.0", Rings: []float64{50, 100}, PassShare: 0.5,
		HaltShare: 0.5, MinAnswers: 1, Hours: 1, State: presage.RolloutDraft, SavedAt: noon(), Since: noon(),
	}
}

func started(t *testing.T, s *sqlstore.Store, r presage.Rollout) presage.Rollout {
	t.Helper()
	must(t, s.PutRollout(t.Context(), r))
	must(t, s.MoveRollout(t.Context(), presage.RolloutStep{
		ID: r.ID, Seen: presage.RolloutDraft, To: presage.RolloutRunning, By: "mia", At: noon(),
	}))
	r, err := s.Rollout(t.Context(), r.ID)
	must(t, err)
	return r
}

// says keeps an event twice, as after a lost acknowledgement.
func says(t *testing.T, s *sqlstore.Store, e presage.Event) {
	t.Helper()
	for range 2 {
		must(t, s.PutEvents(t.Context(), []presage.Event{e}))
	}
}

func runs(i int, version string, at time.Time) presage.Event {
	return presage.Event{VIN: vin(i), Time: at, Type: presage.EventSoftware, Code: version}
}

func updated(i int, code, data string, at time.Time) presage.Event {
	return presage.Event{VIN: vin(i), Time: at, Type: presage.EventOTA, Code: code, Data: []byte(data)}
}

func rolloutStates(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	r := drafted("SW-1")
	must(t, s.PutRollout(ctx, r))
	r.To = "2.1"
	must(t, s.PutRollout(ctx, r))
	got, err := s.Rollout(ctx, "SW-1")
	must(t, err)
	same(t, "draft", got, r)
	live, err := s.LiveRollouts(ctx)
	must(t, err)
	same(t, "live drafts", len(live), 0)

	step := presage.RolloutStep{
		ID: "SW-1", Seen: presage.RolloutDraft, To: presage.RolloutRunning, Ring: 1, By: "mia", At: noon().Add(time.Hour),
		Reason: presage.Because(presage.WhyRolloutHalted, "failed", "2"),
	}
	must(t, s.MoveRollout(ctx, step))
	wantKind(t, s.MoveRollout(ctx, step), presage.ErrConflict)
	wantKind(t, s.PutRollout(ctx, r), presage.ErrConflict)
	r.State, r.Ring, r.By, r.Since, r.Reason = step.To, 1, "mia", step.At, step.Reason
	live, err = s.LiveRollouts(ctx)
	must(t, err)
	same(t, "live", live, []presage.Rollout{r})
	_, err = s.Rollout(ctx, "none")
	wantKind(t, err, presage.ErrNotFound)
	must(t, s.PutRollout(ctx, drafted("SW-2")))
	page, err := s.Rollouts(ctx, "SW-1", 5)
	must(t, err)
	same(t, "a page", len(page), 1)
	same(t, "its ID", page[0].ID, "SW-2")
}

func rolloutCars(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	var cars []presage.Vehicle
	for i := range 5 {
		cars = append(cars, presage.Vehicle{VIN: vin(i), Make: []string{"Aurora", "Borea"}[i/4]})
	}
	must(t, s.PutVehicles(ctx, cars))
	for i, version := range []string{"1.0", "1.1", "2.0", "1.0", "1.0"} { // the last one is of another make
		says(t, s, runs(i, version, noon()))
	}
	says(t, s, runs(3, "3.0", noon().Add(-time.Hour))) // older news
	says(t, s, runs(9, "1.0", noon()))                 // nobody has registered it
	draft := drafted("SW-1")
	draft.Ranges = []presage.RecallRange{{Make: "aurora"}}
	r := started(t, s, draft)
	for range 2 {
		must(t, s.JoinRollout(ctx, r))
	}
	r.Ring = 1
	turn, err := s.RolloutTurn(ctx, r, 9)
	must(t, err)
	if len(turn) != 3 {
		t.Fatalf("%d cars wait, want 3: those of the make that run an old version", len(turn))
	}
	for i := 1; i < len(turn); i++ {
		if presage.RolloutBucket("SW-1", turn[i-1]) > presage.RolloutBucket("SW-1", turn[i]) {
			t.Error("the cars are not in the order of their hash")
		}
	}
	for _, car := range turn {
		_, err := s.SendRollout(ctx, "SW-1", presage.Command{
			VIN: car, Payload: []byte(`{}`), CreatedAt: noon(), ExpiresAt: noon().Add(time.Hour),
		})
		must(t, err)
	}
	const about = `{"rollout": "SW-1", "note": "low"}`
	says(t, s, updated(0, "installed", `{"rollout": "other"}`, noon().Add(time.Minute)))
	says(t, s, updated(0, "installed", `{`, noon().Add(2*time.Minute)))
	says(t, s, updated(0, "failed", about, noon().Add(-time.Minute))) // before it was sent
	says(t, s, updated(0, "installed", about, noon().Add(time.Minute)))
	says(t, s, updated(0, "failed", about, noon().Add(time.Hour))) // what is installed stays so
	says(t, s, updated(1, "failed", about, noon().Add(time.Minute)))
	open, err := s.Commands(ctx, presage.CommandFilter{VIN: vin(3), Now: noon()})
	must(t, err)
	same(t, "one command", len(open), 1)
	must(t, s.CommandDone(ctx, vin(3), open[0].ID, noon()))
	states := func(want ...presage.RolloutCarState) {
		t.Helper()
		cars, err := s.RolloutCars(ctx, presage.RolloutCarFilter{Rollout: "SW-1"})
		must(t, err)
		var have []presage.RolloutCarState
		for _, c := range cars {
			have = append(have, c.State)
		}
		same(t, "states", have, want)
	}
	states(presage.CarInstalled, presage.CarFailed, presage.CarReceived)
	version, err := s.SoftwareOf(ctx, vin(0))
	must(t, err)
	same(t, "version", version, "2.0")
	ring, err := s.RolloutRing(ctx, r)
	must(t, err)
	same(t, "ring", ring, presage.RolloutRing{All: 3, Cars: 3, Installed: 1, Failed: 1, Lately: 2, LateFails: 1})
	must(t, s.ExpireRollout(ctx, "SW-1", noon().Add(time.Hour)))
	states(presage.CarInstalled, presage.CarFailed, presage.CarExpired)
	says(t, s, updated(3, "installed", about, noon().Add(2*time.Hour))) // late
	states(presage.CarInstalled, presage.CarFailed, presage.CarInstalled)
	all, err := s.Rollouts(ctx, "", 0)
	must(t, err)
	same(t, "installed", all[0].Count.Installed, 2)
	same(t, "cars", all[0].Cars, 3)
	page, err := s.RolloutCars(ctx, presage.RolloutCarFilter{Rollout: "SW-1", State: presage.CarInstalled, After: vin(0), Limit: 1})
	must(t, err)
	same(t, "a page", page[0].VIN, vin(3))
}

// Four processes send to the same cars at once: each car has one command, and none when
// the roll-out is paused.
func rolloutRace(t *testing.T, s *sqlstore.Store) {
	const cars, processes = 20, 4
	fleetOf(t, s, cars)
	for i := range cars {
		says(t, s, runs(i, "1.0", noon()))
	}
	r := started(t, s, drafted("SW-1"))
	sent := make(chan int)
	fault := make(chan error, processes*cars)
	for range processes {
		go func() {
			n := 0
			if err := s.JoinRollout(t.Context(), r); err != nil {
				fault <- err
			}
			for i := range cars {
				_, err := s.SendRollout(t.Context(), "SW-1", presage.Command{VIN: vin(i), Payload: []byte(`{}`), CreatedAt: noon()})
				switch {
				case err == nil:
					n++
				case !errors.Is(err, presage.ErrConflict):
					fault <- err
				}
			}
			sent <- n
		}()
	}
	sum := 0
	for range processes {
		sum += <-sent
	}
	close(fault)
	for err := range fault {
		t.Error(err)
	}
	same(t, "sent", sum, cars)
	for i := range cars {
		cs, err := s.PendingCommands(t.Context(), vin(i), 0, 0, noon())
		must(t, err)
		same(t, fmt.Sprint("commands of car ", i), len(cs), 1)
	}
	must(t, s.PutVehicles(t.Context(), []presage.Vehicle{{VIN: vin(cars)}}))
	says(t, s, runs(cars, "1.0", noon()))
	must(t, s.JoinRollout(t.Context(), r))
	must(t, s.MoveRollout(t.Context(), presage.RolloutStep{
		ID: "SW-1", Seen: presage.RolloutRunning, To: presage.RolloutPaused, By: "mia", At: noon(),
	}))
	_, err := s.SendRollout(t.Context(), "SW-1", presage.Command{VIN: vin(cars), Payload: []byte(`{}`), CreatedAt: noon()})
	wantKind(t, err, presage.ErrConflict)
}

func routeFigures(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for i, route := range []presage.Route{presage.RouteOTA, presage.RouteWorkshop, presage.RouteOTA} {
		must(t, s.CreateCase(ctx, presage.Case{
			ID: fmt.Sprint("c", i), VIN: vin(i), State: presage.CaseOpen, Route: route, OpenedAt: noon(), UpdatedAt: noon(),
			RouteWhy: presage.Because(presage.WhyRouteOnly),
		}, presage.CaseEvent{At: noon()}))
	}
	must(t, s.MoveCase(ctx, "c2", presage.CaseChange{}, presage.CaseEvent{From: presage.CaseOpen, To: presage.CaseDone, At: noon()}))
	fs, err := s.RouteFigures(ctx, noon(), noon().Add(time.Second))
	must(t, err)
	same(t, "figures", fs, []presage.RouteFigure{
		{Route: presage.RouteOTA, Cases: 2, Mended: 1}, {Route: presage.RouteWorkshop, Cases: 1},
	})
	fs, err = s.RouteFigures(ctx, noon().Add(-time.Hour), noon())
	must(t, err)
	same(t, "before", len(fs), 0)
	cs, err := s.CasesOverAir(ctx)
	must(t, err)
	same(t, "over the air", len(cs), 1)
	same(t, "the one that waits", cs[0].ID, "c0")
	must(t, s.ChangeCase(ctx, "c0", presage.CaseChange{
		Route: presage.RouteWorkshop, RouteWhy: presage.Because(presage.WhyRemoteFailed, "note", "low"),
	}, noon()))
	c, err := s.Case(ctx, "c0")
	must(t, err)
	same(t, "reason", c.RouteWhy.String(), "remote_failed note=low")
	cs, err = s.CasesOverAir(ctx)
	must(t, err)
	same(t, "over the air when it goes on at the workshop", len(cs), 0)
}
