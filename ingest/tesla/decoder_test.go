package tesla_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/ingest"
	"presage/ingest/tesla"
)

const vin presage.VIN = "5YJ3E1EA2JF000316"

var arrival = time.Date(2026, 5, 1, 8, 0, 5, 123_456_789, time.UTC)

// close allows for the rounding of a unit.
var near = cmpopts.EquateApprox(1e-9, 1e-9)

func decoder(tb testing.TB) *tesla.Decoder {
	tb.Helper()
	d, err := tesla.New(tesla.DefaultBase)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// session is testdata/session.txt, topic by topic.
func session(tb testing.TB) []ingest.Message {
	tb.Helper()
	text, err := os.ReadFile("testdata/session.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var out []ingest.Message
	for line := range strings.Lines(string(text)) {
		topic, payload, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		out = append(out, ingest.Message{Topic: topic, Payload: []byte(payload), Received: arrival})
	}
	return out
}

// What the session says, converted by hand: 1 mile = 1609.344 m, 1 bar = 100 kPa.
func TestSession(t *testing.T) {
	t.Parallel()
	const pack = "Vehicle.Powertrain.TractionBattery."
	want := map[string]presage.Value{
		"Tesla.VehicleName":                  presage.String("Blue"),
		"Tesla.Version":                      presage.String("2025.20"), // not the number 2025.2
		presage.SignalStateOfCharge:          presage.Number(75.5),
		pack + "StateOfCharge.Current":       presage.Number(74.9),
		presage.SignalOdometer:               presage.Number(18_138_819.66336), // 11270.940 * 1609.344
		presage.SignalSpeed:                  presage.Number(99.779328),        // 62 * 1.609344
		"Tesla.Gear":                         presage.String("ShiftStateD"),
		presage.SignalPackVoltage:            presage.Number(367.95),
		presage.SignalPackCurrent:            presage.Number(-0.6),
		pack + "CellVoltage.Max":             presage.Number(3.506),
		pack + "CellVoltage.Min":             presage.Number(3.502),
		"Tesla.NumBrickVoltageMin":           presage.Number(45),
		presage.SignalPackTempMax:            presage.Number(41.5),
		presage.SignalPackTempMin:            presage.Number(41),
		presage.SignalTyreFrontLeft:          presage.Number(290),
		low("Row1", "Left"):                  presage.Bool(false),
		low("Row1", "Right"):                 presage.Bool(false),
		low("Row2", "Left"):                  presage.Bool(true),
		low("Row2", "Right"):                 presage.Bool(false),
		"Tesla.TpmsSoftWarnings.front_left":  presage.Bool(false),
		"Tesla.TpmsSoftWarnings.front_right": presage.Bool(false),
		"Tesla.TpmsSoftWarnings.rear_left":   presage.Bool(false),
		"Tesla.TpmsSoftWarnings.rear_right":  presage.Bool(false),
		"Vehicle.CurrentLocation.Latitude":   presage.Number(37.4925352),
		"Vehicle.CurrentLocation.Longitude":  presage.Number(-121.9447469),
		"Tesla.DoorState.DriverFront":        presage.Bool(true),
		"Tesla.DoorState.DriverRear":         presage.Bool(false),
		"Tesla.DoorState.PassengerFront":     presage.Bool(false),
		"Tesla.DoorState.PassengerRear":      presage.Bool(false),
		"Tesla.DoorState.TrunkFront":         presage.Bool(false),
		"Tesla.DoorState.TrunkRear":          presage.Bool(false),
		presage.SignalIsCharging:             presage.Bool(true),
		"Tesla.DCChargingPower":              presage.Number(58.25),
		presage.SignalInsulation:             presage.Number(4990),
		"Tesla.Locked":                       presage.Bool(true),
	}
	type fact struct{ At, Type, Code string }
	wantEvents := []fact{
		{"2026-05-01T07:58:31Z", "connectivity", "CONNECTED"},
		{"2026-05-01T08:00:02Z", "alert", "VCFRONT_a192_chargePortDoorOpen"},
		{"2026-04-30T19:12:00Z", "alert", "VCFRONT_a192_chargePortDoorOpen"},
		{"2026-04-30T19:12:41Z", "alert_end", "VCFRONT_a192_chargePortDoorOpen"},
		{"2026-05-01T08:00:02Z", "alert", "VCFRONT_a192_chargePortDoorOpen"}, // the same once more: no second row
		{"2026-05-01T07:58:33Z", "error", "fleet_telemetry_config_error"},
	}
	got, unknown := map[string]presage.Value{}, 0
	var events []fact
	d := decoder(t)
	for _, m := range session(t) {
		out, err := d.Decode(m)
		if err != nil || len(out.Faults) > 0 || out.VIN != vin {
			t.Fatalf("%s: %v %+v", m.Topic, err, out.Faults)
		}
		unknown += out.Unknown
		for _, s := range out.Samples {
			if s.VIN != vin || !s.Time.Equal(arrival.Truncate(time.Millisecond)) {
				t.Errorf("%s: vehicle %s at %v", m.Topic, s.VIN, s.Time)
			}
			for _, r := range s.Readings {
				got[r.Signal] = r.Value
			}
		}
		for _, e := range out.Events {
			events = append(events, fact{e.Time.Format(time.RFC3339), e.Type, e.Code})
		}
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wantEvents, events); diff != "" {
		t.Error(diff)
	}
	own := 0
	for name := range want {
		if strings.HasPrefix(name, tesla.Prefix) {
			own++
		}
	}
	if unknown != own {
		t.Errorf("%d readings counted as unknown, want %d", unknown, own)
	}
}

func low(row, side string) string {
	return "Vehicle.Chassis.Axle." + row + ".Wheel." + side + ".Tire.IsPressureLow"
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	top := "telemetry/" + string(vin)
	for name, tt := range map[string]struct {
		topic, payload, reason, detail string
		fault                          bool // the rest of the message is taken
	}{
		"no VIN":                 {topic: "telemetry/MYCAR/v/Soc", payload: "1", reason: ingest.ReasonWrongVIN, detail: "want 17"},
		"wrong check digit":      {topic: "telemetry/5YJ3E1EA7JF000316/v/Soc", payload: "1", reason: ingest.ReasonWrongVIN, detail: "check digit"},
		"nothing below":          {topic: top, payload: "1", reason: ingest.ReasonBadTopic, detail: "/v/<field>"},
		"unknown tail":           {topic: top + "/w/Soc", payload: "1", reason: ingest.ReasonBadTopic},
		"too deep":               {topic: top + "/v/Soc/x", payload: "1", reason: ingest.ReasonBadTopic},
		"no field":               {topic: top + "/v/", payload: "1", reason: ingest.ReasonBadTopic},
		"alert without state":    {topic: top + "/alerts/X", payload: "{}", reason: ingest.ReasonBadTopic},
		"other state":            {topic: top + "/alerts/X/next", payload: "{}", reason: ingest.ReasonBadTopic},
		"empty":                  {topic: top + "/v/Soc", payload: " ", reason: ingest.ReasonEmpty, detail: `"Soc"`},
		"broken":                 {topic: top + "/v/Soc", payload: `"12`, reason: ingest.ReasonMalformed, detail: `"Soc"`},
		"broken object":          {topic: top + "/v/Location", payload: `{"latitude":1`, reason: ingest.ReasonMalformed, detail: `"Location"`},
		"NaN":                    {topic: top + "/v/Soc", payload: "NaN", reason: ingest.ReasonMalformed, detail: "finite"},
		"two values":             {topic: top + "/v/Soc", payload: "1 2", reason: ingest.ReasonMalformed},
		"too large a number":     {topic: top + "/v/Soc", payload: "1e999", reason: ingest.ReasonMalformed},
		"a list":                 {topic: top + "/v/Soc", payload: "[1]", reason: ingest.ReasonMalformed, detail: "want a number"},
		"2 MiB":                  {topic: top + "/v/Soc", payload: strings.Repeat("1", 2<<20), reason: ingest.ReasonTooLarge, detail: "2097152"},
		"text for a number":      {topic: top + "/v/Soc", payload: `"full"`, reason: ingest.ReasonBadValue, detail: `"Soc": want a finite number`, fault: true},
		"no position":            {topic: top + "/v/Location", payload: `"Berlin"`, reason: ingest.ReasonBadValue, detail: "position", fault: true},
		"beyond the pole":        {topic: top + "/v/Location", payload: `"(90.5 N, 1 E)"`, reason: ingest.ReasonBadValue, fault: true},
		"no tyre":                {topic: top + "/v/TpmsHardWarnings", payload: `"front_left, spare"`, reason: ingest.ReasonBadValue, fault: true},
		"one alert of two":       {topic: top + "/alerts/X/history", payload: `[{"StartedAt":"2026-05-01T08:00:02Z"},{"StartedAt":1}]`, reason: ingest.ReasonBadValue, fault: true},
		"true for a number":      {topic: top + "/v/Odometer", payload: "true", reason: ingest.ReasonBadValue, fault: true},
		"nested object":          {topic: top + "/v/DoorState", payload: `{"A":{"B":1}}`, reason: ingest.ReasonBadValue, detail: `"DoorState.A"`, fault: true},
		"text for a flag":        {topic: top + "/v/TpmsHardWarnings", payload: `{"rear_left":"maybe"}`, reason: ingest.ReasonBadValue, fault: true},
		"alert is not an object": {topic: top + "/alerts/X/current", payload: "1", reason: ingest.ReasonMalformed},
		"alert is null":          {topic: top + "/alerts/X/current", payload: "null", reason: ingest.ReasonMalformed},
		"history is not a list":  {topic: top + "/alerts/X/history", payload: "{}", reason: ingest.ReasonMalformed},
		"alert's time":           {topic: top + "/alerts/X/current", payload: `{"StartedAt":"yesterday"}`, reason: ingest.ReasonMalformed},
		"alert without time":     {topic: top + "/alerts/X/current", payload: `{"Audiences":[]}`, reason: ingest.ReasonMissingTime, fault: true},
		"alert's long name":      {topic: top + "/alerts/" + strings.Repeat("x", 65) + "/current", payload: `{}`, reason: ingest.ReasonBadValue, detail: "65 bytes"},
		"no status":              {topic: top + "/connectivity", payload: `{"CreatedAt":"2026-05-01T08:00:00Z"}`, reason: ingest.ReasonBadValue, detail: "Status"},
		"no creation":            {topic: top + "/connectivity", payload: `{"Status":"CONNECTED"}`, reason: ingest.ReasonMissingTime, detail: "CreatedAt"},
		"connectivity broken":    {topic: top + "/connectivity", payload: `{`, reason: ingest.ReasonMalformed},
		"error broken":           {topic: top + "/errors/X", payload: `[]`, reason: ingest.ReasonMalformed},
		"error without name":     {topic: top + "/errors/", payload: `{}`, reason: ingest.ReasonBadValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := decoder(t).Decode(ingest.Message{Topic: tt.topic, Payload: []byte(tt.payload), Received: arrival})
			refused, _ := errors.AsType[*ingest.RefusedError](err)
			switch {
			case tt.fault && (err != nil || len(out.Faults) != 1):
				t.Fatalf("error %v, faults %+v", err, out.Faults)
			case tt.fault:
				refused = &ingest.RefusedError{Reason: out.Faults[0].Reason, Detail: out.Faults[0].Detail}
			case refused == nil || len(out.Samples)+len(out.Events) > 0:
				t.Fatalf("taken: %+v (%v)", out, err)
			}
			if refused.Reason != tt.reason || !strings.Contains(refused.Detail, tt.detail) {
				t.Errorf("%v, want %s: %s", refused, tt.reason, tt.detail)
			}
			if strings.Contains(refused.Detail, string(vin)) {
				t.Errorf("a VIN in %q", refused.Detail)
			}
		})
	}
}

// What is not a value now, and what is of unknown age, is nothing to keep.
func TestNothingToKeep(t *testing.T) {
	t.Parallel()
	top := "telemetry/" + string(vin)
	for _, m := range []ingest.Message{
		{Topic: top + "/v/Soc", Payload: []byte("null")},
		{Topic: top + "/v/Soc", Payload: []byte(`"<invalid>"`)},
		{Topic: top + "/v/Location", Payload: []byte(`{"latitude":null}`)},
		{Topic: top + "/v/Soc", Payload: []byte(`{"invalid":true}`)},
		{Topic: top + "/v/Location", Payload: []byte(`{"invalid":true}`)},
		{Topic: top + "/v/TpmsHardWarnings", Payload: []byte(`{"invalid":true}`)},
		{Topic: top + "/v/Soc", Payload: []byte(`{"value":"<invalid>"}`)},
		{Topic: top + "/v/Soc", Payload: []byte(`"NaN"`)},
		{Topic: top + "/v/MinutesToArrival", Payload: []byte(`"-nan"`)}, // no field of the table
		{Topic: top + "/v/Soc", Payload: []byte(`{"doubleValue":"NaN"}`)},
		{Topic: top + "/v/Soc", Payload: []byte(`"\"NaN\""`)},
		{Topic: top + "/v/Location", Payload: []byte(`""`)},
		{Topic: top + "/v/Soc", Payload: []byte("50"), Retained: true},
		{Topic: top + "/v/Soc", Payload: []byte("broken"), Retained: true}, // its live copy is a dead letter already
		{Topic: top + "/errors/X", Payload: []byte("{}"), Retained: true},
	} {
		m.Received = arrival
		out, err := decoder(t).Decode(m)
		if diff := cmp.Diff(ingest.Decoded{VIN: vin}, out); err != nil || diff != "" {
			t.Errorf("%s %s: %v %s", m.Topic, m.Payload, err, diff)
		}
	}
}

// A word that a newer firmware has is kept as it is.
func TestUnknownWord(t *testing.T) {
	t.Parallel()
	out, err := decoder(t).Decode(ingest.Message{
		Topic: "telemetry/" + string(vin) + "/v/DetailedChargeState", Payload: []byte(`"DetailedChargeStateHeating"`), Received: arrival,
	})
	want := []presage.Reading{{Signal: "Tesla.DetailedChargeState", Value: presage.String("DetailedChargeStateHeating")}}
	if err != nil || len(out.Samples) != 1 || out.Unknown != 1 || !cmp.Equal(want, out.Samples[0].Readings) {
		t.Errorf("%v %+v", err, out)
	}
}

func TestBase(t *testing.T) {
	t.Parallel()
	for base, ok := range map[string]bool{
		"telemetry": true, "fleet/tesla-eu": true, "": false, "/a": false, "a/": false, "a//b": false, "a b": false, "a/+": false,
		"a/#": false, "a.b": false, "$SYS": false, "presage/v1": false, "ovms": false, "gbt32960": false, "{vin}": false,
	} {
		d, err := tesla.New(base)
		if (err == nil) != ok || err != nil && !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v", base, err)
		}
		if err == nil && (!d.Matches(base+"/x/v/y") || d.Matches(base+"x/v/y") || d.Matches(base)) {
			t.Errorf("%q does not match its own topics, or matches others", base)
		}
	}
}
