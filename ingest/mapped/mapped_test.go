package mapped_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/ingest"
	"presage/ingest/mapped"
)

const vin = "WBY1Z21010V308114"

var arrival = time.Date(2026, 5, 1, 8, 0, 5, 123_456_789, time.UTC)

func parse(tb testing.TB, text string) *mapped.Mapping {
	tb.Helper()
	m, err := mapped.Parse("f.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func shipped(tb testing.TB, name string) *mapped.Mapping {
	tb.Helper()
	m, err := mapped.Shipped(name)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// said is what the message gives: "SIGNAL@ms" -> value.
func said(tb testing.TB, m *mapped.Mapping, topic, payload string) (map[string]presage.Value, ingest.Decoded) {
	tb.Helper()
	out, err := m.Decode(ingest.Message{Topic: topic, Payload: []byte(payload), Received: arrival})
	if err != nil {
		tb.Fatalf("%s: %v", payload, err)
	}
	got := map[string]presage.Value{}
	for _, s := range out.Samples {
		for _, r := range s.Readings {
			got[fmt.Sprintf("%s@%d", r.Signal, s.Time.UnixMilli())] = r.Value
		}
	}
	return got, out
}

var near = cmpopts.EquateApprox(1e-9, 1e-6)

// Numbers by hand: 36 psi is 36 * 6.894757293 kPa, 41,000 km are 41e6 m.
func TestWiCAN(t *testing.T) {
	t.Parallel()
	m := shipped(t, "wican")
	const at = "@1777622405123"
	got, out := said(t, m, "wican/"+vin+"/autopid",
		`{"SOC_D":81.5,"ODOMETER":41000,"TYRE_P_FL":36,"LV_V":12.61,"HV_A":-3.5,"CHARGING":1,"Engine RPM":700,"SOH":null}`)
	if diff := cmp.Diff(map[string]presage.Value{
		presage.SignalStateOfCharge + at: presage.Number(81.5),
		presage.SignalOdometer + at:      presage.Number(41e6),
		presage.SignalTyreFrontLeft + at: presage.Number(248.211262548),
		presage.SignalBattery12V + at:    presage.Number(12.61),
		presage.SignalIsCharging + at:    presage.Bool(true),
		"WiCAN.HV_A" + at:                presage.Number(-3.5),
		"WiCAN.Engine_RPM" + at:          presage.Number(700),
	}, got, near); diff != "" || out.VIN != vin || out.Unknown != 2 || len(out.Faults) > 0 || !out.Untimed {
		t.Error(diff, out.VIN, out.Unknown, out.Faults)
	}
	// A value that was read 90 s before it was published.
	got, out = said(t, m, "wican/"+vin+"/autopid", `{"SPEED":50,"_meta":{"age":90,"stale":true}}`)
	if diff := cmp.Diff(map[string]presage.Value{
		presage.SignalSpeed + "@1777622315123": presage.Number(50), "WiCAN._meta.stale@1777622315123": presage.Bool(true),
	}, got); diff != "" || out.Untimed {
		t.Error(diff)
	}
	for _, nothing := range []string{
		`{"error": "Timeout, pid: 010C1"}`, `{"status": "online"}`, `{"rsp":"ok"}`,
		`{"bus":"0","type":"rx","ts":27567,"frame":[{"id":2028,"dlc":8,"rtr":false,"extd":false,"data":[5,98,73]}]}`,
	} {
		if got, out := said(t, m, "wican/"+vin+"/can/rx", nothing); len(got)+len(out.Faults) > 0 || out.Dropped != 1 {
			t.Errorf("%s: %v %v", nothing, got, out.Faults)
		}
	}
}

// The payload is one that a bridge handed on: numbers are text there.
func TestTorque(t *testing.T) {
	t.Parallel()
	got, out := said(t, shipped(t, "torque"), "torque/"+vin+"/status", `{"eml":"somebody@example.com","v":"9",`+
		`"session":"1760720540354","id":"8e86","time":"1760720563501","kff1005":"8.68","kff1006":"49.4",`+
		`"kd":"97.0","kc":"2150.25","k5":"88.0","k42":"14.1","ka6":"57913.1","defaultUnit46":"°C"}`)
	const at = "@1760720563501"
	if diff := cmp.Diff(map[string]presage.Value{
		presage.SignalSpeed + at: presage.Number(97), presage.SignalEngineSpeed + at: presage.Number(2150.25),
		"Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature" + at: presage.Number(88),
		presage.SignalModuleVoltage + at:                                     presage.Number(14.1),
		presage.SignalOdometer + at:                                          presage.Number(57913100),
	}, got, near); diff != "" || len(out.Faults) > 0 {
		t.Error(diff, out.Faults)
	}
}

const logger = `
name: my-logger
topics:
  - fleet/{device}/obd
  - fleet/{device}/value/{field}
devices:
  A1b2C3: WBY1Z21010V308114
time: {path: head.t, unit: s}
samples: rows
prefix: My.
signals:
  speed: {signal: Vehicle.Speed, unit: mph}
  out\.side: {signal: Vehicle.Exterior.AirTemperature, unit: °F}
  "cells[*].mv": {signal: Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages, unit: mV}
  tyres[1]: {signal: Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.Pressure, unit: bar}
  soc: {signal: Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed, factor: 0.5, invalid: [255]}
  ready: {signal: Vehicle.Powertrain.CombustionEngine.IsRunning, words: {"on": "true", "off": "false"}}
  coolant: {signal: Vehicle.OBD.CoolantTemperature, unit: K, factor: 0.1}
`

// By hand: 60 mph = 96.56064 km/h, 50 °F = 10 °C, 2.4 bar = 240 kPa, 3,631.5 dK = 90 °C.
func TestEveryKey(t *testing.T) {
	t.Parallel()
	m := parse(t, logger)
	got, out := said(t, m, "fleet/a1B2c3/obd", `{"head":{"t":1777622400.5},"rows":[`+
		`{"speed":60,"out.side":50,"cells":[{"mv":3500},{"mv":"3250"}],"tyres":[2.3,2.4],"soc":161,"ready":"on","coolant":3631.5,"x":{"y":"7"}},`+
		`{"head":{"t":1777622399},"speed":0,"soc":255,"ready":"maybe"}, 5]}`)
	const a, b = "@1777622400500", "@1777622399000"
	if diff := cmp.Diff(map[string]presage.Value{
		presage.SignalSpeed + a: presage.Number(96.56064), presage.SignalAmbient + a: presage.Number(10),
		presage.SignalCellVoltages + a:                      presage.Array([]float64{3.5, 3.25}),
		presage.SignalTyreFrontRight + a:                    presage.Number(240),
		presage.SignalStateOfCharge + a:                     presage.Number(80.5),
		"Vehicle.Powertrain.CombustionEngine.IsRunning" + a: presage.Bool(true),
		"Vehicle.OBD.CoolantTemperature" + a:                presage.Number(90),
		"My.x.y" + a:                                        presage.Number(7),
		presage.SignalSpeed + b:                             presage.Number(0),
	}, got, near); diff != "" || out.VIN != vin {
		t.Error(diff)
	}
	var faults []string
	for _, f := range out.Faults {
		faults = append(faults, fmt.Sprint(f.Reason, " ", f.Count, " ", f.Detail))
	}
	if diff := cmp.Diff([]string{
		`bad_value 1 "ready": a word that the mapping does not list`,
		"malformed_json 1 a sample is not an object: want {...}, or an array of them",
	}, faults); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"fleet/{vin}/obd", "fleet/{vin}/value/+"}, m.Topics()); diff != "" {
		t.Error(diff)
	}
	for topic, want := range map[string]bool{
		"fleet/x/obd": true, "fleet/x/obd/y": false, "fleet/x": false, "fleet/x/value/soc": true, "other/x/obd": false, "": false,
	} {
		if m.Matches(topic) != want {
			t.Errorf("%q matches: %v", topic, !want)
		}
	}
}

