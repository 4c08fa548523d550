package gbt32960

import (
	"fmt"

	"presage"
)

// extreme is information type 0x06 of 2016 (table 16).
func (t *tables) extreme(s source, o *output) {
	var subsystem uint32
	number := func(key string) { subsystem, _ = s.word(key, 1) }
	// A cell's number is its place in the pack when the pack is one subsystem.
	code := func(key, signal string) {
		raw, ok := s.word(key, 1)
		switch {
		case !ok || o.absent(raw, 1):
		case subsystem == 1 && raw >= 1:
			o.number(packPrefix+signal, float64(raw-1))
		default:
			o.number(prefix+key, float64(raw))
		}
	}
	value := func(key string, size int, scale scale, signal string) {
		if raw, ok := s.word(key, size); ok && !o.absent(raw, size) {
			o.number(signal, scale.of(raw))
		}
	}
	number("MaxVoltageBatterySubsysNo")
	code("MaxVoltageBatteryCode", "CellVoltage.IdMax")
	value("MaxBatteryVoltage", 2, thousandths(), packPrefix+"CellVoltage.Max")
	number("MinVoltageBatterySubsysNo")
	code("MinVoltageBatteryCode", "CellVoltage.IdMin")
	value("MinBatteryVoltage", 2, thousandths(), packPrefix+"CellVoltage.Min")
	for _, end := range []struct{ key, signal string }{
		{"Max", presage.SignalPackTempMax}, {"Min", presage.SignalPackTempMin},
	} {
		number(end.key + "TempSubsysNo")
		value(end.key+"TempProbeNo", 1, plain(), prefix+end.key+"TempProbeNo")
		value(end.key+"Temp", 1, celsius(), end.signal)
	}
}

// cellVoltages2016 is information type 0x08 of 2016 (tables B.5 and B.6).
func (t *tables) cellVoltages2016(s source, o *output) {
	n, _ := s.word("Number", 1)
	s.each("SubSystems", int(n), func(s source, i int) {
		number := place(s, "ChargeableSubsysNo", i)
		subsystemPower(s, o, number, "Chargeable", 1000)
		total, _ := s.word("CellsTotal", 2)
		from, _ := s.word("FrameCellsIndex", 2)
		count, _ := s.word("FrameCellsCount", 1)
		raw := s.words("CellsVoltage", int(count), 2)
		o.cells.add(o, part{subsystem: number, total: int(total), from: int(from)}, raw, cell())
	})
}

// cellVoltages2025 is information type 0x07 of 2025 (tables 11 and 12).
func (t *tables) cellVoltages2025(s source, o *output) {
	n, _ := s.word("Number", 1)
	s.each("SubSystems", int(n), func(s source, i int) {
		number := place(s, "BatteryPackNo", i)
		subsystemPower(s, o, number, "BatteryPack", 3000)
		total, _ := s.word("MinParallelUnitTotal", 2)
		raw := s.words("MinParallelUnitVoltage", int(total), 2)
		o.cells.add(o, part{subsystem: number, total: int(total), from: 1}, raw, cell())
	})
}

// subsystemPower keeps voltage (V) and current (A, positive into the battery)
// of one subsystem.
func subsystemPower(s source, o *output, number int, key string, offset float64) {
	group := fmt.Sprintf("%sSubsystem%d.", prefix, number)
	if raw, ok := s.word(key+"Voltage", 2); ok && !o.absent(raw, 2) {
		o.number(group+"Voltage", tenths().of(raw))
	}
	if raw, ok := s.word(key+"Current", 2); ok && !o.absent(raw, 2) {
		o.number(group+"Current", amperes(offset).of(raw))
	}
}

// probeTemperatures is information type 0x09 of 2016 (tables B.7 and B.8) and
// 0x08 of 2025 (tables 13 and 14).
func (t *tables) probeTemperatures(s source, o *output) {
	n, _ := s.word("Number", 1)
	s.each("SubSystems", int(n), func(s source, i int) {
		key := "ChargeableSubsysNo"
		if s.newer("+BatteryPackNo") {
			key = "BatteryPackNo"
		}
		number := place(s, key, i)
		count, _ := s.word("ProbeNum", 2)
		raw := s.words("ProbesTemp", int(count), 1)
		o.probes.add(o, part{subsystem: number, total: int(count), from: 1}, raw, probe())
	})
}

// place reads the number of the i-th thing of a list, 1-based; one without a
// number has its place.
func place(s source, key string, i int) int {
	n, ok := s.word(key, 1)
	if !ok || n == 0 || n >= 0xFE {
		return i + 1
	}
	return int(n)
}
