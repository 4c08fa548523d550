package models

import (
	_ "embed"
	"fmt"
	"math"

	"presage"
)

//go:embed priors.yaml
var priorsYAML []byte

// InspectionPrior is how long a part, or a group of parts, lasts until an
// inspection fails it: a Weibull law by age, and by mileage at the mean use.
type InspectionPrior struct {
	Part    string  `yaml:"part"`
	Column  string  `yaml:"column"`  // of the source
	Renewed bool    `yaml:"renewed"` // a failed test makes it new; else it mends what had failed
	Years   float64 `yaml:"years"`   // scale: 63.2 % have failed by then
	Km      float64 `yaml:"km"`      // scale
	Shape   float64 `yaml:"shape"`
	// Miss is by how many percentage points the law misses the share failed at
	// any age that it was fitted to, at most.
	Miss float64 `yaml:"miss"`
}

// Near tells whether two laws agree to within half a per cent, to which the
// table is rounded.
func (p InspectionPrior) Near(o InspectionPrior) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 0.005*math.Abs(b) }
	return near(p.Years, o.Years) && near(p.Km, o.Km) && near(p.Shape, o.Shape)
}

// Priors is the embedded table; priors.yaml tells its source, licence and assumptions.
func Priors() ([]InspectionPrior, error) {
	var table struct {
		Priors []InspectionPrior `yaml:"priors"`
	}
	if err := strictYAML(priorsYAML, &table); err != nil {
		return nil, fmt.Errorf("embedded priors: %w: %w", presage.ErrInvalid, err)
	}
	return table.Priors, nil
}