// A value of its own topic, and a retained one of unknown age.
func TestFieldOfTheTopic(t *testing.T) {
	t.Parallel()
	m := parse(t, "name: l\ntopics: ['car/{vin}/{field}']\nsignals:\n  soc: Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed\n"+
		"  state: Vehicle.LowVoltageSystemState\n")
	for topic, tt := range map[string]struct {
		payload string
		want    presage.Value
	}{
		"soc": {"55.5", presage.Number(55.5)}, "state": {"ON", presage.String("ON")},
	} {
		got, _ := said(t, m, "car/"+strings.ToLower(vin)+"/"+topic, tt.payload)
		if len(got) != 1 {
			t.Errorf("%s: %v", topic, got)
		}
		for _, v := range got {
			if diff := cmp.Diff(tt.want, v); diff != "" {
				t.Error(diff)
			}
		}
	}
	out, err := m.Decode(ingest.Message{Topic: "car/" + vin + "/soc", Payload: []byte("1"), Received: arrival, Retained: true})
	if err != nil || len(out.Samples) > 0 {
		t.Error(err, out)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	m := parse(t, logger)
	for name, tt := range map[string]struct{ topic, payload, reason, detail string }{
		"unknown device": {"fleet/zzz/obd", "{}", ingest.ReasonWrongVIN, "devices"},
		"another topic":  {"x/y", "{}", ingest.ReasonBadTopic, "my-logger"},
		"cut off":        {"fleet/a1b2c3/obd", `{"rows":[`, ingest.ReasonMalformed, "not JSON"},
		"two values":     {"fleet/a1b2c3/obd", `{} {}`, ingest.ReasonMalformed, "more than one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := m.Decode(ingest.Message{Topic: tt.topic, Payload: []byte(tt.payload), Received: arrival})
			refused, _ := errors.AsType[*ingest.RefusedError](err)
			if refused == nil || refused.Reason != tt.reason || !strings.Contains(refused.Detail, tt.detail) {
				t.Error(err)
			}
		})
	}
	for payload, detail := range map[string]string{
		`{"rows":[{"speed":1}]}`:                            "no time",
		`{"head":{"t":"x"},"rows":[{"speed":1}]}`:           "not a number",
		`{"head":{"t":1e300},"rows":[{"speed":1}]}`:         "unit",
		`{"head":{"t":null},"rows":[{"speed":1}]}`:          "not a number",
		`{"head":{"t":1},"rows":[{"speed":"fast"}]}`:        "finite number",
		`{"head":{"t":1},"rows":[{"speed":1e999}]}`:         "finite number",
		`{"head":{"t":1},"rows":[{"speed":{"a":1}}]}`:       "object",
		`{"head":{"t":1},"rows":[{"cells":[{"mv":null}]}]}`: "element 0",
	} {
		_, out := said(t, m, "fleet/a1b2c3/obd", payload)
		if len(out.Faults) != 1 || !strings.Contains(out.Faults[0].Detail, detail) || len(out.Samples) > 0 {
			t.Errorf("%s: %+v", payload, out)
		}
	}
}

