package watch_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/watch"
	"presage/models"
	"presage/simulator"
)

// A simulated fleet that nobody cares for: alerts come up, and on few vehicles
// only. The share of vehicles is what an adviser can live with, not a law.
func TestSimulatedFleetRaisesFewAlerts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three simulated months")
	}
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	const vehicles, days = 60, 90
	cfg := simulator.Default(noon())
	cfg.Vehicles, cfg.Seed, cfg.Catalogue = vehicles, 1, cat
	world, err := simulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := &diary{
		memory: &memory{states: map[[3]string]presage.WatchState{}},
		fired:  map[string][]time.Time{}, ended: map[string][]time.Time{},
	}
	now := noon()
	w, err := watch.New(t.Context(), cat, watch.Deps{Store: d, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range days * 24 {
		now = now.Add(time.Hour)
		for m := range world.Advance(now) {
			var samples []presage.Sample
			var events []presage.Event
			if strings.HasSuffix(m.Topic, "/event") {
				if e, err := ingest.DecodeEvent(m.VIN, m.Payload, now); err == nil {
					events = append(events, e)
				}
			} else {
				samples, _, _ = ingest.DecodeTelemetry(m.VIN, m.Payload, now) // radio garbage is not ours
			}
			if err := w.Observe(t.Context(), samples, events); err != nil {
				t.Fatal(err)
			}
		}
	}
	hit := map[presage.VIN]bool{}
	for _, s := range d.states {
		if !s.FiredAt.IsZero() {
			hit[s.VIN] = true
		}
	}
	for rule, times := range d.fired {
		t.Logf("%s fired %d times", rule, len(times))
	}
	if len(hit) == 0 || len(hit) > vehicles/4 {
		t.Errorf("alerts on %d of %d vehicles", len(hit), vehicles)
	}
}
