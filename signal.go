package presage

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Signals that some stage of Presage uses by name: COVESA VSS 6.0 paths in VSS
// units, and the few that VSS lacks. The whole table is signals.csv.
const (
	SignalLatitude           = "Vehicle.CurrentLocation.Latitude" // degrees, WGS 84
	SignalLongitude          = "Vehicle.CurrentLocation.Longitude"
	SignalSpeed              = "Vehicle.Speed"                                       // km/h
	SignalOdometer           = "Vehicle.TraveledDistance"                            // m
	SignalAmbient            = "Vehicle.Exterior.AirTemperature"                     // degC
	SignalPadFrontLeft       = "Vehicle.Chassis.Axle.Row1.Wheel.Left.Brake.PadWear"  // %, 0 new, 100 worn
	SignalPadFrontRight      = "Vehicle.Chassis.Axle.Row1.Wheel.Right.Brake.PadWear" // %
	SignalPadRearLeft        = "Vehicle.Chassis.Axle.Row2.Wheel.Left.Brake.PadWear"  // %
	SignalPadRearRight       = "Vehicle.Chassis.Axle.Row2.Wheel.Right.Brake.PadWear" // %
	SignalTyreFrontLeft      = "Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure"  // kPa
	SignalTyreFrontRight     = "Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.Pressure" // kPa
	SignalTyreRearLeft       = "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.Pressure"  // kPa
	SignalTyreRearRight      = "Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire.Pressure" // kPa
	SignalTyreTempFrontLeft  = "Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.AirTemperature"
	SignalTyreTempFrontRight = "Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.AirTemperature"
	SignalTyreTempRearLeft   = "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.AirTemperature"
	SignalTyreTempRearRight  = "Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire.AirTemperature"
	SignalBattery12V         = "Vehicle.LowVoltageBattery.CurrentVoltage" // V
	SignalBattery12VCurrent  = "Vehicle.LowVoltageBattery.CurrentCurrent" // A
	SignalLowVoltageState    = "Vehicle.LowVoltageSystemState"            // text: OFF, ON, START, ...
	SignalEngineSpeed        = "Vehicle.Powertrain.CombustionEngine.Speed"
	SignalModuleVoltage      = "Vehicle.OBD.ControlModuleVoltage"                            // V
	SignalPackVoltage        = "Vehicle.Powertrain.TractionBattery.CurrentVoltage"           // V
	SignalPackCurrent        = "Vehicle.Powertrain.TractionBattery.CurrentCurrent"           // A, positive: charging
	SignalStateOfCharge      = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"  // %
	SignalPackTempMax        = "Vehicle.Powertrain.TractionBattery.Temperature.Max"          // degC
	SignalPackTempMin        = "Vehicle.Powertrain.TractionBattery.Temperature.Min"          // degC
	SignalIsCharging         = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging"      // bool
	SignalCellVoltages       = "Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages" // V, array
	SignalInsulation         = "Vehicle.Powertrain.TractionBattery.InsulationResistance"     // kOhm (not in VSS)
	SignalBMSWarning         = "Vehicle.Powertrain.TractionBattery.WarningLevel"             // 0-3 (not in VSS)
)

// OwnPrefix begins the names of the series that Presage itself writes beside
// the telemetry; a vehicle may not publish them.
//
//	Presage.<component>.<field>            of a prognosis, one a day
//	Presage.rollup.<component>.<feature>   of a day's roll-up; "vehicle" where it is of no component
const OwnPrefix = "Presage."

// RollupPrefix begins the names of those series that hold roll-ups.
const RollupPrefix = OwnPrefix + "rollup."

// SignalSpec is a row of the signal table.
type SignalSpec struct {
	Name        string
	Kind        Kind
	Unit        string    // VSS unit, "" for none
	Min, Max    float64   // valid range of a number or of each array element
	Invalid     []float64 // protocol codes inside the range that mean "no value"
	Description string
	// TypicalMin and TypicalMax are what healthy vehicles report (typical.csv);
	// the valid range where nothing narrower is known.
	TypicalMin, TypicalMax float64
}

//go:embed signals.csv
var signalsCSV string

//nolint:gochecknoglobals // compiled-in table, parsed once and only read
var signalTable = sync.OnceValue(func() map[string]SignalSpec {
	table, err := parseSignals(signalsCSV)
	if err != nil {
		panic(err) // the table is compiled in: a fault is a programmer's mistake
	}
	return table
})

// LookupSignal returns the table's row for name. An unknown signal is stored
// under its name and used by no model.
func LookupSignal(name string) (SignalSpec, bool) {
	s, ok := signalTable()[name]
	return s, ok
}

// Signals returns the whole table sorted by name.
func Signals() []SignalSpec {
	out := make([]SignalSpec, 0, len(signalTable()))
	for _, s := range signalTable() {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b SignalSpec) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Valid tells whether x may reach a model: a finite number inside the range
// that is none of the protocol's "invalid" codes. Stores keep what came;
// everything that computes asks Valid first.
func (s SignalSpec) Valid(x float64) bool {
	return !math.IsNaN(x) && x >= s.Min && x <= s.Max && !slices.Contains(s.Invalid, x)
}

func parseSignals(text string) (map[string]SignalSpec, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("signals.csv: %w", err)
	}
	kinds := map[string]Kind{"number": KindNumber, "bool": KindBool, "string": KindString, "array": KindArray}
	table := make(map[string]SignalSpec, len(rows))
	for i, f := range rows {
		if i == 0 {
			continue // header: name,kind,unit,min,max,invalid,description
		}
		kind, ok := kinds[f[1]]
		if !ok {
			return nil, fmt.Errorf("signals.csv: row %d: %w kind %q", i+1, ErrInvalid, f[1])
		}
		s := SignalSpec{Name: f[0], Kind: kind, Unit: f[2], Min: math.Inf(-1), Max: math.Inf(1), Description: f[6]}
		for _, n := range []struct {
			text string
			to   *float64
		}{{f[3], &s.Min}, {f[4], &s.Max}} {
			if n.text == "" {
				continue
			}
			if *n.to, err = strconv.ParseFloat(n.text, 64); err != nil {
				return nil, fmt.Errorf("signals.csv: row %d: %w", i+1, err)
			}
		}
		for code := range strings.FieldsSeq(f[5]) {
			x, err := strconv.ParseFloat(code, 64)
			if err != nil {
				return nil, fmt.Errorf("signals.csv: row %d: %w", i+1, err)
			}
			s.Invalid = append(s.Invalid, x)
		}
		s.TypicalMin, s.TypicalMax = s.Min, s.Max
		table[s.Name] = s
	}
	return table, typical(table, typicalCSV)
}
