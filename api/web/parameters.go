package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Parameters are how planners want parts to be planned; see rest.Parameters.
type Parameters interface {
	PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error)
	PutPlanningParameters(ctx context.Context, p presage.PlanningParameters) (presage.PlanningParameters, error)
}

const parametersPath = "/parts/parameters"

type parametersBody struct {
	presage.PlanningParameters
	supplierNames

	Depots     []presage.Depot
	Severities []presage.Severity
	Classes    []classRow
	Supplier   supplierForm
	Who        signer
	Posted     func(name string) string // what was typed
}

// classRow is how many parts a class holds, and the demand that it stands for.
type classRow struct {
	Class string
	Parts int
	Value moneys // of the plan's horizon
}

// DepotName is the depot's own word.
func (b parametersBody) DepotName(id string) presage.Text { return depotName(id, b.Depots) }

func parametersPage(r *request) error {
	r.heed()
	return r.parameters(http.StatusOK)
}

// parameters shows the page, after a form with what was wrong.
func (r *request) parameters(status int) error {
	ctx, s := r.Request.Context(), r.site
	b := parametersBody{
		Severities: presage.Severities(), Who: r.signer(), Posted: r.posted,
	}
	slices.Reverse(b.Severities) // the worst first
	var err error
	if b.PlanningParameters, err = s.Parameters.PlanningParameters(ctx, 0); err != nil {
		return err
	}
	b.Supplier, b.supplierNames = r.supplierForm(b.Suppliers), namesOf(b.Suppliers)
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	_, err = s.Parts.PlanRows(ctx, presage.ForecastFilter{Level: presage.LevelAll},
		func(lines []presage.PartForecast) []presage.PartForecast {
			b.Classes = s.classes(lines)
			return nil
		})
	if err != nil {
		return err
	}
	return r.render(status, "parameters", "parts", r.text("parameters.title"), b)
}

// classes sums parts up by their class.
func (s *Site) classes(lines []presage.PartForecast) []classRow {
	var out []classRow
	for _, f := range lines {
		class := f.Advice.Class
		if class == "" {
			continue
		}
		i := slices.IndexFunc(out, func(c classRow) bool { return c.Class == class })
		if i < 0 {
			i = len(out)
			out = append(out, classRow{Class: class})
		}
		out[i].Parts++
		if cost := s.Catalogue.CostOf(f.Part); cost != (presage.Money{}) {
			out[i].Value.add(presage.Money{Minor: int64(f.Mean * float64(cost.Minor)), Currency: cost.Currency})
		}
	}
	slices.SortFunc(out, func(a, b classRow) int { return strings.Compare(a.Class, b.Class) })
	return out
}

// putParameters sets one rule, the floors, a supplier or a source in the parameters that were looked at.
func putParameters(r *request) error {
	p, err := r.site.Parameters.PlanningParameters(r.Request.Context(), 0)
	if err != nil {
		return err
	}
	p.Version, err = r.versionSeen()
	p.By, p.Note = r.posted("who"), r.posted("why")
	if err == nil {
		switch r.PostForm("do") {
		case "floors":
			p.Floors, err = r.floors()
		case "supplier", "no-supplier":
			err = r.suppliersIn(&p)
		case "source", "no-source":
			err = r.sourcesIn(&p)
		default:
			p.Rules, err = r.ruleIn(p.Rules)
		}
	}
	if err == nil {
		_, err = r.site.Parameters.PutPlanningParameters(r.Request.Context(), p)
	}
	if err != nil {
		return r.refused(err, r.parameters, parametersPath+"?")
	}
	r.remember(p.By)
	return r.redirect(parametersPath + "?notice=parameters")
}

// ruleIn is the rules with the posted one in place of that about the same; without a value it is
// taken away.
func (r *request) ruleIn(rules []presage.PlanningRule) ([]presage.PlanningRule, error) {
	rule := presage.PlanningRule{
		Part: r.posted("part"), Class: strings.ToUpper(r.posted("class")), Depot: r.posted("depot"),
	}
	var faults []error
	level, err := r.share("service_level")
	faults = append(faults, err)
	rule.ServiceLevel = level
	for name, to := range map[string]*int{
		"min": &rule.Min, "max": &rule.Max, "lot": &rule.Lot, "shelf_life_days": &rule.ShelfLifeDays,
	} {
		if text := r.posted(name); text != "" {
			if *to, err = strconv.Atoi(text); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w: %.20q: want a whole number", name, presage.ErrInvalid, text))
			}
		}
	}
	about := func(x presage.PlanningRule) bool {
		return x.Part == rule.Part && x.Class == rule.Class && x.Depot == rule.Depot
	}
	kept := slices.DeleteFunc(slices.Clone(rules), about)
	empty := rule == presage.PlanningRule{Part: rule.Part, Class: rule.Class, Depot: rule.Depot}
	if empty && len(kept) == len(rules) {
		faults = append(faults, fmt.Errorf("service_level: %w: the rule sets nothing", presage.ErrInvalid))
	}
	if !empty {
		kept = append(kept, rule)
	}
	return kept, errors.Join(faults...)
}

// floors are the least service levels posted.
func (r *request) floors() (map[presage.Severity]float64, error) {
	out := map[presage.Severity]float64{}
	var faults []error
	for _, severity := range presage.Severities() {
		level, err := r.share(string(severity))
		faults = append(faults, err)
		if level != 0 {
			out[severity] = level
		}
	}
	return out, errors.Join(faults...)
}

// share reads a posted percentage as a share; 0 for none.
func (r *request) share(name string) (float64, error) {
	text := strings.TrimSpace(strings.TrimSuffix(r.posted(name), "%"))
	if text == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x > 0 && x < 100) {
		return 0, fmt.Errorf("%s: %w: %.20q: want a percentage above 0 and below 100", name, presage.ErrInvalid, text)
	}
	return x / 100, nil
}
