package gbt32960

import "fmt"

// motors is information type 0x02 (2016 tables 10 and 11, 2025 tables 15 and
// 16). VSS names are used when there is one motor alone: the standard does not
// say which of several is in front.
func (t *tables) motors(s source, o *output) {
	n, _ := s.word("Number", 1)
	alone := n == 1
	s.each("Motors", int(n), func(s source, i int) {
		fields := t.motor2016
		if s.newer("InputVoltage") {
			fields = t.motor2025
		}
		group := fmt.Sprintf("DriveMotor%d.", place(s, "No", i))
		if !alone {
			fields = nameless(fields)
		}
		o.registers(s, group, fields)
	})
}

// nameless are the fields without VSS names.
func nameless(fields []field) []field {
	out := make([]field, len(fields))
	for i, f := range fields {
		f.signal = ""
		out[i] = f
	}
	return out
}

func motorFields(v2025 bool) []field {
	fields := []field{
		{key: "Status", size: 1, scale: plain()},
		{key: "CtrlTemp", size: 1, scale: celsius()},
		{key: "Rotating", size: 2, scale: shifted(20000), signal: motorPrefix + "Speed"},
		{key: "Torque", size: 2, scale: offsetTenths(2000), signal: motorPrefix + "Torque"},
		{key: "MotorTemp", size: 1, scale: celsius(), signal: motorPrefix + "Temperature"},
		{key: "InputVoltage", size: 2, scale: tenths()},
		{key: "DCBusCurrent", size: 2, scale: offsetTenths(1000)}, // positive into the motor
	}
	if !v2025 {
		return fields
	}
	fields[2].scale = shifted(32000)
	fields[3].size, fields[3].scale = 4, offsetTenths(20000)
	return fields[:5]
}

// fuelCell is information type 0x03 (2016 table 12, 2025 table 17).
func (t *tables) fuelCell(s source, o *output) {
	if s.newer("CellVoltage") {
		o.registers(s, "FuelCell.", t.fuelCell2025)
		return
	}
	o.registers(s, "FuelCell.", t.fuelCell2016)
	n, _ := s.word("ProbeNum", 2)
	o.temperatures(s.words("ProbeTemps", int(n), 1), "FuelCell.ProbeTemps")
	o.registers(s, "FuelCell.", t.hydrogen2016)
}

func fuelCellFields() []field {
	return []field{
		{key: "CellVoltage", size: 2, scale: tenths()},         // V
		{key: "CellCurrent", size: 2, scale: tenths()},         // A
		{key: "FuelConsumption", size: 2, scale: hundredths()}, // kg/100 km
	}
}

func hydrogenFields(v2025 bool) []field {
	fields := []field{
		{key: "H_MaxTemp", size: 2, scale: offsetTenths(40)},
		{key: "H_TempProbeCode", size: 1, scale: plain()},
		{key: "H_MaxConc", size: 2, scale: plain()}, // mg/kg
		{key: "H_ConcSensorCode", size: 1, scale: plain()},
		{key: "H_MaxPress", size: 2, scale: tenths()}, // MPa
		{key: "H_PressSensorCode", size: 1, scale: plain()},
		{key: "DCStatus", size: 1, scale: plain()},
	}
	if !v2025 {
		return fields
	}
	fields[0].then = kept("FuelCell.H_MaxTempRaw") // public sources disagree on the scale
	fields[2].then = kept("FuelCell.H_MaxConcRaw")
	return append(fields,
		field{key: "RemainingH2", size: 1, then: kept("FuelCell.RemainingH2Raw")}, // percent or kg
		field{key: "DCDCTemp", size: 1, scale: celsius()})
}

// stacks is information type 0x30 of 2025 (fuel-cell stacks).
func (t *tables) stacks(s source, o *output) {
	n, _ := s.word("Number", 1)
	s.each("Stacks", int(n), func(s source, i int) {
		group := fmt.Sprintf("FuelCellStack%d.", place(s, "FuelCellStackNo", i))
		o.registers(s, group, t.stack)
		probes, _ := s.word("StackProbeNum", 2)
		o.temperatures(s.words("StackProbeTemp", int(probes), 1), group+"StackProbeTemp")
	})
}

func stackFields() []field {
	return []field{
		{key: "Voltage", size: 2, scale: tenths()},
		{key: "Current", size: 2, scale: tenths()},
		{key: "H2InletPressure", size: 2, scale: offsetTenths(100)},  // kPa, gauge
		{key: "AirInletPressure", size: 2, scale: offsetTenths(100)}, // kPa, gauge
		{key: "AirInletTemp", size: 1, scale: celsius()},
	}
}

// capacitor is information type 0x31 of 2025 (super-capacitor).
func (t *tables) capacitor(s source, o *output) {
	o.registers(s, "SuperCapacitor.", t.capacitorPower)
	n, _ := s.word("CellsTotal", 2)
	var cells array
	cells.add(o, part{subsystem: 1, total: int(n), from: 1}, s.words("CellsVoltage", int(n), 2), cell())
	cells.finish(o, prefix+"SuperCapacitor.CellVoltages", "SuperCapacitorCells")
	probes, _ := s.word("ProbeNum", 2)
	o.temperatures(s.words("ProbeTemp", int(probes), 1), "SuperCapacitor.ProbeTemp")
}

func capacitorFields() []field {
	return []field{
		{key: "ManagerSysNo", size: 1, scale: plain()},
		{key: "TotalVoltage", size: 2, scale: tenths()},
		{key: "TotalCurrent", size: 2, scale: amperes(3000)},
	}
}

// capacitorExtreme is information type 0x32 of 2025.
func (t *tables) capacitorExtreme(s source, o *output) {
	o.registers(s, "SuperCapacitor.", t.capacitorExtremes)
}

func capacitorExtremeFields() []field {
	var fields []field
	for _, end := range []string{"Max", "Min"} {
		fields = append(fields,
			field{key: end + "VoltageManagerSysNo", size: 1, scale: plain()},
			field{key: end + "VoltageCellCode", size: 2, scale: plain()},
			field{key: end + "VoltageCellValue", size: 2, scale: thousandths()})
	}
	for _, end := range []string{"Max", "Min"} {
		fields = append(fields,
			field{key: end + "TempManagerSysNo", size: 1, scale: plain()},
			field{key: end + "TempProbeCode", size: 2, scale: plain()},
			field{key: end + "TempValue", size: 1, scale: celsius()})
	}
	return fields
}

// temperatures keeps probes in degC as an array under a name of their own.
func (o *output) temperatures(raw []uint32, name string) {
	var probes array
	probes.add(o, part{subsystem: 1, total: len(raw), from: 1}, raw, probe())
	probes.finish(o, prefix+name, name)
}
