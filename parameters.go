package presage

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// PlanningParameters are how planners want parts to be planned: one version, never changed. The
// newest is in force; version 0, without any rule, while none was put.
type PlanningParameters struct {
	Version int64          `json:"version" readOnly:"true"`
	Rules   []PlanningRule `json:"rules" maxItems:"5000"`
	// Floors are the least probabilities of no stock-out over a lead time, whatever the rules say.
	Floors map[Severity]float64 `json:"least_service_level,omitempty" doc:"By the severity of the worst failure that the part mends: comfort, mobility, safety; above 0, below 1. No rule plans a part below it"` //nolint:lll // a tag cannot be broken
	// Suppliers and Sources say who sells what, and on which days.
	Suppliers []Supplier `json:"suppliers,omitempty" maxItems:"500"`
	Sources   []Source   `json:"sources,omitempty" maxItems:"20000"`
	PutAt     time.Time  `json:"put_at,omitzero" readOnly:"true"`
	By        string     `json:"by" maxLength:"100" doc:"Who puts them" example:"Zhao Min"`
	Note      string     `json:"note,omitempty" maxLength:"500" doc:"Why" example:"Winter"`
}

// PlanningRule says how the parts that it names are planned: one part, a class or a depot; all
// of them when it names nothing. A field that is absent or 0 is left to a wider rule.
type PlanningRule struct {
	Part  string `json:"part,omitempty" maxLength:"64" example:"BP-F-2041"`
	Class string `json:"class,omitempty" maxLength:"2" doc:"A, B or C, or with X, Y or Z behind it, such as CZ"`
	Depot string `json:"depot,omitempty" maxLength:"64" example:"d-east"`

	ServiceLevel  float64 `json:"service_level,omitempty" minimum:"0" maximum:"0.999999" doc:"Probability of no stock-out over a lead time; the share of pieces served where forecast.policy is fill_rate" example:"0.97"` //nolint:lll // a tag cannot be broken
	Min           int     `json:"min,omitempty" minimum:"0" maximum:"1000000" doc:"Least reorder point, in pieces" example:"2"`                                                                                            //nolint:lll // a tag cannot be broken
	Max           int     `json:"max,omitempty" minimum:"0" maximum:"1000000" doc:"Most pieces to order up to, before whole lots" example:"40"`                                                                            //nolint:lll // a tag cannot be broken
	Lot           int     `json:"lot,omitempty" minimum:"0" maximum:"1000000" doc:"Ordered in multiples of so many pieces" example:"4"`                                                                                    //nolint:lll // a tag cannot be broken
	ShelfLifeDays int     `json:"shelf_life_days,omitempty" minimum:"0" maximum:"3650" doc:"No more is kept than the mean demand of so many days" example:"90"`                                                            //nolint:lll // a tag cannot be broken
}

// The names of what a rule sets, and of who sets it beside part, class and depot.
const (
	ParameterServiceLevel = "service_level"
	ParameterMin          = "min"
	ParameterMax          = "max"
	ParameterLot          = "lot"
	ParameterShelfLife    = "shelf_life_days"

	FromPart     = "part"
	FromClass    = "class"
	FromDepot    = "depot"
	FromDefault  = "default"
	FromSeverity = "severity"
)

// PlannedParameter is a parameter that the advice follows, and where it comes from.
type PlannedParameter struct {
	Name  string  `json:"name" enum:"service_level,min,max,lot,shelf_life_days"`
	Value float64 `json:"value"`
	From  string  `json:"from" enum:"part,class,depot,default,severity"`
}

// values are what the rule sets, by name.
func (r PlanningRule) values() []PlannedParameter {
	from := r.from()
	all := []PlannedParameter{
		{ParameterServiceLevel, r.ServiceLevel, from},
		{ParameterMin, float64(r.Min), from},
		{ParameterMax, float64(r.Max), from},
		{ParameterLot, float64(r.Lot), from},
		{ParameterShelfLife, float64(r.ShelfLifeDays), from},
	}
	return slices.DeleteFunc(all, func(p PlannedParameter) bool { return p.Value == 0 })
}

func (r PlanningRule) from() string {
	switch {
	case r.Part != "":
		return FromPart
	case r.Class != "":
		return FromClass
	case r.Depot != "":
		return FromDepot
	}
	return FromDefault
}

// rank orders rules from the widest to the narrowest: default, depot, class of one letter, of two, part.
func (r PlanningRule) rank() int {
	switch r.from() {
	case FromPart:
		return 4
	case FromClass:
		return 1 + len(r.Class)
	case FromDepot:
		return 1
	}
	return 0
}

// names tells whether the rule is about the part of the class at the depot.
func (r PlanningRule) names(part, class, depot string) bool {
	switch r.from() {
	case FromPart:
		return r.Part == part
	case FromClass:
		return strings.HasPrefix(class, r.Class)
	case FromDepot:
		return r.Depot == depot
	}
	return true
}

// For are the parameters of a part at a depot, each of the narrowest rule that sets it: part before
// class before depot before default. Class is such as "AX", "" for none yet. Where a min lies
// above a max, that of the narrower rule counts as both. Floors are not looked at.
func (p PlanningParameters) For(part, class, depot string) []PlannedParameter {
	var rules []PlanningRule
	for _, r := range p.Rules {
		if r.names(part, class, depot) {
			rules = append(rules, r)
		}
	}
	slices.SortStableFunc(rules, func(a, b PlanningRule) int { return cmp.Compare(a.rank(), b.rank()) })
	var out []PlannedParameter
	for _, r := range rules {
		for _, v := range r.values() {
			out = put(out, v)
		}
		least, most := parameterOf(out, ParameterMin), parameterOf(out, ParameterMax)
		if most.Value > 0 && least.Value > most.Value {
			if r.Min > 0 {
				most.Value, most.From = least.Value, least.From
			} else {
				least.Value, least.From = most.Value, most.From
			}
			out = put(put(out, least), most)
		}
	}
	return out
}

