package ingest_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func sample(ms int64, readings ...presage.Reading) presage.Sample {
	return presage.Sample{VIN: vinA, Time: at(ms), Readings: readings}
}

func reading(name string, v presage.Value) presage.Reading {
	return presage.Reading{Signal: name, Value: v}
}

func zipped(tb testing.TB, text string) string {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

const ts = 1732190000123 // 2024-11-21T11:53:20.123Z, by date -u -d @1732190000

func TestDecodeTelemetryTakesIn(t *testing.T) {
	t.Parallel()
	speed := reading(presage.SignalSpeed, presage.Number(53.2))
	one := []presage.Sample{sample(ts, speed)}
	tests := map[string]struct {
		payload string
		want    []presage.Sample
	}{
		"one sample":            {`{"ts":1732190000123,"signals":{"Vehicle.Speed":53.2}}`, one},
		"signals first, spaces": {" {\n\"signals\" : { \"Vehicle.Speed\" :\t53.2 } , \"ts\" : 1732190000123 } \r\n", one},
		"RFC 3339":              {`{"ts":"2024-11-21T11:53:20.123Z","signals":{"Vehicle.Speed":53.2}}`, one},
		"RFC 3339 with a zone":  {`{"ts":"2024-11-21T19:53:20.1239+08:00","signals":{"Vehicle.Speed":53.2}}`, one},
		"fraction of a ms":      {`{"ts":1732190000123.9,"signals":{"Vehicle.Speed":53.2}}`, one},
		"its own VIN":           {`{"vin":"1m8gdm9axkp042788","ts":1732190000123,"signals":{"Vehicle.Speed":53.2}}`, one},
		"number as text":        {`{"ts":1732190000123,"signals":{"Vehicle.Speed":"53.2"}}`, one},
		"exponent":              {`{"ts":1.732190000123e12,"signals":{"Vehicle.Speed":5320e-2}}`, one},
		"last key wins":         {`{"ts":1,"ts":1732190000123,"signals":{"Vehicle.Speed":1,"Vehicle.Speed":53.2}}`, one},
		"last signals win":      {`{"ts":1732190000123,"signals":{"A":1},"signals":{"Vehicle.Speed":53.2}}`, one},
		"null is not a value":   {`{"ts":1732190000123,"signals":{"Vehicle.IsMoving":null,"Vehicle.Speed":53.2}}`, one},
		"escaped name":          {`{"ts":1732190000123,"signals":{"Vehicle.\u0053peed":53.2}}`, one},
		"byte order mark":       {"\xef\xbb\xbf" + `{"ts":1732190000123,"signals":{"Vehicle.Speed":53.2}}`, one},
		"more members":          {`{"seq":[{"a":[]}],"ts":1732190000123,"signals":{"Vehicle.Speed":53.2},"x":null}`, one},
		"gzip":                  {zipped(t, `{"ts":1732190000123,"signals":{"Vehicle.Speed":53.2}}`), one},
		"batch": {
			`{"samples":[{"ts":1732190000123,"signals":{"Vehicle.Speed":53.2}},{"ts":1732190001123,"signals":{"Own.Name":true}}]}`,
			[]presage.Sample{sample(ts, speed), sample(ts+1000, reading("Own.Name", presage.Bool(true)))},
		},
		"unknown signals keep their form": {
			`{"ts":1732190000123,"signals":{"a":1,"b":"x\ty","c":false,"d":[1,2.5],"a":2}}`,
			[]presage.Sample{sample(ts, reading("a", presage.Number(2)), reading("b", presage.String("x\ty")),
				reading("c", presage.Bool(false)), reading("d", presage.Array([]float64{1, 2.5})))},
		},
		"kinds of the table": {
			`{"ts":1732190000123,"signals":{"Vehicle.LowVoltageSystemState":"ON","Vehicle.IsMoving":1,` +
				`"Vehicle.IsBrokenDown":"false","Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[3.967,4]}}`,
			[]presage.Sample{sample(ts, reading(presage.SignalLowVoltageState, presage.String("ON")),
				reading("Vehicle.IsMoving", presage.Bool(true)), reading("Vehicle.IsBrokenDown", presage.Bool(false)),
				reading(presage.SignalCellVoltages, presage.Array([]float64{3.967, 4})))},
		},
		"the contract's other name": {
			`{"ts":1732190000123,"signals":{"Vehicle.Powertrain.TractionBattery.CellVoltages":[3.967]}}`,
			[]presage.Sample{sample(ts, reading(presage.SignalCellVoltages, presage.Array([]float64{3.967})))},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults, err := ingest.DecodeTelemetry(vinA, []byte(tt.payload), arrival)
			if err != nil || len(faults) > 0 {
				t.Fatalf("refused: %v %v", faults, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeTelemetryRefusesWhole(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ payload, reason string }{
		"nothing":                 {"", ingest.ReasonEmpty},
		"white space":             {" \n", ingest.ReasonEmpty},
		"no values":               {`{"ts":1732190000123,"signals":{"Vehicle.Speed":null}}`, ingest.ReasonEmpty},
		"empty batch":             {`{"samples":[]}`, ingest.ReasonEmpty},
		"gzip of nothing":         {zipped(t, ""), ingest.ReasonEmpty},
		"cut off":                 {`{"ts":1732190000123,"signals":{"Vehicle.Speed":53.`, ingest.ReasonMalformed},
		"array":                   {`[1]`, ingest.ReasonMalformed},
		"samples is not an array": {`{"samples":{}}`, ingest.ReasonMalformed},
		"too deep":                {`{"x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, ingest.ReasonMalformed},
		"gzip cut off":            {zipped(t, "{}")[:12], ingest.ReasonMalformed},
		"another vehicle":         {`{"vin":"11111111111111111","ts":1732190000123,"signals":{"Vehicle.Speed":1}}`, ingest.ReasonForeignVIN},
		"too large":               {strings.Repeat(" ", ingest.MaxPayload+1), ingest.ReasonTooLarge},
		"too large unzipped":      {zipped(t, strings.Repeat(" ", ingest.MaxPayload+1)), ingest.ReasonTooLarge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			samples, _, err := ingest.DecodeTelemetry(vinA, []byte(tt.payload), arrival)
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Reason != tt.reason || len(samples) > 0 {
				t.Fatalf("got %v, want %s", err, tt.reason)
			}
			if !errors.Is(err, presage.ErrInvalid) {
				t.Error("not an ErrInvalid")
			}
		})
	}
}

func TestDecodeTelemetryKeepsTheRest(t *testing.T) {
	t.Parallel()
	const good = `"Vehicle.Speed":53.2`
	tests := map[string]struct {
		sample string
		reason string
		kept   bool // the good signal of the sample is stored
	}{
		"NaN":                 {`{"ts":1732190000123,"signals":{"Vehicle.TraveledDistance":NaN,` + good + `}}`, ingest.ReasonBadValue, true},
		"Infinity":            {`{"ts":1732190000123,"signals":{"x":-Infinity,` + good + `}}`, ingest.ReasonBadValue, true},
		"NaN as text":         {`{"ts":1732190000123,"signals":{"Vehicle.TraveledDistance":"NaN",` + good + `}}`, ingest.ReasonBadValue, true},
		"beyond float64":      {`{"ts":1732190000123,"signals":{"x":1e999,` + good + `}}`, ingest.ReasonBadValue, true},
		"text for a number":   {`{"ts":1732190000123,"signals":{"Vehicle.TraveledDistance":"far",` + good + `}}`, ingest.ReasonBadValue, true},
		"bool for a number":   {`{"ts":1732190000123,"signals":{"Vehicle.TraveledDistance":true,` + good + `}}`, ingest.ReasonBadValue, true},
		"number for a bool":   {`{"ts":1732190000123,"signals":{"Vehicle.IsMoving":2,` + good + `}}`, ingest.ReasonBadValue, true},
		"object":              {`{"ts":1732190000123,"signals":{"x":{"a":1},` + good + `}}`, ingest.ReasonBadValue, true},
		"text in an array":    {`{"ts":1732190000123,"signals":{"x":[1,"2"],` + good + `}}`, ingest.ReasonBadValue, true},
		"name with a space":   {`{"ts":1732190000123,"signals":{"a b":1,` + good + `}}`, ingest.ReasonBadValue, true},
		"no name":             {`{"ts":1732190000123,"signals":{"":1,` + good + `}}`, ingest.ReasonBadValue, true},
		"signals is an array": {`{"ts":1732190000123,"signals":[]}`, ingest.ReasonBadValue, false},
		"reserved name":       {`{"ts":1732190000123,"signals":{"Presage.x.y":1,` + good + `}}`, ingest.ReasonReservedSignal, true},
		"no time":             {`{"signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"time null":           {`{"ts":null,"signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"time in seconds":     {`{"ts":1732190000,"signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"time zero":           {`{"ts":0,"signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"time is not a date":  {`{"ts":"yesterday","signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"time of no clock":    {`{"ts":1e300,"signals":{` + good + `}}`, ingest.ReasonMissingTime, false},
		"future":              {`{"ts":1732193900124,"signals":{` + good + `}}`, ingest.ReasonFutureTime, false}, // arrival + 5 min + 1 ms
		"another vehicle":     {`{"ts":1732190000123,"vin":"11111111111111111","signals":{` + good + `}}`, ingest.ReasonForeignVIN, false},
	}
	other := `{"ts":1732190009000,"signals":{"Vehicle.Speed":1}}`
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := `{"samples":[` + tt.sample + `,` + other + `]}`
			samples, faults, err := ingest.DecodeTelemetry(vinA, []byte(doc), arrival)
			if err != nil {
				t.Fatal(err)
			}
			want := []presage.Sample{sample(1732190009000, reading(presage.SignalSpeed, presage.Number(1)))}
			if tt.kept {
				want = append([]presage.Sample{sample(ts, reading(presage.SignalSpeed, presage.Number(53.2)))}, want...)
			}
			if diff := cmp.Diff(want, samples); diff != "" {
				t.Error(diff)
			}
			if len(faults) != 1 || faults[0].Reason != tt.reason || faults[0].Count != 1 {
				t.Fatalf("faults %+v, want one %s", faults, tt.reason)
			}
			if got, want := string(faults[0].Payload), `{"samples":[`+tt.sample+`]}`; got != want {
				t.Errorf("kept %s, want %s", got, want)
			}
		})
	}
}

func TestDecodeEvent(t *testing.T) {
	t.Parallel()
	const dtc = `{"ts":1732190000123,"type":"dtc","code":"P0A80","freeze":{"rpm":800}}`
	got, err := ingest.DecodeEvent(vinA, []byte(dtc), arrival)
	want := presage.Event{VIN: vinA, Time: at(ts), Type: "dtc", Code: "P0A80", Data: []byte(dtc)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for payload, reason := range map[string]string{
		`{"ts":1732190000123}`:                                          ingest.ReasonBadValue,
		`{"ts":1732190000123,"type":7}`:                                 ingest.ReasonBadValue,
		`{"type":"dtc"}`:                                                ingest.ReasonMissingTime,
		`{"ts":1732199999999,"type":"dtc"}`:                             ingest.ReasonFutureTime,
		`{"ts":1732190000123,"type":"dtc","x":NaN}`:                     ingest.ReasonMalformed,
		`{"ts":1,"type":"x","vin":"11111111111111111"}`:                 ingest.ReasonForeignVIN,
		`{"ts":1732190000123,"type":"` + strings.Repeat("x", 65) + `"}`: ingest.ReasonBadValue,
		``: ingest.ReasonEmpty,
	} {
		_, err := ingest.DecodeEvent(vinA, []byte(payload), arrival)
		var refused *ingest.RefusedError
		if !errors.As(err, &refused) || refused.Reason != reason {
			t.Errorf("%s: %v, want %s", payload, err, reason)
		}
	}
}
