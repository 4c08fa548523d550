package gbt32960

import (
	"encoding/json"
	"fmt"
	"slices"

	"presage"
)

// alarms are what one message reports.
type alarms struct {
	level  uint32 // highest, 0-3, or 4 for a thermal event in 2025
	active []alarm
	flags  [32]int // place of each general flag's in active, plus 1
}

// flag adds a general flag's alarm, once.
func (a *alarms) flag(bit int, code string) *alarm {
	if a.flags[bit] == 0 {
		a.active = append(a.active, alarm{kind: "alert", code: code, source: "flags"})
		a.flags[bit] = len(a.active)
	}
	return &a.active[a.flags[bit]-1]
}

// alarm is one of them.
type alarm struct {
	kind   string // "alert" of the flags, "dtc" of the fault codes
	code   string
	level  int    // 2025 only, 0 when not said
	source string // part of the vehicle
}

// alarmBits are the names of the general flags (2016 table 18, 2025 table 24,
// which adds bits 19 to 27).
func alarmBits() []string {
	return []string{
		"temperature_difference", "battery_high_temperature", "pack_overvoltage", "pack_undervoltage", "soc_low",
		"cell_overvoltage", "cell_undervoltage", "soc_high", "soc_jump", "pack_mismatch", "cell_inconsistency",
		"insulation", "dcdc_temperature", "brake_system", "dcdc_status", "motor_controller_temperature",
		"hv_interlock", "motor_temperature", "overcharge", "motor_overspeed", "motor_overcurrent",
		"capacitor_overtemperature", "capacitor_overpressure", "thermal_event", "hydrogen_leak", "hydrogen_pressure",
		"hydrogen_temperature", "stack_overtemperature",
	}
}

// alarmName is the code of a general flag's event.
func (t *tables) alarmName(bit int, v2025 bool) string {
	known := len(t.bits)
	if !v2025 {
		known = 19
	}
	if bit < known {
		return prefix + t.bits[bit]
	}
	return fmt.Sprintf("%sgeneral_bit_%d", prefix, bit)
}

// alarm is information type 0x07 of 2016 (table 17) and 0x06 of 2025 (table 23).
func (t *tables) alarm(s source, o *output) {
	v2025 := s.newer("+FaultGeneralNum")
	o.alarms = &alarms{}
	if level, ok := s.word("MaxAlarmLevel", 1); ok && !o.absent(level, 1) {
		o.alarms.level = level
		o.number(prefix+"MaxAlarmLevel", float64(level))
		// The signal's scale ends at 3: a thermal event is no less than that.
		o.number(presage.SignalBMSWarning, float64(min(level, 3)))
	}
	flags, ok := s.word("GeneralAlarmFlag", 4)
	if ok && !o.absent(flags, 4) {
		for bit := range 32 {
			if flags&(1<<bit) != 0 {
				o.alarms.flag(bit, t.alarmName(bit, v2025))
			}
		}
	}
	for _, list := range []struct{ key, source string }{
		{"FaultChargeableDevice", "battery"},
		{"FaultDriveMotor", "motor"},
		{"FaultEngine", "engine"},
		{"FaultOthers", "other"},
	} {
		n, _ := s.word(list.key+"Num", 1)
		if n >= 0xFE {
			n = 0 // abnormal or invalid: no list follows
		}
		for _, code := range distinct(s.words(list.key+"List", int(n), codeBytes)) {
			o.alarms.active = append(o.alarms.active, alarm{
				kind: "dtc", code: fmt.Sprintf("%s%s.%08X", prefix, list.source, code), source: list.source,
			})
		}
	}
	if v2025 {
		t.alarmLevels(s, o)
	}
}

// alarmLevels reads the level of each general alarm, which only 2025 has.
func (t *tables) alarmLevels(s source, o *output) {
	n, _ := s.word("FaultGeneralNum", 1)
	if n >= 0xFE {
		n = 0
	}
	s.each("FaultGeneralList", int(n), func(s source, _ int) {
		bit, ok := s.word("No", 1)
		level, _ := s.word("Level", 1)
		if !ok || bit > 31 || level >= 0xFE {
			return
		}
		o.alarms.flag(int(bit), t.alarmName(int(bit), true)).level = int(level)
	})
}

// distinct keeps the first of equal codes, in order.
func distinct(codes []uint32) []uint32 {
	if len(codes) < 2 {
		return codes
	}
	seen := make(map[uint32]struct{}, len(codes))
	return slices.DeleteFunc(codes, func(code uint32) bool {
		_, again := seen[code]
		seen[code] = struct{}{}
		return again
	})
}

// event makes an event of a, which has just appeared.
func (a alarm) event(o *output) presage.Event {
	level := int(o.alarms.level)
	if a.level > 0 {
		level = a.level
	}
	data, err := json.Marshal(struct {
		Source string `json:"source"`
		Level  int    `json:"level"`
	}{a.source, level})
	if err != nil {
		data = nil // a word and a number: cannot happen
	}
	return presage.Event{VIN: o.vin, Time: o.at, Type: a.kind, Code: a.code, Data: data}
}
