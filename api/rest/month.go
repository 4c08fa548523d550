package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/table"
)

// Month is the planner's month: what is at stake, what has changed, and what forecasts and
// decisions were worth.
type Month interface {
	// Month lists the exceptions, what is most at stake first; ErrInvalid for a Since of which
	// no plan is kept.
	Month(ctx context.Context, f presage.MonthFilter) (presage.PlanMonth, error)
	// Review sums up the last half year at a depot, "" for all.
	Review(ctx context.Context, depot string) (presage.PlanReview, error)
	// AdviceDecisions lists what planners decided, the newest first.
	AdviceDecisions(ctx context.Context, f presage.AdviceFilter) ([]presage.AdviceDecision, error)
}

func (h *handlers) monthRoutes(a huma.API) {
	const tag = "Parts"
	list := get("get-plan-month", "/v1/parts/month", tag,
		"Exceptions of the parts plan, what is most at stake first, with what has changed since an earlier plan and why")
	list.Description = "`at_stake` is risk times money: of running out, what would be missed; of too much, what a " +
		"year on the shelf costs or what is never used. `drivers` split a change over its causes and add up to it. " +
		"`since` is one of `weeks`; the plan of last week when absent."
	route(a, h.Logger, tabular(a, list, exampleMonth(), exampleMonthCSV), h.month)

	review := get("get-plan-review", "/v1/parts/review", tag,
		"How good the forecasts of the last half year were, and what planners' own figures added")
	review.Description = "By class of demand, depot and horizon; and what planners' figures and quantities were worth " +
		"beside the model's, once their days are over, with 90 % intervals."
	review.Responses = example[presage.PlanReview](a, exampleReview())
	route(a, h.Logger, review, h.review)

	decided := get("list-advice-decisions", "/v1/parts/decisions", tag,
		"What planners decided about the reorder advice, the newest first")
	route(a, h.Logger, decided, h.adviceDecisions)

	decide := post("decide-advice", "/v1/parts/decisions", tag,
		"Accept or override rows of the reorder list, with the reason")
	decide.Description = "A row without `pieces` is accepted: what is advised is ordered. Another number overrides it, " +
		"0 orders nothing; that wants `why`. All rows or none, once for a key; each is kept and measured when its days are " +
		"over. Answers the orders made."
	decide.DefaultStatus = http.StatusCreated
	route(a, h.Logger, decide, h.decide)
}

type monthInput struct {
	TableWindow
	Depot string `query:"depot" maxLength:"64" example:"d-east"`
	Since string `query:"since" maxLength:"10" format:"date" doc:"A day of weeks" example:"2026-11-16"`
}

// monthPage is presage.PlanMonth in pages.
type monthPage struct {
	presage.PlanMonth

	Next string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
}

func (h *handlers) month(ctx context.Context, in *monthInput) (*written, error) {
	f := presage.MonthFilter{DepotID: in.Depot}
	if in.Since != "" {
		day, err := time.Parse(time.DateOnly, in.Since)
		if err != nil {
			return nil, fmt.Errorf("since: %w: %q: want a day such as 2026-11-16", presage.ErrInvalid, in.Since)
		}
		f.Since = presage.DayOf(day)
	}
	m, err := h.Month.Month(ctx, f)
	if err != nil {
		return nil, err
	}
	p, err := pageOfTable(m.Items, in.TableWindow, func(e presage.PlanException) string {
		return cursorOf(e.Part, e.DepotID)
	})
	if err != nil {
		return nil, err
	}
	m.Items = p.Items
	return h.table(ctx, answered{in.Accept, monthPage{m, p.Next}, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteMonth(w, m.Items)
	}), nil
}

type reviewInput struct {
	Depot string `query:"depot" maxLength:"64" example:"d-east"`
}

func (h *handlers) review(ctx context.Context, in *reviewInput) (*body[presage.PlanReview], error) {
	r, err := h.Month.Review(ctx, in.Depot)
	if err != nil {
		return nil, err
	}
	return &body[presage.PlanReview]{Body: r}, nil
}

type adviceDecisionsInput struct {
	Window
	Part  string `query:"part" maxLength:"64" example:"BP-F-2041"`
	Depot string `query:"depot" maxLength:"64" example:"d-east"`
}

