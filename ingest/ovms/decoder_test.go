package ovms_test

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
	"presage/ingest/ovms"
)

const (
	vin   presage.VIN = "WBY1Z21010V308114"
	other presage.VIN = "11111111111111111"
)

var arrival = time.Date(2026, 5, 1, 8, 0, 5, 123_456_789, time.UTC)

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

// What the session says, converted by hand: km to m, kW to W, output to input.
func TestSession(t *testing.T) {
	t.Parallel()
	const pack = "Vehicle.Powertrain.TractionBattery."
	want := map[string]presage.Value{
		"OVMS.s.v3.connected":                presage.Bool(true),
		"OVMS.m.version":                     presage.String("3.3.004"),
		"OVMS.v.type":                        presage.String("RT"),
		presage.SignalStateOfCharge:          presage.Number(96.3),
		pack + "StateOfHealth":               presage.Number(85),
		presage.SignalPackVoltage:            presage.Number(57.4),
		presage.SignalPackCurrent:            presage.Number(-12.5),
		pack + "CurrentPower":                presage.Number(-717.5),
		presage.SignalBattery12V:             presage.Number(12.29),
		presage.SignalCellVoltages:           presage.Array([]float64{4.105, 4.095, 4.1, 4.105}),
		pack + "Temperature.CellTemperature": presage.Array([]float64{13, 13, 14, 13}),
		presage.SignalPackTempMax:            presage.Number(14),
		pack + "CellVoltage.Min":             presage.Number(4.095),
		"OVMS.v.b.energy.used":               presage.Number(0.0209496),
		presage.SignalOdometer:               presage.Number(57_913_100),
		presage.SignalSpeed:                  presage.Number(0),
		"Vehicle.CurrentLocation.Latitude":   presage.Number(51.3023),
		"Vehicle.CurrentLocation.Longitude":  presage.Number(7.39006),
		presage.SignalTyreFrontLeft:          presage.Number(206.843),
		presage.SignalTyreFrontRight:         presage.Number(216.483),
		presage.SignalTyreRearLeft:           presage.Number(275.79),
		presage.SignalTyreRearRight:          presage.Number(175.79),
		presage.SignalTyreTempFrontLeft:      presage.Number(33),
		presage.SignalTyreTempFrontRight:     presage.Number(33),
		presage.SignalTyreTempRearLeft:       presage.Number(34),
		presage.SignalTyreTempRearRight:      presage.Number(38),
		"OVMS.v.t.alert":                     presage.Array([]float64{0, 0, 0, 1}),
		presage.SignalAmbient:                presage.Number(-3.5),
		presage.SignalLowVoltageState:        presage.String("OFF"),
		presage.SignalIsCharging:             presage.Bool(true),
		"OVMS.v.c.state":                     presage.String("charging"),
		"OVMS.v.d.fl":                        presage.Bool(false),
	}
	type fact struct{ At, Type, Code, Data string }
	wantEvents := []fact{
		{"2026-05-01T08:00:05.123Z", "ovms", "vehicle.charge.start", "{}"},
		{"2026-05-01T08:00:05.123Z", "alert", "charge.stopped", `{"text":"Charging stopped"}`},
		{"2026-05-01T08:00:05.123Z", "info", "drive.trip.log", `{"text":"Trip 12.3km"}`},
		{"2026-05-01T07:59:23.123Z", "data", "log.trip", `{"text":"*-LOG-Trip,1,5184000,12.3"}`}, // 42 s before
	}
	got, unknown := map[string]presage.Value{}, 0
	var events []fact
	d := ovms.New()
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
			events = append(events, fact{e.Time.Format(time.RFC3339Nano), e.Type, e.Code, string(e.Data)})
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wantEvents, events); diff != "" {
		t.Error(diff)
	}
	if unknown != 7 { // those under OVMS.
		t.Errorf("%d readings counted as unknown", unknown)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	top := "ovms/" + string(vin) + "/blue"
	for name, tt := range map[string]struct {
		topic, payload, reason, detail string
		fault                          bool // a part of the message
	}{
		"user is not a VIN":    {topic: "ovms/owner/blue/metric/v/b/soc", payload: "1", reason: ingest.ReasonWrongVIN, detail: "server.v3's user"},
		"id of another":        {topic: "ovms/" + string(vin) + "/" + string(other) + "/metric/v/b/soc", payload: "1", reason: ingest.ReasonForeignVIN, detail: "vehicle id"},
		"v.vin of another":     {topic: top + "/metric/v/vin", payload: string(other), reason: ingest.ReasonForeignVIN, detail: `"v.vin"`},
		"v.vin is not a VIN":   {topic: top + "/metric/v/vin", payload: "WBY", reason: ingest.ReasonBadValue, detail: "3 characters"},
		"nothing below":        {topic: "ovms/" + string(vin), payload: "1", reason: ingest.ReasonBadTopic},
		"empty id":             {topic: "ovms/" + string(vin) + "//metric/v/b/soc", payload: "1", reason: ingest.ReasonBadTopic},
		"unknown tail":         {topic: top + "/stats", payload: "1", reason: ingest.ReasonBadTopic},
		"no metric":            {topic: top + "/metric/", payload: "1", reason: ingest.ReasonBadTopic},
		"event without name":   {topic: top + "/event/", payload: "vehicle.x", reason: ingest.ReasonBadTopic},
		"other notification":   {topic: top + "/notify/stream/x", payload: "1", reason: ingest.ReasonBadTopic},
		"notify alone":         {topic: top + "/notify/alert", payload: "1", reason: ingest.ReasonBadValue, detail: "0 bytes"},
		"data without age":     {topic: top + "/notify/data/log", payload: "1", reason: ingest.ReasonBadTopic},
		"data from the future": {topic: top + "/notify/data/log/1/42", payload: "1", reason: ingest.ReasonBadValue},
		"data of an age":       {topic: top + "/notify/data/log/1/-9223372036854775808", payload: "1", reason: ingest.ReasonBadValue},
		"2 MiB":                {topic: top + "/metric/v/b/soc", payload: strings.Repeat("1", 2<<20), reason: ingest.ReasonTooLarge, detail: "2097152"},
		"not UTF-8":            {topic: top + "/metric/v/type", payload: "\xff\xfe", reason: ingest.ReasonBadValue},
		"a text":               {topic: top + "/metric/v/b/soc", payload: "full", reason: ingest.ReasonBadValue, detail: `"v.b.soc": want a finite number`, fault: true},
		"unit":                 {topic: top + "/metric/v/b/soc", payload: "96.3%", reason: ingest.ReasonBadValue, fault: true},
		"maybe":                {topic: top + "/metric/v/c/charging", payload: "maybe", reason: ingest.ReasonBadValue, detail: "true or false", fault: true},
		"cells with a hole":    {topic: top + "/metric/v/b/c/voltage", payload: "4.1,,4.1", reason: ingest.ReasonBadValue, detail: `"v.b.c.voltage": element 1`, fault: true},
		"wheels with a hole":   {topic: top + "/metric/v/t/pressure", payload: "206,,275,275", reason: ingest.ReasonBadValue, detail: "element 1", fault: true},
		"cells with inf":       {topic: top + "/metric/v/b/c/voltage", payload: "4.1,inf", reason: ingest.ReasonBadValue, fault: true},
		"long event":           {topic: top + "/event", payload: "vehicle." + strings.Repeat("x", 60), reason: ingest.ReasonBadValue, detail: "66 bytes"},
		"long event below":     {topic: top + "/event/vehicle/" + strings.Repeat("x", 60), payload: "", reason: ingest.ReasonBadValue, detail: "68 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := ovms.New().Decode(ingest.Message{Topic: tt.topic, Payload: []byte(tt.payload), Received: arrival})
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
			if strings.Contains(refused.Detail, string(vin)) || strings.Contains(refused.Detail, string(other)) {
				t.Errorf("a VIN in %q", refused.Detail)
			}
		})
	}
}

