package presage_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"strconv"
	"strings"
	"testing"

	"presage"
)

// signalConstants reads the names that signal.go declares.
func signalConstants(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "signal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Signal") {
			return true
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok {
			found[v.Names[0].Name], _ = strconv.Unquote(lit.Value)
		}
		return true
	})
	return found
}

func TestEverySignalConstantIsInTheTable(t *testing.T) {
	t.Parallel()
	constants := signalConstants(t)
	if len(constants) < 25 {
		t.Fatalf("only %d constants found", len(constants))
	}
	for name, path := range constants {
		if _, ok := presage.LookupSignal(path); !ok {
			t.Errorf("%s = %q is not in signals.csv", name, path)
		}
	}
}

func TestSignalTableIsWellFormed(t *testing.T) {
	t.Parallel()
	units := map[string]bool{}
	// Units of VSS 6 (spec/units.yaml), and kOhm for what VSS lacks.
	for u := range strings.FieldsSeq("km/h m s min h km rpm V A Ah W kW kWh percent Celsius kPa Pa kOhm Nm l l/h g/s " +
		"degrees degrees/s m/s^2 ratio") {
		units[u] = true
	}
	last := ""
	for _, s := range presage.Signals() {
		if !strings.HasPrefix(s.Name, "Vehicle.") || s.Name <= last || s.Description == "" {
			t.Errorf("%q after %q, described %q", s.Name, last, s.Description)
		}
		last = s.Name
		if s.Unit != "" && !units[s.Unit] {
			t.Errorf("%s: unit %q", s.Name, s.Unit)
		}
		if s.Kind != presage.KindString && (s.Min >= s.Max || math.IsInf(s.Min, 0) || math.IsInf(s.Max, 0)) {
			t.Errorf("%s: range %v to %v", s.Name, s.Min, s.Max)
		}
	}
}

// The invalid codes are those of GB/T 32960.3 (0xFE and 0xFF of one byte,
// 0xFFFE and 0xFFFF of two, in the signal's resolution) and what the data sets
// of real vehicles hold: temperatures 255 and 511, cells of 0 and 60 V,
// odometers of 0.
func TestInvalidCodesNeverReachAModel(t *testing.T) {
	t.Parallel()
	for name, codes := range map[string][]float64{
		presage.SignalSpeed:          {6553.4, 6553.5},
		presage.SignalOdometer:       {0, 4294967294, 4294967295},
		presage.SignalPackVoltage:    {0, 6553.4, 6553.5},
		presage.SignalPackCurrent:    {5553.4, 5553.5},
		presage.SignalStateOfCharge:  {254, 255},
		presage.SignalCellVoltages:   {0, 60, 65.534, 65.535},
		presage.SignalPackTempMax:    {255, 511, 214, 215},
		presage.SignalPackTempMin:    {255, 511, 214, 215},
		presage.SignalInsulation:     {65534, 65535},
		presage.SignalBMSWarning:     {254, 255},
		presage.SignalAmbient:        {255, 511},
		presage.SignalBattery12V:     {0, 25.5, 65.535},
		presage.SignalModuleVoltage:  {0, 65.535},
		presage.SignalPadFrontLeft:   {-1, 254, 255},
		presage.SignalTyreFrontLeft:  {0, 1020},
		"Vehicle.OBD.Speed":          {255},
		"Vehicle.OBD.EngineSpeed":    {16383.75},
		presage.SignalIsCharging:     {2, 255},
		"Vehicle.OBD.EngineLoad":     {math.NaN(), math.Inf(1), math.Inf(-1)},
		"Vehicle.OBD.Status.IsMILOn": {-1},
	} {
		spec, ok := presage.LookupSignal(name)
		if !ok {
			t.Errorf("%s is not in the table", name)
			continue
		}
		for _, code := range codes {
			if spec.Valid(code) {
				t.Errorf("%s: %v counts as a value", name, code)
			}
		}
	}
}

func TestPlausibleValuesPass(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]float64{
		presage.SignalSpeed:         {-8, 0, 249},
		presage.SignalOdometer:      {1, 18_837_700, 999_999_000},
		presage.SignalPackVoltage:   {351.2, 48, 920},
		presage.SignalPackCurrent:   {-650, 0, 500},
		presage.SignalStateOfCharge: {0, 100},
		presage.SignalCellVoltages:  {2.5, 3.2, 4.3},
		presage.SignalBattery12V:    {7.56, 12.4, 14.7}, // 7.56 V: the deepest cranking dip of carOBD
		presage.SignalPadRearRight:  {0, 100},
		presage.SignalTyreRearLeft:  {120, 340},
		"Vehicle.OBD.RunTime":       {0, 65535},
	} {
		spec, _ := presage.LookupSignal(name)
		for _, x := range values {
			if !spec.Valid(x) {
				t.Errorf("%s: %v does not count as a value", name, x)
			}
		}
	}
}