func (h *handlers) adviceDecisions(ctx context.Context, in *adviceDecisionsInput,
) (*body[page[presage.AdviceDecision]], error) {
	f := presage.AdviceFilter{Part: in.Part, DepotID: in.Depot, Limit: more(in.Limit)}
	if in.After != "" {
		var err error
		if f.After, err = strconv.ParseInt(in.After, 10, 64); err != nil || f.After < 1 {
			return nil, fmt.Errorf("after: %w: not a cursor of this list: want next of the page before", presage.ErrInvalid)
		}
	}
	rows, err := h.Month.AdviceDecisions(ctx, f)
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(d presage.AdviceDecision) string { return number(d.ID) }), nil
}

type decideForm struct {
	DepotID string `json:"depot_id" minLength:"1" maxLength:"64" example:"d-east"`
	Part    string `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
	Pieces  *int   `json:"pieces,omitempty" minimum:"0" maximum:"1000000" doc:"What is advised when absent; 0 orders nothing" example:"12"` //nolint:lll // a tag cannot be broken
}

type decideInput struct {
	Body struct {
		Key   string       `json:"key,omitempty" maxLength:"100" doc:"Yours; the same wish again orders nothing twice" example:"monday-2026-11-30"` //nolint:lll // a tag cannot be broken
		By    string       `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Why   string       `json:"why,omitempty" maxLength:"500" doc:"Of a number that is not the advised one" example:"A campaign in December"` //nolint:lll // a tag cannot be broken
		Place bool         `json:"place,omitempty" doc:"Place the orders at once; else they are proposed"`
		Lines []decideForm `json:"lines" minItems:"1" maxItems:"500"`
	}
}

func (h *handlers) decide(ctx context.Context, in *decideInput) (*body[orderList], error) {
	b := in.Body
	d := presage.AdviceDraft{Key: b.Key, By: signed(ctx, b.By), Note: b.Why, Place: b.Place}
	for _, l := range b.Lines {
		p := presage.AdvicePick{DepotID: l.DepotID, Part: l.Part}
		if l.Pieces != nil {
			p.Pieces, p.None = *l.Pieces, *l.Pieces == 0
		}
		d.Picks = append(d.Picks, p)
	}
	os, err := h.Orders.Decide(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[orderList]{Body: orderList{nonNil(os)}}, nil
}

func exampleMonth() monthPage {
	at := time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)
	yuan := func(minor int64) presage.Money { return presage.Money{Minor: minor, Currency: "CNY"} }
	drivers := []presage.ChangeDriver{
		{Name: "used", Pieces: 6, Value: yuan(72000)},
		{Name: "lead_time", Pieces: 4.5, Value: yuan(54000)},
		{Name: "ordered", Pieces: -2.5, Value: yuan(-30000)},
	}
	return monthPage{PlanMonth: presage.PlanMonth{
		AsOf: at, Since: at.AddDate(0, 0, -7), Weeks: []presage.Day{presage.DayOf(at) - 7}, Change: yuan(96000),
		Drivers: drivers,
		Items: []presage.PlanException{{
			Part: "BP-F-2041", Name: presage.Text{ZH: "前制动摩擦片套件", EN: "Front brake pads kit"}, DepotID: "d-east",
			Depot: presage.Text{ZH: "华东配件中心", EN: "East China depot"}, Class: "erratic", Kind: presage.ExceptionStockOut,
			Risk: .4, Value: yuan(60000), AtStake: yuan(24000), Lacking: 24, OrderNow: 24, Cost: yuan(288000), Overdue: 4,
			Change: 8, Drivers: drivers,
		}},
	}}
}

const exampleMonthCSV = `part,name_zh,name_en,depot,class,kind,risk,value,at_stake,currency,lacking,order_now,...
BP-F-2041,前制动摩擦片套件,Front brake pads kit,d-east,erratic,stock_out,0.4,600.00,240.00,CNY,24,24,...
`

func exampleReview() presage.PlanReview {
	low, high := -0.4, 2.2
	sum := func(of string) []presage.PlanAccuracy {
		return []presage.PlanAccuracy{{
			Of: of, Forecasts: 260, Pieces: 940, MAE: 1.7, WAPE: .47, Bias: .03, Inside80: .82,
		}}
	}
	return presage.PlanReview{
		Since: presage.DayOf(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)), Horizon: 30,
		ByClass: sum("intermittent"), ByDepot: sum("d-east"), ByHorizon: sum("30"),
		Added: []presage.ValueAdded{{
			Of: "figures", Cases: 9, ModelError: 4.1, PlannerError: 3.2, Added: .9, AddedLow: &low, AddedHigh: &high,
			CostSaved: presage.Money{Minor: 4200, Currency: "CNY"},
		}},
	}
}
