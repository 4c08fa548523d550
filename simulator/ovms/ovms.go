package ovms

import (
	"fmt"
	"strconv"
	"strings"

	"presage"
	"presage/simulator"
	"presage/simulator/internal/native"
)

// Message is one MQTT message. Metrics have QoS 0 and are retained,
// notifications have QoS 1 and are not.
type Message struct {
	Topic   string
	Payload []byte
	Metric  bool
}

// metric is one number of the format.
type metric struct {
	name, signal string
	per          float64 // VSS units in one of OVMS's; negative turns the sign
}

func numbers() []metric {
	return []metric{
		{"v/p/speed", presage.SignalSpeed, 1},
		{"v/p/odometer", presage.SignalOdometer, 1000},
		{"v/e/temp", presage.SignalAmbient, 1},
		{"v/b/12v/voltage", presage.SignalBattery12V, 1},
		{"v/b/voltage", presage.SignalPackVoltage, 1},
		{"v/b/current", presage.SignalPackCurrent, -1}, // output is positive
		{"v/b/soc", presage.SignalStateOfCharge, 1},
		{"v/b/p/temp/max", presage.SignalPackTempMax, 1},
		{"v/b/p/temp/min", presage.SignalPackTempMin, 1},
	}
}

// wheels are in the order of the project's MS_V_TPMS_IDX_ constants.
func wheels() map[string][]string {
	return map[string][]string{
		"v/t/pressure": {
			presage.SignalTyreFrontLeft, presage.SignalTyreFrontRight, presage.SignalTyreRearLeft, presage.SignalTyreRearRight,
		},
		"v/t/temp": {
			presage.SignalTyreTempFrontLeft, presage.SignalTyreTempFrontRight,
			presage.SignalTyreTempRearLeft, presage.SignalTyreTempRearRight,
		},
	}
}

// Encode gives the messages of m in the order of its samples. A message that
// was cut off on its way is an ErrInvalid.
func Encode(m simulator.Message) ([]Message, error) {
	doc, err := native.Read(m)
	if err != nil {
		return nil, err
	}
	top := "ovms/" + string(m.VIN) + "/" + string(m.VIN) + "/"
	if doc.Event != nil {
		payload := []byte("Vehicle reports " + doc.Event.Type + " " + doc.Event.Code)
		return []Message{{Topic: top + "notify/alert/" + doc.Event.Code, Payload: payload}}, nil
	}
	var out []Message
	for _, s := range doc.Samples {
		out = append(out, metrics(top+"metric/", s)...)
	}
	return out, nil
}

func metrics(top string, s native.Sample) []Message {
	var out []Message
	add := func(name, value string) {
		out = append(out, Message{Topic: top + name, Payload: []byte(value), Metric: true})
	}
	for _, n := range numbers() {
		switch x, ok := s.Number(n.signal); {
		case ok:
			add(n.name, text(x/n.per))
		case s[n.signal] != nil:
			add(n.name, fmt.Sprint(s[n.signal]))
		}
	}
	for _, name := range []string{"v/t/pressure", "v/t/temp"} {
		var list []float64
		for _, signal := range wheels()[name] {
			if x, ok := s.Number(signal); ok {
				list = append(list, x)
			}
		}
		if len(list) == 4 {
			add(name, join(list))
		}
	}
	if cells := s.Numbers(presage.SignalCellVoltages); cells != nil {
		add("v/b/c/voltage", join(cells))
	}
	if on, ok := s[presage.SignalIsCharging].(bool); ok {
		add("v/c/charging", yes(on))
	}
	if state, ok := s[presage.SignalLowVoltageState].(string); ok {
		add("v/e/on", yes(state != "OFF"))
	}
	return out
}

// text is how the module writes a float: six significant digits.
func text(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

func join(list []float64) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = text(x)
	}
	return strings.Join(words, ",")
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}
