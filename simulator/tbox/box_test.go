package tbox_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"presage"
	"presage/simulator/tbox"
)

const vin presage.VIN = "LX7CE5B16KA100007"

// air collects what boxes publish.
func air(t *testing.T, m tbox.Faults, style tbox.Style) (*tbox.Box, *[]tbox.Message) {
	t.Helper()
	var out []tbox.Message
	radio, err := tbox.NewRadio(m, func(x tbox.Message) { out = append(out, x) })
	if err != nil {
		t.Fatal(err)
	}
	return tbox.NewBox(radio, 0, vin, style, rand.New(rand.NewPCG(1, 2))), &out
}

// sampleAt writes one sample with every kind of reading.
func sampleAt(b *tbox.Box, ms int64) {
	b.Begin(ms)
	b.Word(presage.SignalLowVoltageState, "ON")
	b.Number(presage.SignalBattery12V, 12.345, 2)
	b.Odometer(1234567.4)
	b.Celsius(presage.SignalAmbient, -0.5, 1)
	b.Flag(presage.SignalIsCharging, true)
	b.Cells([]float64{3.7, 4.0567})
	b.End()
}

const t0 = int64(1782864000000) // 2026-07-01T00:00:00Z

func TestPayloadsAreTheContracts(t *testing.T) {
	t.Parallel()
	const signals = `{"Vehicle.LowVoltageSystemState":"ON","Vehicle.LowVoltageBattery.CurrentVoltage":12.35,` +
		`"Vehicle.TraveledDistance":1234567,"Vehicle.Exterior.AirTemperature":-0.5,` +
		`"Vehicle.Powertrain.TractionBattery.Charging.IsCharging":true,` +
		`"Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[3.700,4.057]}`
	tests := []struct {
		name    string
		style   tbox.Style
		samples int
		want    string
	}{
		{"one sample", tbox.Style{}, 1, `{"ts":1782864000000,"signals":` + signals + `}`},
		{"batch", tbox.Style{}, 2, `{"samples":[{"ts":1782864000000,"signals":` + signals + `},{"ts":1782864060000,"signals":` + signals + `}]}`},
		{"with VIN", tbox.Style{SaysVIN: true}, 2, `{"vin":"LX7CE5B16KA100007","samples":[{"ts":1782864000000,"signals":` + signals + `},{"ts":1782864060000,"signals":` + signals + `}]}`},
		{
			"text",
			tbox.Style{TextTime: true, QuotedKm: true},
			1,
			`{"ts":"2026-07-01T00:00:00.000Z","signals":` + strings.Replace(signals, "1234567", `"1234567"`, 1) + `}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, out := air(t, tbox.Faults{}, tt.style)
			for i := range tt.samples {
				sampleAt(b, t0+int64(i)*60_000)
			}
			b.Flush(t0 + 120_000)
			b.Flush(t0 + 180_000) // nothing left
			if len(*out) != 1 || string((*out)[0].Payload) != tt.want || (*out)[0].Tally.Samples != tt.samples {
				t.Errorf("published %+v, want %s", *out, tt.want)
			}
		})
	}
}

func TestEveryMishapIsPossibleAndTold(t *testing.T) {
	t.Parallel()
	b, out := air(t, tbox.Faults{Reorder: 1, Repeat: 1, Nonsense: 1, Malformed: 1, Future: 1, UnknownName: 1, Single: 1}, tbox.Style{})
	for i := range int64(50) {
		sampleAt(b, t0+i*60_000)
	}
	b.Flush(t0 + 50*60_000)
	var got tbox.Counts
	broken := 0
	for _, m := range *out {
		got.Add(m.Tally)
		if !json.Valid(m.Payload) {
			broken++
		}
	}
	if got.Samples != 50 || got.Nonsense != 50 || got.Unknown != 50 || got.Malformed != broken || got.Reordered == 0 ||
		got.Repeats != got.Reordered || got.Future != got.Repeats || got.Late == 0 || got.Messages != len(*out) {
		t.Errorf("counts %+v of %d messages, %d broken", got, len(*out), broken)
	}
	b, out = air(t, tbox.Faults{BadValue: 1, Gzip: 1}, tbox.Style{})
	sampleAt(b, t0)
	b.Flush(t0)
	if x := (*out)[0]; x.Payload[0] != 0x1f || x.Tally.BadValues != 1 || x.Tally.Gzipped != 1 {
		t.Errorf("compressed: %+v", x.Tally)
	}
}

func TestBacklogComesWhenTheCarIsInReach(t *testing.T) {
	t.Parallel()
	const hour = int64(3_600_000)
	for _, style := range []tbox.Style{{}, {LastFirst: true}} {
		b, out := air(t, tbox.Faults{}, style)
		b.Offline(t0+hour, t0+5*hour)
		for i := range int64(7) {
			sampleAt(b, t0+i*hour)
			b.Flush(t0 + i*hour)
		}
		for i, m := range *out {
			inside := i >= 1 && i < 5
			if (m.At >= t0+5*hour && m.At < t0+6*hour) != (inside || i == 5) || (m.Tally.Late == 1) != (inside && i < 4) && i != 4 {
				t.Errorf("message %d arrives %v h after the start, late %d", i, float64(m.At-t0)/float64(hour), m.Tally.Late)
			}
		}
		if first, second := (*out)[1].At, (*out)[2].At; (first > second) != style.LastFirst {
			t.Errorf("last first %v: %d, then %d", style.LastFirst, first, second)
		}
	}
}

func TestGarageKeepsEverythingUntilReleased(t *testing.T) {
	t.Parallel()
	b, out := air(t, tbox.Faults{}, tbox.Style{})
	b.Hold()
	sampleAt(b, t0)
	b.Flush(t0)
	b.Event(t0, "dtc", "P0562", `{"n":1}`)
	if len(*out) != 0 {
		t.Fatalf("published from the garage: %+v", *out)
	}
	b.Release(t0 + 7_200_000)
	if len(*out) != 2 || (*out)[0].At < t0+7_200_000 || (*out)[0].Tally.Late != 1 || (*out)[1].Tally.Events != 1 {
		t.Fatalf("released: %+v", *out)
	}
	want := `{"ts":1782864000000,"type":"dtc","code":"P0562","data":{"n":1}}`
	if e := (*out)[1]; string(e.Payload) != want || !strings.HasSuffix(e.Topic, "/event") {
		t.Errorf("event %s on %s, want %s", e.Payload, e.Topic, want)
	}
}
