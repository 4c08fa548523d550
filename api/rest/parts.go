package rest

import (
	"cmp"
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
	h.budgetRoute(a)
	h.parameterRoutes(a)
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
	f := presage.ForecastFilter{Part: in.Part, DepotID: in.Depot, Region: in.Region, Level: in.Level}
	if in.After != "" {
		after, err := readCursor(in.After, 3)
		if err != nil {
			return nil, err
		}
		f.After = presage.PlanPlace{Part: after[0], Region: after[1], DepotID: after[2]}
	}
	if in.csv() && in.Limit == 0 {
		return h.wholeForecast(ctx, f, in)
	}
	f.Limit = more(in.rows())
	rows, err := h.Parts.PartForecasts(ctx, f)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if rows[i], err = rows[i].AtHorizon(in.Horizon); err != nil {
			return nil, err
		}
	}
	p := pageOf(rows, in.rows(), func(f presage.PartForecast) string { return cursorOf(f.Part, f.Region, f.DepotID) })
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteForecast(w, h.Catalogue, rowByRow(p.Items))
	}), nil
}

// wholeForecast answers with a table of all rows, however many.
func (h *handlers) wholeForecast(ctx context.Context, f presage.ForecastFilter, in *forecastInput) (*written, error) {
	spooled, err := table.Spool(func(w io.Writer) error {
		return table.WriteForecast(w, h.Catalogue, func(write func(presage.PartForecast) error) error {
			return h.Parts.EachPlanRow(ctx, f, nil, func(f presage.PartForecast) error {
				f, err := f.AtHorizon(in.Horizon)
				if err != nil {
					return err
				}
				return write(f)
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return h.table(ctx, answered{accept: in.Accept}, spooled.Send), nil
}

// rowByRow hands over a list row by row.
func rowByRow[T any](rows []T) func(func(T) error) error {
	return func(write func(T) error) error {
		for _, row := range rows {
			if err := write(row); err != nil {
				return err
			}
		}
		return nil
	}
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
	depots, err := h.Places.Depots(ctx)
	if err != nil {
		return nil, err
	}
	place := h.Catalogue.ReorderRows(depots)
	row := func(f presage.PartForecast) presage.ReorderRow { return place(f, h.explain.Order(f, h.part(f.Part))) }
	filter := presage.ForecastFilter{Part: in.Part, DepotID: in.Depot, Region: in.Region, Level: presage.LevelDepot}
	var faulty error
	pick := func(lines []presage.PartForecast) []presage.PartForecast {
		lines, faulty = behind(presage.ReorderLines(lines, in.All), in.After, reorderCursor)
		if limit := in.rows(); limit > 0 {
			lines = lines[:min(len(lines), more(limit))]
		}
		return lines
	}
	if in.csv() && in.Limit == 0 {
		spooled, err := table.Spool(func(w io.Writer) error {
			return table.WriteReorder(w, func(write func(presage.ReorderRow) error) error {
				err := h.Parts.EachPlanRow(ctx, filter, pick, func(f presage.PartForecast) error { return write(row(f)) })
				return cmp.Or(err, faulty)
			})
		})
		if err != nil {
			return nil, err
		}
		return h.table(ctx, answered{accept: in.Accept}, spooled.Send), nil
	}
	forecasts, err := h.Parts.PlanRows(ctx, filter, pick)
	if err = cmp.Or(err, faulty); err != nil {
		return nil, err
	}
	read := pageOf(forecasts, in.rows(), reorderCursor)
	p := page[presage.ReorderRow]{Items: make([]presage.ReorderRow, 0, len(read.Items)), Next: read.Next}
	for _, f := range read.Items {
		p.Items = append(p.Items, row(f))
	}
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteReorder(w, rowByRow(p.Items))
	}), nil
}

func reorderCursor(f presage.PartForecast) string { return cursorOf(f.Part, f.DepotID) }

// part is the catalogue's row; a part that left it is still forecast.
func (h *handlers) part(number string) presage.Part {
	p, err := h.Catalogue.Part(number)
	if err != nil {
		return presage.Part{Number: number}
	}
	return p
}
