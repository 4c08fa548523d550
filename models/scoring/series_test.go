package scoring_test

import (
	"testing"

	"presage"
	"presage/models/scoring"
)

// A vehicle that was heard has a series of each component, also of one without
// readings; one that never was has none: its telemetry stays empty.
func TestSeriesOfVehiclesThatWereHeard(t *testing.T) {
	t.Parallel()
	got := scoring.PrognosisSeries([]presage.Prognosis{
		{VIN: "A", Component: presage.BrakePadsFront, AsOf: start, DataThrough: start},
		{VIN: "A", Component: presage.HVBattery, AsOf: start},
		{VIN: "B", Component: presage.HVBattery, AsOf: start},
	})
	if len(got) != 1 || got[0].VIN != "A" || len(got[0].Readings) != 2*7 {
		t.Errorf("%+v", got)
	}
}
