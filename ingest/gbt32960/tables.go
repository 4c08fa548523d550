package gbt32960

// tables hold every register of the standard, made once for a Decoder.
type tables struct {
	vehicle2016, vehicle2025                 []field
	motor2016, motor2025                     []field
	fuelCell2016, hydrogen2016               []field
	fuelCell2025                             []field
	engine2016, engine2025                   []field
	stack, capacitorPower, capacitorExtremes []field
	// What reads a type of information, by its number in a frame of either
	// edition and by EMQX's word for it.
	v2016, v2025 map[byte]reader
	words        map[string]reader
	bits         []string // of the general alarm flags
}

// reader reads one piece of information.
type reader func(s source, o *output)

func newTables() *tables {
	t := &tables{
		vehicle2016: vehicleFields(false), vehicle2025: vehicleFields(true),
		motor2016: motorFields(false), motor2025: motorFields(true),
		fuelCell2016: fuelCellFields(), hydrogen2016: hydrogenFields(false), fuelCell2025: hydrogenFields(true),
		engine2016: engineFields(false), engine2025: engineFields(true),
		stack: stackFields(), capacitorPower: capacitorFields(), capacitorExtremes: capacitorExtremeFields(),
		bits: alarmBits(),
	}
	t.v2016 = map[byte]reader{
		0x01: t.wholeVehicle, 0x02: t.motors, 0x03: t.fuelCell, 0x04: t.engine, 0x05: t.location,
		0x06: t.extreme, 0x07: t.alarm, 0x08: t.cellVoltages2016, 0x09: t.probeTemperatures,
	}
	t.v2025 = map[byte]reader{
		0x01: t.wholeVehicle, 0x02: t.motors, 0x03: t.fuelCell, 0x04: t.engine, 0x05: t.location,
		0x06: t.alarm, 0x07: t.cellVoltages2025, 0x08: t.probeTemperatures,
		0x30: t.stacks, 0x31: t.capacitor, 0x32: t.capacitorExtreme, 0xFF: skipSignature,
	}
	t.words = map[string]reader{
		"Vehicle": t.wholeVehicle, "DriveMotor": t.motors, "FuelCell": t.fuelCell, "Engine": t.engine,
		"Location": t.location, "Extreme": t.extreme, "Alarm": t.alarm, "ChargeableVoltage": t.cellVoltages2016,
		"ChargeableTemp": t.probeTemperatures, "MinVoltageOfPowerBattery": t.cellVoltages2025,
		"TempOfPowerBattery": t.probeTemperatures, "FuelCellStack": t.stacks, "SuperCapacitor": t.capacitor,
		"SuperCapacitorExtreme": t.capacitorExtreme, "Signature": skipSignature, "CustomData": skipCustomJSON,
	}
	return t
}

// skipSignature passes over the vehicle's signature of 2025 (table 8): its
// type and the values R and S, each with its length.
func skipSignature(s source, _ *output) {
	_, _ = s.word("SignatureType", 1)
	for _, value := range []string{"R", "S"} {
		n, _ := s.word(value+"Length", 2)
		if b, ok := s.(*bytesSource); ok {
			b.take(int(n))
		}
	}
}

// skipCustomJSON passes over what EMQX could not read: a maker's own information.
func skipCustomJSON(_ source, o *output) { o.custom++ }
