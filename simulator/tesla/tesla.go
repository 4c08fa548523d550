package tesla

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"presage"
	"presage/simulator"
	"presage/simulator/internal/native"
)

const (
	kmPerMile = 1.609344 // NIST SP 811
	kPaPerBar = 100
)

// Message is one MQTT message, published with QoS 1 and not retained.
type Message struct {
	Topic   string
	Payload []byte
}

// Encoder turns native messages into those of the dispatcher below Base.
type Encoder struct {
	Base string // "topic_base" of the dispatcher
}

// field is one number of the format.
type field struct {
	name, signal string
	per          float64 // VSS units in one of Tesla's
	decimals     int
}

func numbers() []field {
	return []field{
		{"VehicleSpeed", presage.SignalSpeed, kmPerMile, 3},
		{"Odometer", presage.SignalOdometer, 1000 * kmPerMile, 3},
		{"OutsideTemp", presage.SignalAmbient, 1, 1},
		{"TpmsPressureFl", presage.SignalTyreFrontLeft, kPaPerBar, 3},
		{"TpmsPressureFr", presage.SignalTyreFrontRight, kPaPerBar, 3},
		{"TpmsPressureRl", presage.SignalTyreRearLeft, kPaPerBar, 3},
		{"TpmsPressureRr", presage.SignalTyreRearRight, kPaPerBar, 3},
		{"PackVoltage", presage.SignalPackVoltage, 1, 3},
		{"PackCurrent", presage.SignalPackCurrent, 1, 3},
		{"BatteryLevel", presage.SignalStateOfCharge, 1, 3},
		{"ModuleTempMax", presage.SignalPackTempMax, 1, 1},
		{"ModuleTempMin", presage.SignalPackTempMin, 1, 1},
		{"IsolationResistance", presage.SignalInsulation, 1, 0},
	}
}

// Encode gives the messages of m in the order of its samples. A message that
// was cut off on its way is an ErrInvalid.
func (e Encoder) Encode(m simulator.Message) ([]Message, error) {
	doc, err := native.Read(m)
	if err != nil {
		return nil, err
	}
	top := e.Base + "/" + string(m.VIN) + "/"
	if doc.Event != nil {
		payload := fmt.Appendf(nil, `{"StartedAt":%q,"Audiences":["Service"]}`, doc.Event.Time)
		return []Message{{Topic: top + "alerts/" + doc.Event.Code + "/current", Payload: payload}}, nil
	}
	quoted := m.VIN[len(m.VIN)-1]%2 == 1 // without prefer_typed every value is a text
	var out []Message
	for _, s := range doc.Samples {
		out = append(out, values(top+"v/", s, quoted)...)
	}
	return out, nil
}

func values(top string, s native.Sample, quoted bool) []Message {
	var out []Message
	add := func(name, value string, text bool) {
		payload := []byte(value)
		if text {
			payload, _ = json.Marshal(value) // a text always can be
		}
		out = append(out, Message{Topic: top + name, Payload: payload})
	}
	for _, f := range numbers() {
		switch x, ok := s.Number(f.signal); {
		case ok:
			add(f.name, strconv.FormatFloat(x/f.per, 'f', f.decimals, 64), quoted)
		case s[f.signal] != nil:
			add(f.name, fmt.Sprint(s[f.signal]), true)
		}
	}
	if on, ok := s[presage.SignalIsCharging].(bool); ok {
		state := "DetailedChargeStateStopped"
		if on {
			state = "DetailedChargeStateCharging"
		}
		add("DetailedChargeState", state, true)
	}
	if cells := s.Numbers(presage.SignalCellVoltages); cells != nil {
		top, low := slices.Max(cells), slices.Min(cells)
		add("BrickVoltageMax", strconv.FormatFloat(top, 'f', 3, 64), quoted)
		add("BrickVoltageMin", strconv.FormatFloat(low, 'f', 3, 64), quoted)
		add("NumBrickVoltageMax", strconv.Itoa(slices.Index(cells, top)+1), quoted)
		add("NumBrickVoltageMin", strconv.Itoa(slices.Index(cells, low)+1), quoted)
	}
	return out
}
