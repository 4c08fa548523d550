package gbt32960

import "presage"

// wholeVehicle is information type 0x01 (2016 table 9, 2025 table 10). Only
// 2016 has pedals.
func (t *tables) wholeVehicle(s source, o *output) {
	if s.newer("AcceleratorPedal") {
		o.registers(s, "", t.vehicle2025)
		return
	}
	o.registers(s, "", t.vehicle2016)
}

func vehicleFields(v2025 bool) []field {
	offset := 1000.0
	if v2025 {
		offset = 3000
	}
	fields := []field{
		{key: "Status", size: 1, then: kept("VehicleStatus")},
		{key: "Charging", size: 1, then: charging},
		{key: "Mode", size: 1, then: kept("OperatingMode")},
		{key: "Speed", size: 2, scale: tenths(), signal: presage.SignalSpeed},
		{key: "Mileage", size: 4, scale: metres(), signal: presage.SignalOdometer},
		{key: "Voltage", size: 2, scale: tenths(), signal: presage.SignalPackVoltage},
		{key: "Current", size: 2, scale: amperes(offset), signal: presage.SignalPackCurrent},
		{key: "SOC", size: 1, scale: plain(), signal: presage.SignalStateOfCharge},
		{key: "DC", size: 1, then: kept("DCDCStatus")},
		{key: "Gear", size: 1, then: gear(v2025)},
		{key: "Resistance", size: 2, scale: plain(), signal: presage.SignalInsulation},
	}
	if v2025 {
		return fields
	}
	return append(fields,
		field{key: "AcceleratorPedal", size: 1, scale: plain(), signal: "Vehicle.Chassis.Accelerator.PedalPosition"},
		field{key: "BrakePedal", size: 1, then: brake})
}

// kept keeps a code under a name of its own.
func kept(name string) func(*output, uint32) {
	name = prefix + name
	return func(o *output, raw uint32) { o.number(name, float64(raw)) }
}

// charging: 1 at a charger, 2 while driving, 3 not, 4 done.
func charging(o *output, raw uint32) {
	o.number(prefix+"ChargingStatus", float64(raw))
	if raw >= 1 && raw <= 4 {
		o.flag(presage.SignalIsCharging, raw == 1)
	}
}

// gear reads table A.1: bits 0-3 the gear (0 neutral, 1-12, 13 reverse, 14
// drive, 15 park), 4 braking force, 5 driving force; in 2025 bit 7 says that
// the gear is not valid. Drive and park are not numbers of VSS: they are kept in
// the code alone.
func gear(v2025 bool) func(*output, uint32) {
	return func(o *output, raw uint32) {
		if v2025 && raw&0x80 != 0 {
			o.invalid++
			return
		}
		o.number(prefix+"Gear", float64(raw))
		switch g := raw & 0x0F; {
		case g <= 12:
			o.number("Vehicle.Powertrain.Transmission.CurrentGear", float64(g))
		case g == 13:
			o.number("Vehicle.Powertrain.Transmission.CurrentGear", -1)
		}
	}
}

// brake: 0-100 percent, or 101 for "pressed" where no travel is measured.
func brake(o *output, raw uint32) {
	if raw == 101 {
		o.flag(prefix+"BrakePressed", true)
		return
	}
	o.number("Vehicle.Chassis.Brake.PedalPosition", float64(raw))
}

// engine is information type 0x04 (2016 table 13, 2025 table 20).
func (t *tables) engine(s source, o *output) {
	if s.newer("Status") {
		o.registers(s, "Engine.", t.engine2025)
		return
	}
	o.registers(s, "Engine.", t.engine2016)
}

func engineFields(v2025 bool) []field {
	speed := field{key: "CrankshaftSpeed", size: 2, scale: plain(), signal: presage.SignalEngineSpeed}
	if v2025 {
		return []field{speed}
	}
	return []field{
		{key: "Status", size: 1, then: func(o *output, raw uint32) {
			o.flag("Vehicle.Powertrain.CombustionEngine.IsRunning", raw == 1)
		}},
		speed,
		{key: "FuelConsumption", size: 2, scale: hundredths()}, // l/100 km
	}
}

// location is information type 0x05 (2016 table 14, 2025 table 21). Bit 0 of
// the status says that the position is not valid, 1 south, 2 west. In 2025
// coordinates other than WGS 84 (1) are kept under names of their own.
func (t *tables) location(s source, o *output) {
	status, known := s.word("Status", 1)
	system := uint32(1)
	if s.newer("+CoordinateSystem") {
		system, _ = s.word("CoordinateSystem", 1)
	}
	group := locationPrefix
	if system != 1 {
		group = prefix + "Location."
		o.number(group+"CoordinateSystem", float64(system))
	}
	for _, axis := range []struct {
		key  string
		away uint32 // the status bit that turns the sign
	}{{"Longitude", 1 << 2}, {"Latitude", 1 << 1}} {
		raw, ok := s.word(axis.key, 4)
		if !ok || o.absent(raw, 4) {
			continue
		}
		if !known || status&1 != 0 {
			o.invalid++
			continue
		}
		x := degrees().of(raw)
		if status&axis.away != 0 {
			x = -x
		}
		o.number(group+axis.key, x)
	}
}
