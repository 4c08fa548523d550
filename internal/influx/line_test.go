package influx_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
	"presage/internal/influx"
	"presage/internal/storetest"
)

// reference is the line that the library's own encoder writes.
func reference(t *testing.T, s presage.Sample) string {
	t.Helper()
	var e lineprotocol.Encoder
	e.SetPrecision(lineprotocol.Millisecond)
	e.StartLine("telemetry")
	e.AddTag("vin", string(s.VIN))
	for _, r := range s.Readings {
		var v lineprotocol.Value
		switch r.Value.Kind {
		case presage.KindBool:
			v = lineprotocol.BoolValue(r.Value.Number != 0)
		case presage.KindString:
			v, _ = lineprotocol.StringValue(r.Value.Text)
		case presage.KindNumber, presage.KindArray:
			v, _ = lineprotocol.FloatValue(r.Value.Number)
		}
		e.AddField(r.Signal, v)
	}
	e.EndLine(s.Time)
	if err := e.Err(); err != nil {
		t.Fatal(err)
	}
	return string(e.Bytes())
}

// The lines are those of the library, byte for byte: names and texts with
// everything that is escaped, numbers below the million that has an exponent there.
func TestLinesAreTheLibrarys(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = `abAB09 ,="\/[]{}-_.:'äß中😀`
	word := func() string {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			letters := []rune(alphabet)
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return "x" + b.String() + "x" // neither a trailing backslash nor what begins our own quoting
	}
	encoder := influx.NewEncoder()
	var samples []presage.Sample
	want := ""
	for i := range 2000 {
		s := storetest.Sample(storetest.VIN(i%7), int64(i)*997-500_000)
		for range 1 + r.IntN(8) {
			var v presage.Value
			switch r.IntN(4) {
			case 0:
				v = presage.Bool(r.IntN(2) == 0)
			case 1:
				v = presage.String(word())
			case 2:
				v = presage.Number(math.Round(r.Float64()*2e9-1e9) / 1e4)
			default:
				v = presage.Number(r.Float64() - 0.5)
			}
			if x := math.Abs(v.Number); v.Kind == presage.KindNumber && (x >= 1e6 || x != 0 && x < 1e-3) {
				v.Number = 12.5
			}
			s.Readings = append(s.Readings, presage.Reading{Signal: word(), Value: v})
		}
		samples = append(samples, s)
		want += reference(t, s)
	}
	for range 2 { // from memory that was used before, too
		text, rejected := encoder.Encode(samples)
		if rejected != nil {
			t.Fatal(rejected)
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(text), "\n")); diff != "" {
			t.Fatal(diff)
		}
	}
}

// FuzzNumber: every float64 reads back bit for bit by the library's decoder.
func FuzzNumber(f *testing.F) {
	for _, x := range []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 0.05, 0.001, 0.0001, 53.2, 18837700, 999999999999999, 1e15, 1e21, 1e22, 5e-324,
		math.MaxFloat64, 1.0 / 3, 4503599627370497.5, 0.30000000000000004, 99999999999.9995,
	} {
		f.Add(math.Float64bits(x))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		x := math.Float64frombits(bits)
		s := storetest.Sample(storetest.VIN(1), 5, presage.Reading{Signal: "A", Value: presage.Number(x)})
		text, rejected := influx.NewEncoder().Encode([]presage.Sample{s})
		if math.IsNaN(x) || math.IsInf(x, 0) {
			if rejected == nil || len(text) > 0 {
				t.Fatalf("%v is encoded as %q", x, text)
			}
			return
		}
		d := lineprotocol.NewDecoderWithBytes(text)
		if !d.Next() {
			t.Fatal("no line")
		}
		_, _, value, err := fields(d)
		if err != nil {
			t.Fatalf("%v: %q: %v", x, text, err)
		}
		if got := value.FloatV(); math.Float64bits(got) != bits {
			t.Fatalf("%v is encoded as %q", x, text)
		}
	})
}

// fields reads a line of one tag and one field.
func fields(d *lineprotocol.Decoder) (tag, key []byte, v lineprotocol.Value, err error) {
	if _, err = d.Measurement(); err != nil {
		return nil, nil, v, err
	}
	for {
		name, value, err := d.NextTag()
		if err != nil {
			return nil, nil, v, err
		}
		if name == nil {
			break
		}
		tag = value
	}
	if key, v, err = d.NextField(); err != nil {
		return nil, nil, v, err
	}
	_, err = d.Time(lineprotocol.Millisecond, time.Time{})
	return tag, key, v, err
}

// Presage's own series stand in measurements of their own, a line a component.
func TestOwnSeriesAreTaggedByComponent(t *testing.T) {
	t.Parallel()
	text, rejected := influx.NewEncoder().Encode([]presage.Sample{storetest.Sample(storetest.VIN(1), 0,
		reading("Presage.battery_12v.fail_30d", presage.Number(0.25)), reading("Presage.battery_12v.life_days", presage.Number(81)),
		reading("Presage.odd one.fail_30d", presage.Number(0.5)), reading("Presage.rollup.vehicle.distance_km", presage.Number(42)),
	)})
	at := fmt.Sprint(" ", storetest.Start().UnixMilli(), "\n")
	tag := ",vin=" + string(storetest.VIN(1)) + " "
	want := "prognosis,component=battery_12v" + tag + "fail_30d=0.25,life_days=81" + at +
		`prognosis,component=odd\ one` + tag + "fail_30d=0.5" + at + "rollup,component=vehicle" + tag + "distance_km=42" + at
	if diff := cmp.Diff(want, string(text)); diff != "" || rejected != nil {
		t.Errorf("lines (-want +got):\n%s%v", diff, rejected)
	}
}
