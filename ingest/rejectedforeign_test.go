package ingest_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

// A reading that the store refuses becomes a letter in the native format,
// whatever format it came in, and goes in unchanged once the store takes it.
func TestRejectedForeignReadingsCanBeDrivenAgain(t *testing.T) {
	t.Parallel()
	clock := frame.Clock(arrival)
	rpm := frame.Frame{ // information type 4 of 2016: running, 0x07D0 = 2000 rpm, no consumption
		Version: frame.V2016, Command: frame.Realtime, Flag: frame.IsCommand, VIN: string(vinA),
		Encryption: frame.NoEncryption, Data: append(clock[:], 0x04, 1, 0x07, 0xD0, 0xFF, 0xFF),
	}.Append(nil)
	for name, x := range map[string]struct {
		topic   string
		payload []byte
		signal  string
		want    presage.Value
	}{
		"tesla":       {"telemetry/" + string(vinA) + "/v/VehicleSpeed", []byte("100"), presage.SignalSpeed, presage.Number(160.9344)}, // mph
		"tesla text":  {"telemetry/" + string(vinA) + "/v/Odd", []byte(`"far"`), "Tesla.Odd", presage.String("far")},
		"ovms":        {"ovms/" + string(vinA) + "/blue/metric/v/b/soc", []byte("50"), presage.SignalStateOfCharge, presage.Number(50)},
		"ovms text":   {"ovms/" + string(vinA) + "/blue/metric/m/odd", []byte("far"), "OVMS.m.odd", presage.String("far")},
		"gbt32960":    {"gbt32960/" + string(vinA) + "/frame", rpm, presage.SignalEngineSpeed, presage.Number(2000)},
		"native, too": {ingest.TelemetryTopic(vinA), []byte(`{"ts":1732190000123,"signals":{"Vehicle.Speed":7}}`), presage.SignalSpeed, presage.Number(7)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { rejectThenRedrive(t, x.topic, x.payload, x.signal, x.want) })
		})
	}
}

func rejectThenRedrive(t *testing.T, topic string, payload []byte, signal string, want presage.Value) {
	t.Helper()
	m := newMemory()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: append(formats(t), gbt32960.NewDecoder(nil)),
	})
	m.setWrite(func(samples []presage.Sample) error {
		return &presage.RejectedError{Reason: "field type conflict", Samples: samples}
	})
	submit(t, p, ingest.Message{Topic: topic, Payload: payload, Received: arrival})
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{ingest.ReasonStoreRejected}, m.reasons()); diff != "" || len(m.stored()) > 0 {
		t.Fatal(diff, m.stored())
	}
	if got := m.letters[0].Topic; got != ingest.TelemetryTopic(vinA) {
		t.Errorf("the letter's topic is %q", got)
	}
	m.setWrite(nil)
	done, err := ingest.Redrive(t.Context(), p, box(m, arrival))
	if err != nil || done.Accepted != 1 {
		t.Fatalf("%+v %v", done, err)
	}
	for _, s := range m.stored() {
		for _, r := range s.Readings {
			if r.Signal == signal {
				if diff := cmp.Diff(want, r.Value); diff != "" || s.VIN != vinA {
					t.Error(s.VIN, diff)
				}
				return
			}
		}
	}
	t.Errorf("%s is not among %+v", signal, m.stored())
}
