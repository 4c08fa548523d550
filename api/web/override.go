package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"presage"
)

// Bounds of what a planner may say; those of presage.DemandOverride.Validate.
const (
	overrideMost  = 1e6 // pieces
	overrideDays  = 365
	overrideAhead = 732 // days until
	overrideName  = 100 // runes
	overrideWhy   = 500 // runes
)

// overrideForm is what was typed, and the wording of what is wrong with it by field.
type overrideForm struct {
	Values, Faults map[string]string
}

// overrideRow is an override beside the model's figure for the same days.
type overrideRow struct {
	presage.DemandOverride
	Depot   presage.Text
	InForce bool
	Model   float64 // NaN where the plan says nothing about the days
}

// newForm starts from the plan's own horizon.
func (s *Site) newForm(f presage.PartForecast) overrideForm {
	today := presage.DayOf(s.Now())
	return overrideForm{Values: map[string]string{
		"days": strconv.Itoa(f.HorizonDays), "until": (today + presage.Day(f.HorizonDays)).String(),
	}}
}

// overrides lists those of the level's depots, the newest first.
func (s *Site) overrides(ctx context.Context, b *partBody) error {
	rows, err := s.Overrides.Overrides(ctx, b.Number, b.DepotID)
	if err != nil {
		return err
	}
	today := presage.DayOf(s.Now())
	for _, o := range rows {
		i := slices.IndexFunc(b.Shelves, func(x partRow) bool { return x.DepotID == o.DepotID })
		if i < 0 || !b.covers(b.Shelves[i].PartForecast) || len(b.Overridden) == overrideRows {
			continue
		}
		b.Overridden = append(b.Overridden, overrideRow{
			DemandOverride: o, Depot: b.Name(o.DepotID), InForce: o.InForce(today),
			Model: modelMean(b.Shelves[i].PartForecast, o.Days),
		})
	}
	return nil
}

// modelMean is the model's mean for the days, between the planned horizons in
// proportion, past the last one at its rate.
func modelMean(f presage.PartForecast, days int) float64 {
	before := presage.DemandStep{}
	steps := f.Horizons
	if len(steps) == 0 {
		steps = []presage.DemandStep{{Days: f.HorizonDays, Mean: f.Mean}}
	}
	for _, h := range steps {
		if days <= h.Days {
			return before.Mean + (h.Mean-before.Mean)*float64(days-before.Days)/float64(h.Days-before.Days)
		}
		before = h
	}
	return before.Mean * float64(days) / float64(before.Days)
}

// putOverride keeps a planner's own figure.
func putOverride(r *request) error {
	o, form := r.override()
	if len(form.Faults) > 0 {
		r.here = partURL(o.Part, o.DepotID, "")
		r.notice = notice{"due", r.text("override.not_kept")}
		return r.part(http.StatusUnprocessableEntity, form)
	}
	_, err := r.site.Overrides.PutOverride(r.Request.Context(), o)
	if errors.Is(err, presage.ErrInvalid) {
		r.here = partURL(o.Part, o.DepotID, "")
		r.notice = notice{"due", r.refusal(err, err.Error())}
		return r.part(http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return r.redirect(partURL(o.Part, o.DepotID, "") + "&notice=override#overrides")
}

// override reads the form.
func (r *request) override() (presage.DemandOverride, overrideForm) {
	form := overrideForm{Values: map[string]string{}, Faults: map[string]string{}}
	for _, name := range []string{"mean", "days", "until", "by", "why"} {
		form.Values[name] = r.posted(name)
	}
	o := presage.DemandOverride{
		Part: r.Param("number"), DepotID: r.Query("depot"), By: form.Values["by"], Why: form.Values["why"],
	}
	mean, noMean := strconv.ParseFloat(form.Values["mean"], 64)
	days, noDays := strconv.Atoi(form.Values["days"])
	until, noDay := time.Parse(time.DateOnly, form.Values["until"])
	o.Mean, o.Days, o.Until = mean, days, presage.DayOf(until)
	today := presage.DayOf(r.site.Now())
	want := func(name string, ok bool, args ...any) {
		if !ok {
			form.Faults[name] = r.text("override.fault."+name, args...)
		}
	}
	want("mean", noMean == nil && mean >= 0 && mean <= overrideMost, int(overrideMost))
	want("days", noDays == nil && days >= 1 && days <= overrideDays, overrideDays)
	want("until", noDay == nil && o.Until >= today && o.Until <= today+overrideAhead,
		today.String(), (today + overrideAhead).String())
	want("by", filled(o.By, overrideName), overrideName)
	want("why", filled(o.Why, overrideWhy), overrideWhy)
	return o, form
}

// filled tells whether a text is there and no longer than most.
func filled(text string, most int) bool { return text != "" && utf8.RuneCountInString(text) <= most }

// withdrawOverride ends an override of the part.
func withdrawOverride(r *request) error {
	ctx, number := r.Request.Context(), r.Param("number")
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil {
		return fmt.Errorf("override %q: %w", r.Param("id"), presage.ErrNotFound)
	}
	rows, err := r.site.Overrides.Overrides(ctx, number, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(o presage.DemandOverride) bool { return o.ID == id })
	if i < 0 {
		return fmt.Errorf("override %d of part %s: %w", id, number, presage.ErrNotFound)
	}
	by := r.posted("by")
	if !filled(by, overrideName) {
		return fmt.Errorf("%w by: say in 1-%d characters who withdraws it", presage.ErrInvalid, overrideName)
	}
	if err := r.site.Overrides.WithdrawOverride(ctx, id, by); err != nil {
		return err
	}
	return r.redirect(partURL(number, rows[i].DepotID, "") + "&notice=withdrawn#overrides")
}
