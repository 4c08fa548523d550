package mapped

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unit is a name's measure: base = factor*x + offset.
type unit struct {
	measure        string
	factor, offset float64
}

// units are what mappings may name. Factors are exact by definition (SI; the
// international yard and pound of 1959), psi rounded to 10 digits.
func units() map[string]unit {
	out := map[string]unit{}
	for measure, list := range map[string]map[string]float64{
		"pressure":      {"Pa": 1, "hPa": 100, "mbar": 100, "kPa": 1000, "bar": 1e5, "psi": 6894.757293, "MPa": 1e6},
		"length":        {"mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1000, "mi": 1609.344, "ft": 0.3048},
		"speed":         {"km/h": 1, "m/s": 3.6, "mph": 1.609344, "kn": 1.852},
		"voltage":       {"mV": 1e-3, "V": 1, "kV": 1000},
		"current":       {"mA": 1e-3, "A": 1},
		"resistance":    {"Ohm": 1, "kOhm": 1000, "MOhm": 1e6},
		"share":         {"percent": 1, "%": 1, "ratio": 100, "permille": 0.1},
		"rotation":      {"rpm": 1, "Hz": 60},
		"time":          {"ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400},
		"power":         {"W": 1, "kW": 1000},
		"energy":        {"Wh": 1, "kWh": 1000, "MJ": 1e4 / 36},
		"charge":        {"mAh": 1e-3, "Ah": 1},
		"angle":         {"degrees": 1, "deg": 1, "rad": 57.29577951308232},
		"turn":          {"degrees/s": 1, "rad/s": 57.29577951308232},
		"acceleration":  {"m/s^2": 1, "g": 9.80665},
		"torque":        {"Nm": 1, "lbf ft": 1.3558179483},
		"mass flow":     {"g/s": 1, "kg/h": 1 / 3.6},
		"volume":        {"l": 1, "ml": 1e-3, "gal": 3.785411784},
		"volume a time": {"l/h": 1, "gal/h": 3.785411784},
	} {
		for name, factor := range list {
			out[name] = unit{measure, factor, 0}
		}
	}
	maps.Copy(out, map[string]unit{
		"Celsius": {"temperature", 1, 0}, "C": {"temperature", 1, 0}, "°C": {"temperature", 1, 0},
		"Fahrenheit": {"temperature", 5.0 / 9, -160.0 / 9}, "F": {"temperature", 5.0 / 9, -160.0 / 9},
		"°F": {"temperature", 5.0 / 9, -160.0 / 9}, "K": {"temperature", 1, -273.15},
	})
	return out
}

// conversion is the line from one unit to another.
func conversion(from, to string) (factor, offset float64, err error) {
	all := units()
	target, measured := all[to]
	if !measured {
		if from == to {
			return 1, 0, nil
		}
		return 0, 0, fmt.Errorf("unit %.20q: the signal has none that others could be converted to: leave it out", from)
	}
	source, ok := all[from]
	if !ok || source.measure != target.measure {
		return 0, 0, fmt.Errorf("unit %.20q: the signal is measured in %s: want %s", from, to, alike(all, target.measure))
	}
	return source.factor / target.factor, (source.offset - target.offset) / target.factor, nil
}

// alike are the names of one measure's units.
func alike(all map[string]unit, measure string) string {
	var names []string
	for name, u := range all {
		if u.measure == measure {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
