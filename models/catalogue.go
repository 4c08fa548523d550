package models

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"presage"
)

//go:embed catalogue.yaml
var catalogueYAML []byte

// The laws that a component's Model may name.
const (
	LawWear     = "wear"             // a measured wear percentage against distance
	LawLeadAcid = "lead_acid"        // rest voltage and cranking minimum
	LawHV       = "hv_capacity"      // capacity from partial charges, and weak cells
	LawLeak     = "slow_leak"        // tyre pressure against the other wheels
	LawSurvival = "survival"         // mileage against a population
	LawClock    = presage.ModelClock // a service interval by days and km
	LawWatch    = "watch"            // none: watch rules alone bring it up, there is no prognosis
)

// LoadCatalogue reads the embedded catalogue and lays overlay (YAML of the
// same form, or empty) over it: rows replace whole rows by component id, job
// code, part number or the id of a watch rule or warranty; new ones are added.
// Unknown keys are refused. The error is an ErrInvalid that names every fault at once.
func LoadCatalogue(overlay []byte) (*presage.Catalogue, error) {
	var c presage.Catalogue
	if err := strictYAML(catalogueYAML, &c); err != nil {
		return nil, fmt.Errorf("embedded catalogue: %w: %w", presage.ErrInvalid, err)
	}
	if len(overlay) > 0 {
		var over presage.Catalogue
		if err := strictYAML(overlay, &over); err != nil {
			return nil, fmt.Errorf("catalogue overlay: %w: %w", presage.ErrInvalid, err)
		}
		lay(&c, &over)
	}
	if err := CheckCatalogue(&c); err != nil {
		return nil, err
	}
	return &c, nil
}

// strictYAML reads a document into v; an unknown or a repeated key is an error,
// a document of comments alone changes nothing.
func strictYAML(document []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(document))
	d.KnownFields(true)
	if err := d.Decode(v); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func lay(c, over *presage.Catalogue) {
	if over.Version != "" {
		c.Version += "+" + over.Version
	}
	c.Components = layRows(c.Components, over.Components, func(x presage.Component) string { return string(x.ID) })
	c.Jobs = layRows(c.Jobs, over.Jobs, func(x presage.Job) string { return x.Code })
	c.Parts = layRows(c.Parts, over.Parts, func(x presage.Part) string { return x.Number })
	c.Watch = layRows(c.Watch, over.Watch, func(x presage.WatchRule) string { return x.ID })
	if over.RouteCosts != nil {
		c.RouteCosts = over.RouteCosts
	}
	c.Warranties = layRows(c.Warranties, over.Warranties, func(x presage.Warranty) string { return x.ID })
}

func layRows[T any](rows, over []T, key func(T) string) []T {
	for _, o := range over {
		if i := slices.IndexFunc(rows, func(r T) bool { return key(r) == key(o) }); i >= 0 {
			rows[i] = o
		} else {
			rows = append(rows, o)
		}
	}
	return rows
}

// CheckCatalogue tells every fault of c at once, each with its row: duplicate
// or missing ids, unknown laws, missing params, jobs and parts that do not
// exist, texts missing in a language. The error is an ErrInvalid.
func CheckCatalogue(c *presage.Catalogue) error {
	f := faults{seen: map[string]bool{}}
	for _, x := range c.Components {
		f.component(c, x)
	}
	for _, j := range c.Jobs {
		f.job(c, j)
	}
	for _, p := range c.Parts {
		row := "part " + p.Number
		f.id(row, p.Number)
		f.text(row+" name", p.Name)
		f.check(p.LeadTimeDays >= 0 && p.PackSize > 0 && p.Cost.Minor >= 0,
			row, "lead_time_days and cost must not be negative, pack_size must be positive")
		f.check(p.MinOrder >= 0, row, fmt.Sprintf("min_order is %d: want pieces, or 0 for none", p.MinOrder))
	}
	f.supersessions(c)
	f.routeCosts(c)
	for _, r := range c.Watch {
		f.watch(c, r)
	}
	for _, w := range c.Warranties {
		f.warranty(c, w)
	}
	if len(f.errs) == 0 {
		return nil
	}
	return fmt.Errorf("catalogue: %w: %w", presage.ErrInvalid, errors.Join(f.errs...))
}

