package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"presage"
)

// The rows shown of what is over.
const (
	pastRows     = 26
	overrideRows = 20
)

type partBody struct {
	presage.PartOutlook
	supplierNames
	Number     string
	Row        partRow
	Depot      presage.Text
	DepotID    string
	Region     string
	Level      string
	Regions    []string
	Shelves    []partRow    // of the part, within the level
	Why, Order presage.Text // where the mean comes from, and why so much is ordered
	Horizons   []presage.DemandStep
	Chart      demandChart
	Shown      []pastRow
	Inside     int // of the shown
	Overridden []overrideRow
	Form       overrideForm
	Totals     planTotals
	Moves      []move
	NoForecast bool
	Who        signer
	names      map[string]presage.Text
}

// pastRow is a past forecast and whether what came lay in its interval.
type pastRow struct {
	presage.PastForecast
	Inside bool `json:"inside"`
}

func part(r *request) error {
	r.heed()
	return r.part(http.StatusOK, overrideForm{})
}

// part shows the page of a part at the level that the address names.
func (r *request) part(status int, form overrideForm) error {
	ctx, s := r.Request.Context(), r.site
	b := partBody{
		Number: r.Param("number"), DepotID: r.Query("depot"), Region: r.Query("region"), Form: form, Who: r.signer(),
	}
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	b.place(depots)
	if b.supplierNames, err = r.supplierNames(); err != nil {
		return err
	}
	b.PartOutlook, err = s.Parts.PartOutlook(ctx, b.Number, b.DepotID, b.Region)
	switch {
	case errors.Is(err, presage.ErrNotFound) && s.knows(b.Number, b.DepotID, depots):
		b.NoForecast = true // a part of the catalogue that the first plan is still to come for
		return r.render(status, "part", "parts", r.partName(b.Number), b)
	case err != nil:
		return err
	}
	if err := s.shelves(ctx, &b, depots); err != nil {
		return err
	}
	if err := s.overrides(ctx, &b); err != nil {
		return err
	}
	b.Chart = chartOf(b.PartOutlook)
	if b.Level == presage.LevelDepot {
		b.judge()
	}
	b.Why = s.reasons.Mean(b.Forecast)
	if b.Level == presage.LevelDepot && b.Forecast.Advice.Policy != "" {
		b.Order = s.orderReason(b.Forecast)
	}
	if b.Form.Values == nil {
		b.Form = s.newForm(b.Forecast)
		b.Form.Values["by"] = r.who()
	}
	return r.render(status, "part", "parts", r.partName(b.Number), b)
}

// place finds the level's name.
func (b *partBody) place(depots []presage.Depot) {
	b.Regions = regionsOf(depots)
	b.names = map[string]presage.Text{}
	for _, d := range depots {
		b.names[d.ID] = d.Name
		if d.ID == b.DepotID {
			b.Region = d.Region
		}
	}
	switch {
	case b.DepotID != "":
		b.Level, b.Depot = presage.LevelDepot, depotName(b.DepotID, depots)
	case b.Region != "":
		b.Level = presage.LevelRegion
	default:
		b.Level = presage.LevelAll
	}
}

// Name is the name of a depot.
func (b partBody) Name(id string) presage.Text {
	if name, ok := b.names[id]; ok {
		return name
	}
	return presage.Text{ZH: id, EN: id}
}

// knows tells whether the part is in the catalogue, and the depot in the register.
func (s *Site) knows(number, depot string, depots []presage.Depot) bool {
	_, err := s.Catalogue.Part(number)
	return err == nil && (depot == "" || slices.ContainsFunc(depots, func(d presage.Depot) bool { return d.ID == depot }))
}

// shelves lays the part's depots out: what the level sums up.
func (s *Site) shelves(ctx context.Context, b *partBody, depots []presage.Depot) error {
	rows, err := s.Parts.PartForecasts(ctx, presage.ForecastFilter{Part: b.Number})
	if err != nil {
		return err
	}
	acts := actionsOf(rows, presage.LevelDepot)
	var mine []presage.PartForecast
	for _, f := range rows {
		row := layOut(f, depots)
		row.action, row.URL = acts[groupOf(f, presage.LevelDepot)], partURL(f.Part, f.DepotID, "")
		b.Shelves = append(b.Shelves, row)
		if b.covers(f) {
			mine = append(mine, f)
		}
	}
	b.Totals.count(mine)
	b.Moves = transfers(mine)
	b.Row = layOut(b.Forecast, depots)
	b.Row.action = acts[groupOf(b.Forecast, presage.LevelDepot)]
	b.Horizons = b.Forecast.Horizons
	if len(b.Horizons) == 0 {
		b.Horizons = []presage.DemandStep{{
			Days: b.Forecast.HorizonDays, Mean: b.Forecast.Mean, Quantiles: b.Forecast.Quantiles,
		}}
	}
	return nil
}

// covers tells whether a shelf belongs to the level.
func (b *partBody) covers(f presage.PartForecast) bool {
	switch b.Level {
	case presage.LevelDepot:
		return f.DepotID == b.DepotID
	case presage.LevelRegion:
		return f.Region == b.Region
	}
	return true
}

// judge lays the newest past forecasts of the plan's own horizon out.
func (b *partBody) judge() {
	for _, p := range b.Past {
		if p.HorizonDays == b.Forecast.HorizonDays {
			b.Shown = append(b.Shown, pastRow{p, float64(p.Actual) >= p.P10 && float64(p.Actual) <= p.P90})
		}
	}
	b.Shown = b.Shown[max(0, len(b.Shown)-pastRows):]
	for _, p := range b.Shown {
		if p.Inside {
			b.Inside++
		}
	}
}

// Newest is the shown past forecasts from the newest on.
func (b partBody) Newest() []pastRow {
	out := slices.Clone(b.Shown)
	slices.Reverse(out)
	return out
}

// demandChart is what the fan chart draws.
type demandChart struct {
	Today   string               `json:"today"` // day of the forecast
	History []presage.DemandWeek `json:"history"`
	Weeks   []chartWeek          `json:"weeks"`
}

// chartWeek is a week ahead; a level that the plan lacks is null.
type chartWeek struct {
	From presage.Day `json:"from"`
	Mean float64     `json:"mean"`
	P10  *float64    `json:"p10"`
	P20  *float64    `json:"p20"`
	P50  *float64    `json:"p50"`
	P80  *float64    `json:"p80"`
	P90  *float64    `json:"p90"`
}

func chartOf(o presage.PartOutlook) demandChart {
	today := presage.DayOf(o.Forecast.AsOf)
	c := demandChart{Today: today.String(), History: o.History, Weeks: []chartWeek{}}
	if c.History == nil {
		c.History = []presage.DemandWeek{}
	}
	for _, w := range o.Weeks {
		at := func(level string) *float64 {
			if x, ok := w.Quantiles[level]; ok {
				return &x
			}
			return nil
		}
		c.Weeks = append(c.Weeks, chartWeek{
			From: today + presage.Day(w.FromDay), Mean: w.Mean,
			P10: at("0.1"), P20: at("0.2"), P50: at("0.5"), P80: at("0.8"), P90: at("0.9"),
		})
	}
	return c
}
