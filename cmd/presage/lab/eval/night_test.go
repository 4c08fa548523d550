package eval_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/cmd/presage/lab/eval"
	"presage/models"
)

const (
	oneCar  presage.VIN = "LPSTEST00TEST0042"
	another presage.VIN = "LPSTEST00TEST0043"
)

// night is a night on which the HV battery of a car had a status and named a cell (0: none).
func night(vin presage.VIN, days int, s presage.Status, cell float64) eval.Night {
	p := presage.Prognosis{VIN: vin, Component: presage.HVBattery, Status: s}
	if cell > 0 {
		p.Terms = []presage.Term{{Name: models.TermCell, Value: cell}}
	}
	return eval.Night{
		VIN: vin, Day: presage.DayOf(june) + presage.Day(days),
		Prognoses: []presage.Prognosis{{VIN: vin, Component: presage.TyreLeak, Status: presage.StatusUnknown}, p},
	}
}

func TestAlarmsOfOneCar(t *testing.T) {
	t.Parallel()
	alarms, total := eval.Alarms([]eval.Night{
		night(oneCar, 0, presage.StatusOK, 0), night(oneCar, 1, presage.StatusStale, 0),
		night(another, 1, presage.StatusDue, 0), night(oneCar, 2, presage.StatusWatch, 7), night(oneCar, 3, presage.StatusDue, 7),
	}, oneCar)
	want := []string{"2026-06-03 hv_battery watch", "2026-06-04 hv_battery due"}
	if diff := cmp.Diff(want, alarms); diff != "" || total != 4 {
		t.Errorf("%d nights\n%s", total, diff)
	}
}

func TestSuspicionNamesTheFirstCell(t *testing.T) {
	t.Parallel()
	nights := []eval.Night{
		night(oneCar, 0, presage.StatusOK, 0), night(oneCar, 1, presage.StatusOK, 82), night(another, 1, presage.StatusDue, 5),
		night(oneCar, 2, presage.StatusWatch, 82), night(oneCar, 3, presage.StatusDue, 82), night(oneCar, 4, presage.StatusDue, 3),
	}
	want := eval.Suspicion{
		First: on(3), Cell: 82, // the end of the third day
		Nights: map[int]int{82: 2}, Hinted: map[int]int{82: 3},
	}
	if diff := cmp.Diff(want, eval.SuspicionOf(nights, oneCar, on(4.5))); diff != "" {
		t.Error(diff)
	}
	if all := eval.SuspicionOf(nights, oneCar, time.Time{}); all.Hinted[3] != 1 || all.Nights[3] != 1 {
		t.Errorf("without an end: %+v", all)
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	possible := map[string]float64{
		models.FeaturePackTempMax: 38, models.FeatureCellMv: -31, models.FeatureOdometer: 18837.7, models.FeatureCellLowest: 82,
	}
	if got := eval.Violations(presage.Rollup{Features: possible}); len(got) != 0 {
		t.Errorf("possible features are refused: %v", got)
	}
	for name, x := range map[string]float64{
		models.FeaturePackTempMax: 471, models.FeaturePackTempMin: -40, // raw 511 and 0 less the offset of 40
		models.FeatureCellMv: -3980, models.FeatureRest12V: math.NaN(), models.FeatureSoCSpan: 155,
		"a feature that nobody gave a range": 1,
	} {
		if got := eval.Violations(presage.Rollup{Features: map[string]float64{name: x}}); len(got) != 1 {
			t.Errorf("%s = %g is let pass", name, x)
		}
	}
}

func TestScrubTakesOutWhatIsNoValue(t *testing.T) {
	t.Parallel()
	sample := presage.Sample{VIN: oneCar, Time: june, Readings: []presage.Reading{
		{Signal: presage.SignalPackTempMax, Value: presage.Number(511)},
		{Signal: presage.SignalPackTempMin, Value: presage.Number(16)},
		{Signal: presage.SignalCellVoltages, Value: presage.Array([]float64{4.1, 0, 60})},
		{Signal: "Vehicle.Unheard.Of", Value: presage.Number(1e9)},
	}}
	got, dropped := eval.Scrub(sample)
	if dropped != 3 {
		t.Errorf("%d readings taken out, want a code and two cells", dropped)
	}
	if len(got.Readings) != 3 || got.Readings[0].Signal != presage.SignalPackTempMin {
		t.Errorf("left: %+v", got.Readings)
	}
	cells := got.Readings[1].Value.Array
	if cells[0] != 4.1 || !math.IsNaN(cells[1]) || !math.IsNaN(cells[2]) {
		t.Errorf("cells %v", cells)
	}
	if before := sample.Readings[2].Value.Array; before[1] != 0 || before[2] != 60 {
		t.Errorf("the sample was changed: %v", before)
	}
}
