package recorded

import (
	"errors"
	"math"
	"strconv"

	"presage"
)

// column is one column of a file and what becomes of it.
type column struct {
	name    string
	signal  string
	convert func(float64) float64 // nil leaves it as it is
	flag    bool                  // the converted value is a boolean, NaN for none
}

// table writes rows that hold one number a column.
type table struct{ columns []column }

// encode writes the members of a row's "signals" object.
func (t *table) encode(b []byte, r row) []byte {
	start := len(b)
	for i := range t.columns {
		c := &t.columns[i]
		x := r.values[i]
		if c.convert != nil {
			x = c.convert(x)
		}
		if math.IsNaN(x) || math.IsInf(x, 0) { // no reading, or none that JSON can hold
			continue
		}
		b = appendKey(b, start, c.signal)
		if c.flag {
			b = strconv.AppendBool(b, x != 0)
			continue
		}
		b = appendNumber(b, x)
	}
	return b
}

// appendKey writes a signal's name; start is where the object's members begin.
func appendKey(b []byte, start int, signal string) []byte {
	if len(b) > start {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), signal...), '"', ':')
}

// appendNumber writes the shortest text that reads back as x: what the file had.
func appendNumber(b []byte, x float64) []byte {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.AppendFloat(b, x, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// read fills a row's values from a record.
func (t *table) read(c *csvFile, rec []string, places []int, into []float64) error {
	for i, p := range places {
		x, err := c.number(rec, p)
		if err != nil {
			return err
		}
		into[i] = x
	}
	return nil
}

// thousand turns km into m and MOhm into kOhm. Files write one to three
// decimals, so the product is a whole number but for the noise of binary floats.
func thousand(x float64) float64 { return math.Round(x*1e6) / 1e3 }

// carOBDColumns maps the file of the carOBD project.
func carOBDColumns() []column {
	const obd = "Vehicle.OBD."
	return []column{
		{name: "engine_run_time", signal: obd + "RunTime"},
		{name: "engine_rpm", signal: presage.SignalEngineSpeed},
		{name: "vehicle_speed", signal: presage.SignalSpeed},
		{name: "throttle", signal: obd + "ThrottlePosition"},
		{name: "engine_load", signal: obd + "EngineLoad"},
		{name: "coolant_temperature", signal: obd + "CoolantTemperature"},
		{name: "long_term_fuel_trim_bank_1", signal: obd + "LongTermFuelTrim1"},
		{name: "short_term_fuel_trim_bank_1", signal: obd + "ShortTermFuelTrim1"},
		{name: "intake_manifold_pressure", signal: obd + "MAP"},
		{name: "fuel_tank", signal: obd + "FuelLevel"},
		{name: "absolute_throttle_b", signal: obd + "ThrottlePositionB"},
		{name: "pedal_d", signal: obd + "AcceleratorPositionD"},
		{name: "pedal_e", signal: obd + "AcceleratorPositionE"},
		{name: "commanded_throttle_actuator", signal: obd + "ThrottleActuator"},
		{name: "fuel_air_commanded_equiv_ratio", signal: obd + "CommandedEquivalenceRatio"},
		{name: "absolute_barometric_pressure", signal: obd + "BarometricPressure"},
		{name: "relative_throttle_position", signal: obd + "RelativeThrottlePosition"},
		{name: "intake_air_temp", signal: obd + "IntakeTemp"},
		{name: "timing_advance", signal: obd + "TimingAdvance"},
		{name: "catalyst_temperature_bank1_sensor1", signal: obd + "Catalyst.Bank1.Temperature1"},
		{name: "catalyst_temperature_bank1_sensor2", signal: obd + "Catalyst.Bank1.Temperature2"},
		{name: "control_module_voltage", signal: presage.SignalModuleVoltage},
		{name: "commanded_evaporative_purge", signal: obd + "CommandedEVAP"},
		{name: "time_run_with_mil_on", signal: obd + "RunTimeMIL"},
		{name: "time_since_trouble_codes_cleared", signal: obd + "TimeSinceDTCCleared"},
		{name: "distance_traveled_with_mil_on", signal: obd + "DistanceWithMIL"},
		{name: "warm_ups_since_codes_cleared", signal: obd + "WarmupsSinceDTCClear"},
	}
}

// kitOBDColumns maps the file of the KIT Automotive OBD-II dataset.
func kitOBDColumns() []column {
	const obd = "Vehicle.OBD."
	return []column{
		{name: "engine_coolant_temperature_c", signal: obd + "CoolantTemperature"},
		{name: "intake_manifold_absolute_pressure_kpa", signal: obd + "MAP"},
		{name: "engine_rpm_rpm", signal: presage.SignalEngineSpeed},
		{name: "vehicle_speed_sensor_km_h", signal: presage.SignalSpeed},
		{name: "intake_air_temperature_c", signal: obd + "IntakeTemp"},
		{name: "air_flow_rate_from_mass_flow_sensor_g_s", signal: obd + "MAF"},
		{name: "absolute_throttle_position", signal: obd + "ThrottlePosition"},
		{name: "ambient_air_temperature_c", signal: presage.SignalAmbient},
		{name: "accelerator_pedal_position_d", signal: obd + "AcceleratorPositionD"},
		{name: "accelerator_pedal_position_e", signal: obd + "AcceleratorPositionE"},
	}
}

// checkAll reads the head of every file by layout; the first fault ends it.
func checkAll(files []string, layout func(*csvFile) ([2]int, []int, error)) error {
	for _, name := range files {
		c, err := openCSV(name)
		if err != nil {
			return err
		}
		_, _, err = layout(c)
		if err := errors.Join(err, c.Close()); err != nil {
			return err
		}
	}
	return nil
}