// Every fault is named by file, line and key, all at once.
func TestFaultsOfAFile(t *testing.T) {
	t.Parallel()
	text := `name: My Logger
topics: [x/y, "presage/{vin}", "a/{vin}/{device}", "a//{vin}"]
devices: {a: NOVIN}
tme: 1
time: {path: t, unit: fortnights}
prefix: Vehicle.
signals:
  a: Vehicle.Sped
  b: {signal: Vehicle.Speed, unit: psi}
  c: {signal: Vehicle.Speed, factor: x}
  d: {signal: Vehicle.IsMoving, unit: km}
  e..f: Vehicle.Speed
  g[x]: Vehicle.Speed
  h: {unit: km}
  a: Vehicle.Speed
  i: {signal: Vehicle.IsMoving, words: {yes: 7}}
`
	_, err := mapped.Parse("f.yaml", []byte(text))
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatal(err)
	}
	want := []string{
		"f.yaml:1: name: ", "f.yaml:2: topics: \"x/y\": want {vin}", "f.yaml:2: topics: \"presage/", "f.yaml:2: topics: \"a/{vin}/{device}\"",
		"f.yaml:2: topics: \"a//{vin}\"", "f.yaml:3: devices.a: ", "f.yaml:4: tme: unknown key", "f.yaml:5: time.unit: ",
		"f.yaml:6: prefix: ", "f.yaml:8: signals.a: \"Vehicle.Sped\" is not in the signal table",
		"f.yaml:9: signals.b.unit: unit \"psi\": the signal is measured in km/h: want km/h, kn, m/s, mph",
		"f.yaml:10: signals.c.factor: ", "f.yaml:11: signals.d: ", "f.yaml:12: signals.e..f: path", "f.yaml:13: signals.g[x]: path",
		"f.yaml:14: signals.h: signal is missing", "f.yaml:15: signals.a: duplicate path", "f.yaml:16: signals.i.words.yes: ",
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Errorf("%d faults, want %d:\n%v", len(lines), len(want), err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is missing in\n%v", w, err)
		}
	}
	for text, want := range map[string]string{
		"": "empty", "[1]": "keys and values", "a: [": "not YAML", "topics: ['a/{vin}']": "name: is missing", "name: a\ntopics:": "want a text",
		"name: a\ntopics: ['a/{vin}']": "signals: is missing", "name: tesla\n": "another format's", "name: a\nsignals: {}": "topics: is missing",
		"name: a\nname: b": "duplicate key", "name: a\ntime: {age: x, unit: rfc3339}": "an age is a number",
		"name: a\ntime: {path: x, age: y, unit: s}": "or {age",
	} {
		if _, err := mapped.Parse("f.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestShippedNames(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"torque", "wican"}, mapped.ShippedNames()); diff != "" {
		t.Error(diff)
	}
	for _, name := range mapped.ShippedNames() {
		if m := shipped(t, name); m.Name() != name {
			t.Errorf("%s calls itself %s", name, m.Name())
		}
	}
	if _, err := mapped.Shipped("none"); !errors.Is(err, presage.ErrNotFound) {
		t.Error(err)
	}
}