// supersessions checks that every old number has one successor, and that
// following the successors comes to an end.
func (f *faults) supersessions(c *presage.Catalogue) {
	successor := map[string]string{}
	for _, p := range c.Parts {
		row := "part " + p.Number
		for _, old := range p.Supersedes {
			f.check(old != "", row, "supersedes an empty number")
			other, known := successor[old]
			f.check(!known, row, fmt.Sprintf("supersedes %q, which %q does already", old, other))
			successor[old] = p.Number
		}
	}
	for _, p := range c.Parts {
		number, steps := p.Number, 0
		for number != "" && steps <= len(successor) {
			number, steps = successor[number], steps+1
		}
		f.check(number == "", "part "+p.Number, "is superseded in a circle: "+p.Number+" comes back to itself")
	}
}

type faults struct {
	seen map[string]bool
	errs []error
}

func (f *faults) check(ok bool, row, fault string) {
	if !ok {
		f.errs = append(f.errs, fmt.Errorf("%s: %s", row, fault))
	}
}

func (f *faults) id(row, id string) {
	f.check(id != "", row, "no id")
	f.check(!f.seen[row], row, "duplicate")
	f.seen[row] = true
}

func (f *faults) text(row string, t presage.Text) {
	f.check(t.ZH != "" && t.EN != "", row, "wants zh and en")
}

func (f *faults) component(c *presage.Catalogue, x presage.Component) {
	row := "component " + string(x.ID)
	f.id(row, string(x.ID))
	f.text(row+" name", x.Name)
	f.text(row+" why", x.Why)
	_, err := c.Job(x.JobCode)
	f.check(err == nil, row, fmt.Sprintf("job %q does not exist", x.JobCode))
	if x.DiagnosisCode != "" {
		_, err := c.Job(x.DiagnosisCode)
		f.check(err == nil, row, fmt.Sprintf("diagnosis %q: there is no such job", x.DiagnosisCode))
	}
	f.check(slices.Contains(presage.Severities(), x.Severity),
		row, fmt.Sprintf("severity %q: want comfort, mobility or safety", x.Severity))
	f.check(x.StaleAfterDays > 0, row, "stale_after_days must be positive")
	f.powertrains(row+" applies_to", x.AppliesTo)
	f.routes(c, row, x.Routes)
	f.check(len(c.RoutesOf(x.ID, x.JobCode, "")) > 0, row, "routes: none of them is one of its job "+x.JobCode)
	if r := x.Measured; r != nil {
		f.check(r.Min < r.Max, row, fmt.Sprintf("measured: min %g is not below max %g", r.Min, r.Max))
		f.check(r.Has(x.Limit), row, fmt.Sprintf("measured: the limit %g is outside %g to %g", x.Limit, r.Min, r.Max))
		f.check(r.Worn == "above" || r.Worn == "below", row, fmt.Sprintf("measured.worn %q: want above or below", r.Worn))
	}
	needed, ok := lawParams(x.Model)
	f.check(ok, row, fmt.Sprintf("unknown model %q", x.Model))
	for _, name := range needed {
		if optionalParam(name) {
			continue
		}
		_, has := x.Params[name]
		f.check(has, row, "params lack "+name)
	}
	for name, v := range x.Params {
		f.check(slices.Contains(needed, name), row, "params hold unknown "+name)
		f.check(v > 0 || signedParam(name), row, fmt.Sprintf("param %s is %g: want a positive number", name, v))
	}
	f.intervals(c, x)
}

// intervals checks what only service items have.
func (f *faults) intervals(c *presage.Catalogue, x presage.Component) {
	row := "component " + string(x.ID)
	if !x.IsService() {
		f.check(len(x.Intervals) == 0 && len(x.RenewedBy) == 0, row, "intervals and renewed_by are for the model clock alone")
		return
	}
	applies := x.AppliesTo
	if len(applies) == 0 {
		applies = powertrains()
	}
	for _, p := range applies {
		v := x.Interval(p)
		f.check(v.Days > 0 || v.Km > 0, row, fmt.Sprintf("no interval for %s: want days, km or both above 0", p))
	}
	for p, v := range x.Intervals {
		f.check(slices.Contains(applies, p), row, fmt.Sprintf("an interval for %q, which it does not apply to", p))
		f.check(v.Days >= 0 && v.Km >= 0, row, fmt.Sprintf("interval for %s: days and km must not be negative", p))
	}
	for _, id := range x.RenewedBy {
		_, err := c.Component(id)
		f.check(err == nil, row, fmt.Sprintf("renewed_by: component %q does not exist", id))
	}
}

func powertrains() []presage.Powertrain {
	return []presage.Powertrain{presage.BatteryElectric, presage.PlugInHybrid, presage.Combustion}
}

