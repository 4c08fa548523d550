package wican

import (
	"encoding/json"
	"fmt"
	"math"

	"presage"
	"presage/simulator"
	"presage/simulator/internal/native"
)

// Message is one MQTT message.
type Message struct {
	Topic   string
	Payload []byte
}

// parameter is one number of the format.
type parameter struct {
	name, signal string
	per          float64 // VSS units in one of WiCAN's
	digits       float64 // of what is rounded: 100 for two
}

// psi is the pound-force per square inch in kPa.
const psi = 6.894757293168

func parameters() []parameter {
	return []parameter{
		{"SPEED", presage.SignalSpeed, 1, 10},
		{"ODOMETER", presage.SignalOdometer, 1000, 10},
		{"TMP_A", presage.SignalAmbient, 1, 10},
		{"LV_V", presage.SignalBattery12V, 1, 1000},
		{"HV_V", presage.SignalPackVoltage, 1, 10},
		{"SOC_D", presage.SignalStateOfCharge, 1, 10},
		{"HV_T_MAX", presage.SignalPackTempMax, 1, 10},
		{"HV_T_MIN", presage.SignalPackTempMin, 1, 10},
		{"ENGINE_RPM", presage.SignalEngineSpeed, 1, 1},
		{"TYRE_P_FL", presage.SignalTyreFrontLeft, psi, 100},
		{"TYRE_P_FR", presage.SignalTyreFrontRight, psi, 100},
		{"TYRE_P_RL", presage.SignalTyreRearLeft, psi, 100},
		{"TYRE_P_RR", presage.SignalTyreRearRight, psi, 100},
		{"TYRE_T_FL", presage.SignalTyreTempFrontLeft, 1, 10},
		{"TYRE_T_FR", presage.SignalTyreTempFrontRight, 1, 10},
		{"TYRE_T_RL", presage.SignalTyreTempRearLeft, 1, 10},
		{"TYRE_T_RR", presage.SignalTyreTempRearRight, 1, 10},
	}
}

// Encode gives the messages of m in the order of its samples; events have none.
// A message that was cut off on its way is an ErrInvalid.
func Encode(m simulator.Message) ([]Message, error) {
	doc, err := native.Read(m)
	if err != nil || doc.Event != nil {
		return nil, err
	}
	var out []Message
	for _, s := range doc.Samples {
		values := map[string]any{}
		for _, p := range parameters() {
			switch x, ok := s.Number(p.signal); {
			case ok:
				values[p.name] = math.Round(x/p.per*p.digits) / p.digits
			case s[p.signal] != nil:
				values[p.name] = s[p.signal] // nonsense goes on as it is
			}
		}
		if on, ok := s[presage.SignalIsCharging].(bool); ok {
			values["CHARGING"] = on
		}
		if len(values) == 0 {
			continue
		}
		text, err := json.Marshal(values)
		if err != nil {
			return nil, fmt.Errorf("%w value: %w", presage.ErrInvalid, err)
		}
		out = append(out, Message{Topic: "wican/" + string(m.VIN) + "/autopid", Payload: text})
	}
	return out, nil
}
