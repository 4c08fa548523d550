package presage

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// typical.csv holds ranges that are narrower than the valid ones of
// signals.csv, where those let a wrong unit pass.
//
//go:embed typical.csv
var typicalCSV string

// typical narrows the typical ranges of table to those of typical.csv.
func typical(table map[string]SignalSpec, text string) error {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return fmt.Errorf("typical.csv: %w", err)
	}
	for _, f := range rows[1:] {
		s, known := table[f[0]]
		if !known {
			return fmt.Errorf("typical.csv: %s: %w: not a signal of the table", f[0], ErrInvalid)
		}
		if s.TypicalMin, err = strconv.ParseFloat(f[1], 64); err == nil {
			s.TypicalMax, err = strconv.ParseFloat(f[2], 64)
		}
		if err != nil {
			return fmt.Errorf("typical.csv: %s: %w", f[0], err)
		}
		table[f[0]] = s
	}
	return nil
}

// Typical tells whether x is what healthy vehicles report, in the signal's
// unit. The ends of the range are typical; NaN is not.
func (s SignalSpec) Typical(x float64) bool { return x >= s.TypicalMin && x <= s.TypicalMax }

// otherUnit is a unit that senders confuse with a signal's own: own = factor*x + offset.
type otherUnit struct {
	name           string
	factor, offset float64
}

// otherUnits are the usual mistakes by the unit of the signal table.
func otherUnits(unit string) []otherUnit {
	switch unit {
	case "kPa":
		return []otherUnit{{"bar", 100, 0}, {"psi", 6.894757293, 0}, {"hPa", 0.1, 0}, {"Pa", 0.001, 0}}
	case "m":
		return []otherUnit{{"km", 1000, 0}, {"mi", 1609.344, 0}}
	case "km":
		return []otherUnit{{"m", 0.001, 0}}
	case "Celsius":
		return []otherUnit{{"Fahrenheit", 5.0 / 9, -160.0 / 9}, {"K", 1, -273.15}}
	case "V":
		return []otherUnit{{"mV", 0.001, 0}}
	case "A":
		return []otherUnit{{"mA", 0.001, 0}}
	case "percent":
		return []otherUnit{{"ratio", 100, 0}}
	case "W":
		return []otherUnit{{"kW", 1000, 0}}
	case "kW", "kWh":
		return []otherUnit{{strings.TrimPrefix(unit, "k"), 0.001, 0}}
	}
	return nil
}

// LikelyUnit tells in which other unit x would be typical when it is not in the
// signal's own, and what it would be then. "" means that x is typical, or that
// no usual mistake explains it. It decides nothing: a reading is stored as it
// was sent.
func (s SignalSpec) LikelyUnit(x float64) (unit string, own float64) {
	if s.Typical(x) || x == 0 || math.IsNaN(x) || math.IsInf(x, 0) || math.IsInf(s.TypicalMin, 0) {
		return "", 0
	}
	for _, other := range otherUnits(s.Unit) {
		if own := other.factor*x + other.offset; s.Typical(own) {
			return other.name, own
		}
	}
	return "", 0
}
