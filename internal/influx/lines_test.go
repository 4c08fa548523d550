package influx_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/internal/influx"
)

const vin presage.VIN = "1M8GDM9AXKP042788" // the example of 49 CFR part 565

func listed(samples ...presage.Sample) func(func(presage.Sample, error) bool) {
	return func(yield func(presage.Sample, error) bool) {
		for _, s := range samples {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func row(ms int64, readings ...presage.Reading) presage.Sample {
	return presage.Sample{VIN: vin, Time: time.UnixMilli(ms).UTC(), Readings: readings}
}

func reading(name string, v presage.Value) presage.Reading {
	return presage.Reading{Signal: name, Value: v}
}

func TestLinesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	samples := []presage.Sample{
		row(1_732_190_000_123,
			reading("Vehicle.Speed", presage.Number(53.2)), reading("Vehicle.IsOn", presage.Bool(true)),
			reading("A,b=c d", presage.String("a \"quoted\" text, ending in \\")),
			reading("Cells", presage.Array([]float64{3.701, math.NaN(), -0.5})),
			reading("Looks.Like.One", presage.String("[not an array]")), reading("Lines", presage.String("two\nlines"))),
		row(-5, reading("Presage.tyres.P50", presage.Number(1e-12))),
		row(-4, reading("Presage.rollup.hv_battery.hv_capacity_ah", presage.Number(64.5))),
		row(-3, reading("Presage.old", presage.Number(1))),
	}
	var file strings.Builder
	rows, left, err := influx.WriteLines(&file, listed(append(samples,
		row(7, reading("Infinite", presage.Number(math.Inf(1)))))...))
	if rows != 4 || left != 1 || err != nil {
		t.Fatalf("%d rows, %d readings left out, %v; want 4, 1 and no error", rows, left, err)
	}
	var got []presage.Sample
	for s, err := range influx.ReadLines(strings.NewReader("# a comment\n\n" + file.String())) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	if diff := cmp.Diff(samples, got, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// Every fault names its line, and the lines after it are read.
func TestFaultyLines(t *testing.T) {
	t.Parallel()
	good := "telemetry,vin=" + string(vin) + " Vehicle.Speed=1 1732190000123"
	for name, c := range map[string]struct{ line, says string }{
		"other measurement": {"cpu,host=a value=1 1", `measurement "cpu"`},
		"no VIN":            {"telemetry value=1 1", `no tag "vin"`},
		"no such VIN":       {"telemetry,vin=SHORT value=1 1", "VIN"},
		"another tag":       {"telemetry,host=a,vin=" + string(vin) + " value=1 1", `tag "host"`},
		"no field":          {"telemetry,vin=" + string(vin), "field"},
		"no time":           {"telemetry,vin=" + string(vin) + " value=1", "no time"},
		"nanoseconds":       {"telemetry,vin=" + string(vin) + " value=1 1732190000123000000", "milliseconds"},
		"open text":         {"telemetry,vin=" + string(vin) + ` value="1 1`, "column"},
		"broken array":      {"telemetry,vin=" + string(vin) + ` value="[1," 1`, `field "value"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var faults []string
			rows := 0
			for _, err := range influx.ReadLines(strings.NewReader(good + "\n" + c.line + "\n" + good + "\n")) {
				if err == nil {
					rows++
					continue
				}
				if !errors.Is(err, presage.ErrInvalid) {
					t.Errorf("%v is not an ErrInvalid", err)
				}
				faults = append(faults, err.Error())
			}
			if rows != 2 || len(faults) != 1 || !strings.HasPrefix(faults[0], "line 2: ") || !strings.Contains(faults[0], c.says) {
				t.Errorf("%d good rows, faults %q; want 2 and one of line 2 about %s", rows, faults, c.says)
			}
		})
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add([]byte("telemetry,vin=" + string(vin) + ` Vehicle.Speed=1,T="[1,null]",B=t 1732190000123`))
	f.Add([]byte(`prognosis,vin=` + string(vin) + ` A="\\"x" -1`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for s, err := range influx.ReadLines(strings.NewReader(string(data))) {
			if err == nil && (len(s.VIN) != 17 || len(s.Readings) == 0) {
				t.Errorf("a sample without VIN or readings: %+v", s)
			}
		}
	})
}