// What a broker sends again after a subscription is of unknown age.
func TestRetainedCopiesAreNotStored(t *testing.T) {
	t.Parallel()
	d := ovms.New()
	for _, m := range session(t) {
		m.Retained = true
		out, err := d.Decode(m)
		out.Dropped = 0
		if diff := cmp.Diff(ingest.Decoded{VIN: vin}, out); err != nil || diff != "" {
			t.Errorf("%s: %v %s", m.Topic, err, diff)
		}
	}
}

// The vehicle id may be the VIN itself; the order of another number of wheels is unknown.
func TestVariants(t *testing.T) {
	t.Parallel()
	d := ovms.New()
	for topic, want := range map[string]presage.Reading{
		"ovms/" + string(vin) + "/" + string(vin) + "/metric/v/p/speed": {Signal: presage.SignalSpeed, Value: presage.Number(1)},
		"ovms/" + string(vin) + "/metric/v/p/speed":                     {Signal: presage.SignalSpeed, Value: presage.Number(1)}, // topic.prefix without an id
		"ovms/" + string(vin) + "/metric/metric/v/p/speed":              {Signal: presage.SignalSpeed, Value: presage.Number(1)}, // a car called "metric"
		"ovms/" + string(vin) + "/blue/metric/v.p.speed":                {Signal: presage.SignalSpeed, Value: presage.Number(1)},
		"ovms/" + string(vin) + "/blue/metric/v/t/pressure":             {Signal: "OVMS.v.t.pressure", Value: presage.Array([]float64{1})},
		"ovms/" + string(vin) + "/blue/metric/v/b/c/voltage":            {Signal: presage.SignalCellVoltages, Value: presage.Array([]float64{1})},
		"ovms/" + string(vin) + "/blue/metric/v/tp/rr/p":                {Signal: presage.SignalTyreRearRight, Value: presage.Number(1)},
		"ovms/" + string(vin) + "/blue/metric/v/e/on":                   {Signal: "OVMS.v.e.on", Value: presage.String("1")},
	} {
		out, err := d.Decode(ingest.Message{Topic: topic, Payload: []byte("1"), Received: arrival})
		if err != nil || len(out.Samples) != 1 || !cmp.Equal([]presage.Reading{want}, out.Samples[0].Readings) {
			t.Errorf("%s: %v %+v", topic, err, out)
		}
	}
}