// parameterOf is the parameter of the name, with a value of 0 where it is not set.
func parameterOf(list []PlannedParameter, name string) PlannedParameter {
	i := slices.IndexFunc(list, func(p PlannedParameter) bool { return p.Name == name })
	if i < 0 {
		return PlannedParameter{Name: name}
	}
	return list[i]
}

// put sets the parameter in place of that of its name.
func put(list []PlannedParameter, p PlannedParameter) []PlannedParameter {
	i := slices.IndexFunc(list, func(q PlannedParameter) bool { return q.Name == p.Name })
	if i < 0 {
		return append(list, p)
	}
	list[i] = p
	return list
}

// mostRules bounds a document.
const mostRules = 5000

var classPattern = regexp.MustCompile(`^[ABC][XYZ]?$`)

// Validate names every fault by its field; ErrInvalid. Parts are those of the catalogue.
func (p PlanningParameters) Validate(c *Catalogue, depots []Depot) error {
	var faults []error
	fault := func(place, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %w: "+format, append([]any{place, ErrInvalid}, args...)...))
	}
	if len(p.Rules) > mostRules {
		fault("rules", "%d, want at most %d", len(p.Rules), mostRules)
	}
	for severity, level := range p.Floors {
		place := fmt.Sprintf("least_service_level.%s", severity)
		if !slices.Contains(Severities(), severity) {
			fault("least_service_level", "%.20q: want comfort, mobility or safety", severity)
		} else if !(level > 0 && level < 1) {
			fault(place, "%v: want above 0 and below 1", level)
		}
	}
	seen := map[[3]string]int{}
	severities := c.Severities()
	for i, r := range p.Rules[:min(len(p.Rules), mostRules)] {
		place := fmt.Sprintf("rules[%d]", i)
		r.check(func(field, format string, args ...any) { fault(place+field, format, args...) }, c, depots)
		key := [3]string{r.Part, r.Class, r.Depot}
		if first, ok := seen[key]; ok {
			fault(place, "rule %d is about the same: put them together", first)
		} else {
			seen[key] = i
		}
		floor := p.Floors[severities[r.Part]]
		if r.Part != "" && r.ServiceLevel > 0 && r.ServiceLevel < floor {
			fault(place+".service_level", "%v: a failure that the part mends is of severity %s, want at least %v",
				r.ServiceLevel, severities[r.Part], floor)
		}
	}
	p.checkSuppliers(func(place string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", place, err))
		}
	}, c)
	slices.SortFunc(faults, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

// check names what is wrong with a rule by itself.
func (r PlanningRule) check(fault func(field, format string, args ...any), c *Catalogue, depots []Depot) {
	named := len(slices.DeleteFunc([]string{r.Part, r.Class, r.Depot}, func(name string) bool { return name == "" }))
	if named > 1 {
		fault("", "it names %d of part, class and depot: want one of them, or none", named)
	}
	if _, err := c.Part(r.Part); r.Part != "" && err != nil {
		fault(".part", "%.64q is not in the catalogue", r.Part)
	}
	if r.Class != "" && !classPattern.MatchString(r.Class) {
		fault(".class", "%.10q: want A, B or C, or with X, Y or Z behind it, such as CZ", r.Class)
	}
	if r.Depot != "" && !slices.ContainsFunc(depots, func(d Depot) bool { return d.ID == r.Depot }) {
		fault(".depot", "%.64q is not registered", r.Depot)
	}
	r.checkValues(fault)
}

// checkValues names what is wrong with what the rule sets.
func (r PlanningRule) checkValues(fault func(field, format string, args ...any)) {
	if len(r.values()) == 0 {
		fault("", "it sets nothing: want service_level, min, max, lot or shelf_life_days")
	}
	if !(r.ServiceLevel >= 0 && r.ServiceLevel < 1) {
		fault(".service_level", "%v: want above 0 and below 1", r.ServiceLevel)
	}
	for _, n := range []struct {
		name        string
		value, most int
	}{{".min", r.Min, 1e6}, {".max", r.Max, 1e6}, {".lot", r.Lot, 1e6}, {".shelf_life_days", r.ShelfLifeDays, 3650}} {
		if n.value < 0 || n.value > n.most {
			fault(n.name, "%d: want 1 to %d, or leave it out", n.value, n.most)
		}
	}
	if r.Max > 0 && r.Min > r.Max {
		fault(".max", "%d is below min, %d", r.Max, r.Min)
	}
}

// Severities are those of the worst failure that each part mends; a part that no component's job
// asks for has none.
func (c *Catalogue) Severities() map[string]Severity {
	out := map[string]Severity{}
	for _, x := range c.Components {
		job, err := c.Job(x.JobCode)
		if err != nil {
			continue // nothing that a workshop could do
		}
		for _, need := range job.Parts {
			if x.Severity.Graver(out[need.Part]) {
				out[need.Part] = x.Severity
			}
		}
	}
	return out
}

// SaysSame tells whether the parameters say the same as others, whoever put them.
func (p PlanningParameters) SaysSame(other PlanningParameters) bool {
	same := func(x PlanningParameters) PlanningParameters {
		return PlanningParameters{
			Rules: append([]PlanningRule{}, x.Rules...), Floors: maps.Collect(maps.All(x.Floors)),
			Suppliers: append([]Supplier{}, x.Suppliers...), Sources: append([]Source{}, x.Sources...),
		}
	}
	return reflect.DeepEqual(same(p), same(other))
}
