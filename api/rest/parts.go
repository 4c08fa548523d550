package rest

import (
	"context"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/explain"
	"presage/api/table"
)

func (h *handlers) partRoutes(a huma.API) {
	list := get("get-part-forecast", "/v1/parts/forecast", "Parts",
		"Demand for each part at each depot: mean, quantiles, where it comes from, what to order")
	list.Description = "`level` adds the depots up: to regions, or to everything. `horizon` chooses among the planned " +
		"numbers of days."
	route(a, h.Logger, tabular(a, list, page[presage.PartForecast]{Items: []presage.PartForecast{exampleForecast()}},
		exampleForecastCSV), h.forecast)
	one := get("get-part-outlook", "/v1/parts/{number}/forecast", "Parts",
		"One part with its past, the weeks ahead, and a sentence for each figure")
	one.Description = "At a depot, in a region, or everywhere. The table has a line a week, horizon and past forecast."
	one.Errors = []int{404}
	route(a, h.Logger, tabular(a, one, exampleOutlook(), exampleOutlookCSV), h.outlook)
	reorder := get("get-reorder-list", "/v1/parts/reorder", "Parts",
		"What to order and move, the highest risk of a stock-out first, then the highest cost")
	reorder.Description = "Only rows with something to do; `all=true` for every part at every depot."
	route(a, h.Logger, tabular(a, reorder, page[presage.ReorderRow]{Items: []presage.ReorderRow{exampleReorder()}},
		exampleReorderCSV), h.reorder)
}

type forecastInput struct {
	TableWindow
	Part    string `query:"part" maxLength:"64" doc:"Part number" example:"BP-F-2041"`
	Depot   string `query:"depot" maxLength:"64" doc:"Only with level=depot" example:"d-east"`
	Region  string `query:"region" maxLength:"64" doc:"Not with level=all" example:"east"`
	Level   string `query:"level" enum:"depot,region,all" default:"depot"`
	Horizon int    `query:"horizon" minimum:"1" maximum:"3650" doc:"Days, one of the planned horizons; the plan's own when absent" example:"30"` //nolint:lll // a tag cannot be broken
}

func (h *handlers) forecast(ctx context.Context, in *forecastInput) (*written, error) {
	if in.Level != presage.LevelDepot && in.Depot != "" {
		return nil, fmt.Errorf("depot: %w with level=%s, whose forecasts are sums over depots: leave one of them out",
			presage.ErrInvalid, in.Level)
	}
	if in.Level == presage.LevelAll && in.Region != "" {
		return nil, fmt.Errorf("region: %w with level=all, whose forecasts are sums over regions: leave one of them out",
			presage.ErrInvalid)
	}
	rows, err := h.Parts.PartForecasts(ctx, presage.ForecastFilter{
		Part: in.Part, DepotID: in.Depot, Region: in.Region, Level: in.Level,
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if rows[i], err = rows[i].AtHorizon(in.Horizon); err != nil {
			return nil, err
		}
	}
	p, err := pageOfTable(rows, in.TableWindow, func(f presage.PartForecast) string {
		return cursorOf(f.Part, f.Region, f.DepotID)
	})
	if err != nil {
		return nil, err
	}
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteForecast(w, h.Catalogue, p.Items)
	}), nil
}

type outlookInput struct {
	Accept  string `header:"Accept"`
	Number  string `path:"number" maxLength:"64" doc:"Part number" example:"BP-F-2041"`
	Depot   string `query:"depot" maxLength:"64" doc:"One depot; a region or everything when absent" example:"d-east"`
	Region  string `query:"region" maxLength:"64" doc:"One region; everything when absent" example:"east"`
	Horizon int    `query:"horizon" minimum:"1" maximum:"3650" doc:"Days, one of the planned horizons; the plan's own when absent" example:"30"` //nolint:lll // a tag cannot be broken
}

// outlook is presage.PartOutlook with its sentences.
type outlook struct {
	Forecast    presage.PartForecast       `json:"forecast"`
	Explanation []explain.Sentence         `json:"explanation"`
	Weeks       []presage.DemandStep       `json:"weeks" doc:"Ahead, 7 days each"`
	History     []presage.DemandWeek       `json:"history" doc:"Oldest first, whole weeks until the forecast"`
	Past        []presage.PastForecast     `json:"past" doc:"Forecasts whose days are over, oldest first"`
	Accuracy    []presage.ForecastAccuracy `json:"accuracy"`
	Overrides   []presage.DemandOverride   `json:"overrides" doc:"Newest first, ended ones too"`
}

func (h *handlers) outlook(ctx context.Context, in *outlookInput) (*written, error) {
	o, err := h.Parts.PartOutlook(ctx, in.Number, in.Depot, in.Region)
	if err != nil {
		return nil, err
	}
	if o.Forecast, err = o.Forecast.AtHorizon(in.Horizon); err != nil {
		return nil, err
	}
	out := outlook{
		Forecast: o.Forecast, Explanation: h.explain.Forecast(o.Forecast, h.part(in.Number)),
		Weeks: nonNil(o.Weeks), History: nonNil(o.History), Past: nonNil(o.Past),
		Accuracy: nonNil(o.Accuracy), Overrides: nonNil(o.Overrides),
	}
	return h.table(ctx, answered{in.Accept, out, ""}, func(w io.Writer) error { return table.WriteOutlook(w, o) }), nil
}

type reorderInput struct {
	TableWindow
	Part   string `query:"part" maxLength:"64" doc:"Part number" example:"BP-F-2041"`
	Depot  string `query:"depot" maxLength:"64" example:"d-east"`
	Region string `query:"region" maxLength:"64" example:"east"`
	All    bool   `query:"all" doc:"Rows without anything to do as well"`
}

func (h *handlers) reorder(ctx context.Context, in *reorderInput) (*written, error) {
	forecasts, err := h.Parts.PartForecasts(ctx, presage.ForecastFilter{
		Part: in.Part, DepotID: in.Depot, Region: in.Region, Level: presage.LevelDepot,
	})
	if err != nil {
		return nil, err
	}
	depots, err := h.Places.Depots(ctx)
	if err != nil {
		return nil, err
	}
	rows := h.Catalogue.Reorder(depots, forecasts, in.All)
	reasons := make(map[[2]string]presage.Text, len(forecasts))
	for _, f := range forecasts {
		reasons[[2]string{f.Part, f.DepotID}] = h.explain.Order(f, h.part(f.Part))
	}
	for i, r := range rows {
		rows[i].Reason = reasons[[2]string{r.Part, r.DepotID}]
	}
	p, err := pageOfTable(rows, in.TableWindow, func(r presage.ReorderRow) string { return cursorOf(r.Part, r.DepotID) })
	if err != nil {
		return nil, err
	}
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteReorder(w, p.Items)
	}), nil
}

// part is the catalogue's row; a part that left it is still forecast.
func (h *handlers) part(number string) presage.Part {
	p, err := h.Catalogue.Part(number)
	if err != nil {
		return presage.Part{Number: number}
	}
	return p
}