// Whatever the payload, nothing panics and every reading belongs to the VIN.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"head":{"t":1777622400.5},"rows":[{"speed":60,"cells":[{"mv":1}],"tyres":[1,2],"x":{"y":[1]}}]}`))
	f.Add([]byte(`[1,{"a":{}}]`))
	f.Add([]byte("55"))
	m, w := parse(f, logger), shipped(f, "wican")
	f.Fuzz(func(t *testing.T, payload []byte) {
		for format, topic := range map[*mapped.Mapping]string{m: "fleet/" + vin + "/value/x", w: "wican/" + vin + "/a"} {
			out, _ := format.Decode(ingest.Message{Topic: topic, Payload: payload, Received: arrival})
			for _, s := range out.Samples {
				if s.VIN != vin || len(s.Readings) == 0 || len(s.Readings) > 300 {
					t.Errorf("%+v", s)
				}
			}
			if len(out.Faults) > 4 {
				t.Errorf("%d faults", len(out.Faults))
			}
		}
	})
}

// Whatever the file, Parse returns a mapping or faults.
func FuzzParse(f *testing.F) {
	f.Add([]byte(logger))
	f.Add([]byte("name: a\ntopics: x\nsignals: {a: {words: {}}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := mapped.Parse("f", text)
		if (m == nil) == (err == nil) {
			t.Errorf("%v %v", m, err)
		}
	})
}