func (f *faults) job(c *presage.Catalogue, j presage.Job) {
	row := "job " + j.Code
	f.id(row, j.Code)
	f.text(row+" name", j.Name)
	f.check(j.Minutes > 0, row, "minutes must be positive")
	f.check(j.Level >= 0 && j.Level <= 3, row, "level: want 1 to 3, or 0 for the easiest")
	f.check(j.Bay != presage.BayVan, row, "bay: a van is where a job is done, not what it needs")
	f.routes(c, row, j.Routes)
	lifted := j.Bay == "lift" && slices.Contains(j.Routes, presage.RouteMobile)
	f.check(!lifted, row, "routes: a job on a lift is not mobile")
	f.check(j.Price.Minor >= 0 && j.BreakdownCost.Minor >= 0, row, "amounts must not be negative")
	for i, x := range j.Steps {
		f.text(fmt.Sprintf("%s steps[%d]", row, i), x)
	}
	for i, x := range j.Tools {
		f.text(fmt.Sprintf("%s tools[%d]", row, i), x)
	}
	for _, p := range j.Parts {
		_, err := c.Part(p.Part)
		f.check(err == nil, row, fmt.Sprintf("part %q does not exist", p.Part))
		f.check(p.Quantity > 0, row, fmt.Sprintf("part %q: quantity must be positive", p.Part))
	}
}

func (f *faults) watch(c *presage.Catalogue, r presage.WatchRule) {
	row := "watch rule " + r.ID
	f.id(row, r.ID)
	_, err := c.Component(r.Component)
	f.check(err == nil, row, fmt.Sprintf("component %q does not exist", r.Component))
	f.routes(c, row, r.Routes)
	f.check(len(c.RoutesOf(r.Component, "", r.ID)) > 0, row, "routes: none of them is one of its component's")
	if err := r.Validate(); err != nil {
		f.errs = append(f.errs, err)
	}
}

func (f *faults) warranty(c *presage.Catalogue, w presage.Warranty) {
	row := "warranty " + w.ID
	f.id(row, w.ID)
	f.text(row+" name", w.Name)
	f.check(w.Months > 0, row, "months must be positive")
	f.check(w.Km >= 0, row, "km must not be negative; 0 for no limit")
	f.check(len(w.Components) > 0, row, "no components")
	f.check(w.ToYear == 0 || w.ToYear >= w.FromYear, row, "to_year is before from_year")
	for _, id := range w.Components {
		_, err := c.Component(id)
		f.check(err == nil, row, fmt.Sprintf("component %q does not exist", id))
	}
	f.powertrains(row+" powertrains", w.Powertrains)
}

func (f *faults) powertrains(row string, ps []presage.Powertrain) {
	for _, p := range ps {
		f.check(slices.Contains(powertrains(), p), row, fmt.Sprintf("%q: want bev, phev or ice", p))
	}
}

// signedParam tells which params may be zero or negative.
func signedParam(name string) bool {
	return name == "prior_slope" || name == "crank_prior_slope" || name == "natural_loss"
}

// optionalParam tells which params may be missing: an interval may be by days or
// by km alone, or by powertrain.
func optionalParam(name string) bool { return name == "interval_days" || name == "interval_km" }

// lawParams lists the params of a law; false if there is no such law.
func lawParams(law string) ([]string, bool) {
	status := []string{"due_p30", "due_p60", "watch_p90"}
	line := append([]string{
		"prior_slope", "prior_slope_sd", "prior_noise", "future_cv", "half_life_days", "window_days", "min_days",
	}, status...)
	switch law {
	case LawWear:
		return append(line, "renewal_step"), true
	case LawLeadAcid:
		return append(line, "renewal_step", "crank_limit", "crank_prior_slope", "crank_prior_slope_sd",
			"crank_prior_noise", "bend_days", "reading_weight", "life_shape", "life_scale", "sudden_share"), true
	case LawHV:
		return append(line, "prior_level_sd", "cell_watch_mv", "cell_due_mv", "cell_min_gap_mv", "cell_days",
			"warning_hazard"), true
	case LawLeak:
		return append(line, "renewal_step", "nominal_kpa", "natural_loss", "tight_slope_sd", "leak_chance"), true
	case LawSurvival:
		return append(status, "life_shape", "life_scale", "prior_events"), true
	case LawClock:
		return append(status, "interval_days", "interval_km", "spread"), true
	case LawWatch:
		return nil, true
	}
	return nil, false
}