// A module of today publishes each of its events twice: its name as payload of
// event, and as topic below it. The vehicle's become one event, the module's own none.
func TestModuleEvents(t *testing.T) {
	t.Parallel()
	top := "ovms/" + string(vin) + "/EV/event"
	type message struct {
		topic, payload string
		after          time.Duration
	}
	for name, tt := range map[string]struct {
		messages []message
		want     []string
		dropped  int
	}{
		"both forms": {
			[]message{{top, "vehicle.on", 0}, {top + "/vehicle/on", "", time.Second}}, []string{"vehicle.on"}, 1,
		},
		"the new form alone": {[]message{{top + "/vehicle/charge/start", "", 0}}, []string{"vehicle.charge.start"}, 0},
		"twice in one form": {
			[]message{{top, "vehicle.on", 0}, {top, "vehicle.on", time.Second}}, []string{"vehicle.on", "vehicle.on"}, 0,
		},
		"both forms twice": {
			[]message{
				{top, "vehicle.on", 0},
				{top + "/vehicle/on", "", 0},
				{top, "vehicle.on", time.Second},
				{top + "/vehicle/on", "", time.Second},
			}, []string{"vehicle.on", "vehicle.on"}, 2,
		},
		"an hour between": {
			[]message{{top, "vehicle.on", 0}, {top + "/vehicle/on", "", time.Hour}}, []string{"vehicle.on", "vehicle.on"}, 0,
		},
		"of the module": {
			[]message{
				{top, "ticker.1", 0},
				{top + "/ticker/1", "", 0},
				{top + "/server/v3/connected", "", 0},
				{top, "", 0},
				{top, strings.Repeat("x", 1<<19), 0},
				{top + "/gps/lock/acquired", "", 0},
			}, nil, 6,
		},
		"of what it says of itself": {
			[]message{{"ovms/" + string(vin) + "/EV/status", "online", 0}, {"ovms/" + string(vin) + "/client/app/active", "1", 0}}, nil, 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := ovms.New()
			var got []string
			dropped := 0
			for _, m := range tt.messages {
				out, err := d.Decode(ingest.Message{Topic: m.topic, Payload: []byte(m.payload), Received: arrival.Add(m.after)})
				if err != nil || len(out.Faults)+len(out.Samples) > 0 {
					t.Fatalf("%s: %v %+v", m.topic, err, out)
				}
				dropped += out.Dropped
				for _, e := range out.Events {
					got = append(got, e.Code)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || dropped != tt.dropped {
				t.Errorf("%d dropped, want %d; %s", dropped, tt.dropped, diff)
			}
		})
	}
}

// What firmware prints for "not known" is nothing to keep.
func TestUndefined(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{"", " ", "nan", "-nan", "NaN", "inf"} {
		out, err := ovms.New().Decode(ingest.Message{
			Topic: "ovms/" + string(vin) + "/blue/metric/v/b/soc", Payload: []byte(payload), Received: arrival,
		})
		if diff := cmp.Diff(ingest.Decoded{VIN: vin}, out); err != nil || diff != "" {
			t.Errorf("%q: %v %s", payload, err, diff)
		}
	}
}

// At an external broker a user may have a name; whose it is says the operator, never the topic.
func TestNamedUsers(t *testing.T) {
	t.Parallel()
	d, err := ovms.For([]string{"anna=" + string(vin)})
	if err != nil {
		t.Fatal(err)
	}
	for topic, want := range map[string]presage.VIN{
		"ovms/anna/blue/metric/v/b/soc":              vin,
		"ovms/anna/metric/v/b/soc":                   vin,
		"ovms/" + string(other) + "/metric/v/b/soc":  other,
		"ovms/anna/" + string(vin) + "/metric/v/soc": vin,
	} {
		out, err := d.Decode(ingest.Message{Topic: topic, Payload: []byte("50"), Received: arrival})
		if err != nil || out.VIN != want || len(out.Samples) != 1 {
			t.Errorf("%s: %v %+v", topic, err, out)
		}
	}
	for _, topic := range []string{
		"ovms/bert/blue/metric/v/b/soc", "ovms/bert/" + string(vin) + "/metric/v/b/soc", "ovms/anna/" + string(other) + "/metric/v/b/soc",
	} {
		if out, err := d.Decode(ingest.Message{Topic: topic, Payload: []byte("50"), Received: arrival}); err == nil {
			t.Errorf("%s is taken: %+v", topic, out)
		}
	}
	for _, pairs := range [][]string{
		{"anna"},
		{"anna=blue"},
		{"=" + string(vin)},
		{"a/b=" + string(vin)},
		{string(other) + "=" + string(vin)},
		{"anna=" + string(vin), "anna=" + string(other)},
	} {
		if _, err := ovms.For(pairs); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%v: %v", pairs, err)
		}
	}
}
