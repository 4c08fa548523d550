package presage

import "time"

// PlanPoint is what the first plan of a week said of a part at a depot, kept to tell later
// what has changed and how good the forecasts were. Pieces throughout.
type PlanPoint struct {
	Part         string         `json:"part"`
	DepotID      string         `json:"depot_id"`
	AsOf         time.Time      `json:"as_of"`
	Class        string         `json:"class"` // of the demand: see PartForecast.Class
	HorizonDays  int            `json:"horizon_days"`
	Drivers      []DemandDriver `json:"drivers"` // of the demand within HorizonDays
	FleetWeight  float64        `json:"fleet_weight"`
	Override     *float64       `json:"override,omitempty"` // the planner's mean within HorizonDays
	LeadTimeDays float64        `json:"lead_time_days"`
	OrderUpTo    int            `json:"order_up_to"`
	OnHand       int            `json:"on_hand"`
	OnOrder      int            `json:"on_order"`
	Overdue      int            `json:"overdue"` // of OnOrder
	Reserved     int            `json:"reserved"`
	Horizons     []PointHorizon `json:"horizons"`
}

// PointHorizon is the forecast within a number of days.
type PointHorizon struct {
	Days int     `json:"days"`
	Mean float64 `json:"mean"`
	P10  float64 `json:"p10"`
	P90  float64 `json:"p90"`
}

// PointOf is the point of a depot's forecast.
func PointOf(f PartForecast) PlanPoint {
	p := PlanPoint{
		Part: f.Part, DepotID: f.DepotID, AsOf: f.AsOf, Class: f.Class, HorizonDays: f.HorizonDays, Drivers: f.Drivers,
		FleetWeight: f.FleetWeight, LeadTimeDays: f.Advice.LeadTimeDays + float64(f.Advice.WaitDays),
		OrderUpTo: f.Advice.OrderUpTo,
		OnHand:    f.Stock.OnHand, OnOrder: f.Stock.OnOrder, Overdue: f.Advice.Overdue, Reserved: f.Stock.Reserved,
	}
	if o := f.Override; o != nil && o.Days > 0 {
		mean := o.Mean * float64(f.HorizonDays) / float64(o.Days)
		p.Override = &mean
	}
	for _, s := range f.Horizons {
		p.Horizons = append(p.Horizons, PointHorizon{s.Days, s.Mean, s.Quantiles["0.1"], s.Quantiles["0.9"]})
	}
	return p
}

// Lacking is how many pieces are lacking to be up to the order-up-to level; what is on
// order but overdue is not counted on. Below 0 there are more than that.
func (p PlanPoint) Lacking() int { return p.OrderUpTo - p.OnHand - p.OnOrder + p.Overdue + p.Reserved }

// PartMoved is what moved at a shelf between two moments, in pieces.
type PartMoved struct {
	DepotID  string
	Part     string
	Used     int
	Received int
}

// ChangeDriver is how much of a change comes from one cause.
type ChangeDriver struct {
	Name   string  `json:"name" doc:"predicted, unpredicted, history, weight, override, lead_time, safety: of the level to order up to; used, counted, ordered, late, bookings: of the stock"` //nolint:lll // a tag cannot be broken
	Pieces float64 `json:"pieces" doc:"Lacking because of it; below 0 for fewer"`
	Value  Money   `json:"value" doc:"At the purchase price"`
}

// The kinds of exceptions.
const (
	ExceptionStockOut = "stock_out"
	ExceptionExcess   = "excess"
)

// PlanException is a part at a depot that a planner should look at.
type PlanException struct {
	Part     string         `json:"part"`
	Name     Text           `json:"name"`
	DepotID  string         `json:"depot_id"`
	Depot    Text           `json:"depot"`
	Class    string         `json:"class" enum:"smooth,erratic,intermittent,lumpy,new"`
	Kind     string         `json:"kind" enum:"stock_out,excess"`
	Risk     float64        `json:"risk" doc:"Of running out before an order of today could arrive, or of never using what is too much within a year"` //nolint:lll // a tag cannot be broken
	Value    Money          `json:"value" doc:"Of what would be missed if it ran out, or of what is too much; at the purchase price"`                  //nolint:lll // a tag cannot be broken
	AtStake  Money          `json:"at_stake" doc:"Risk times value: the order of the list"`
	Lacking  int            `json:"lacking" doc:"To be up to the order-up-to level; overdue orders are not counted on"`
	OrderNow int            `json:"order_now"`
	Cost     Money          `json:"cost" doc:"Of order_now"`
	Proposed int            `json:"proposed" doc:"Pieces of orders not placed yet"`
	Overdue  int            `json:"overdue" doc:"Pieces on order that are overdue"`
	Excess   int            `json:"excess"`
	New      bool           `json:"new" doc:"Not planned at the moment that is compared with"`
	Change   float64        `json:"change" doc:"Of lacking since then"`
	Drivers  []ChangeDriver `json:"drivers" doc:"Of the change, the largest first; they add up to it"`
	// Decision is the newest one since then.
	Decision *AdviceDecision `json:"decision,omitempty"`
}

// PlanMonth is what a planner opens on Monday.
type PlanMonth struct {
	AsOf    time.Time       `json:"as_of,omitzero" doc:"Of the plan; absent before the first"`
	Since   time.Time       `json:"since,omitzero" doc:"The plan that is compared with; absent without one"`
	Weeks   []Day           `json:"weeks" doc:"The days of the plans that can be compared with, oldest first"`
	Change  Money           `json:"change" doc:"Of the value of what is lacking, all parts together"`
	Drivers []ChangeDriver  `json:"drivers" doc:"Of that change, the largest first; they add up to it"`
	Items   []PlanException `json:"items" doc:"What is most at stake first"`
}

// MonthFilter selects; zero fields select everything.
type MonthFilter struct {
	DepotID string
	Since   Day // compare with the plan of this day; 0 for that of last week
}

// AdviceDecision is what a planner decided about an advice.
type AdviceDecision struct {
	ID        int64     `json:"id"`
	Part      string    `json:"part"`
	DepotID   string    `json:"depot_id"`
	Verdict   string    `json:"verdict" enum:"accept,override"`
	Advised   int       `json:"advised" doc:"Pieces to order"`
	Chosen    int       `json:"chosen" doc:"Pieces ordered"`
	Position  int       `json:"position" doc:"On hand + on order - reserved, before"`
	SpanDays  int       `json:"span_days" doc:"For which the order must last: its lead time and the day until the next review"` //nolint:lll // a tag cannot be broken
	UnitPrice Money     `json:"unit_price"`
	By        string    `json:"by"`
	Why       string    `json:"why,omitempty"`
	At        time.Time `json:"at"`
	Over      bool      `json:"over" doc:"Whether the span is over"`
	Actual    int       `json:"actual" doc:"Pieces used within the span, once it is over"`
}

// The verdicts.
const (
	VerdictAccept   = "accept"
	VerdictOverride = "override"
)

// AdviceFilter selects decisions about advice; zero fields select everything. The newest come first.
type AdviceFilter struct {
	DepotID string
	Part    string
	Since   time.Time // made then or later
	After   int64     // those with a smaller ID
	Over    Day       // whose span is over on this day, overrides only
	Limit   int
}

// PlanScore sums up the forecasts of one week for the parts of a class at a depot.
type PlanScore struct {
	AsOf      Day     `json:"as_of"`
	DepotID   string  `json:"depot_id"`
	Class     string  `json:"class"`
	Days      int     `json:"days"` // the horizon
	Forecasts int     `json:"forecasts"`
	Actual    float64 `json:"actual"`   // pieces
	Errors    float64 `json:"errors"`   // sum of mean - actual
	Absolute  float64 `json:"absolute"` // sum of its amounts
	Inside    int     `json:"inside"`   // actuals from P10 to P90
}

// PlanAccuracy sums up forecasts of a class, a depot or a horizon.
type PlanAccuracy struct {
	Of        string  `json:"of" doc:"The class, the depot's ID or the days"`
	Forecasts int     `json:"forecasts"`
	Pieces    float64 `json:"pieces" doc:"Used"`
	MAE       float64 `json:"mae" doc:"Mean absolute error, pieces"`
	WAPE      float64 `json:"wape" doc:"Sum of absolute errors over the pieces used; 0 without any"`
	Bias      float64 `json:"bias" doc:"(forecast - used) / used; 0 without any"`
	Inside80  float64 `json:"inside_80" doc:"Share of actuals within the 80 % band"`
}

// ValueAdded is what planners' own figures were worth beside the model's. Interval bounds
// are absent for fewer than two cases.
type ValueAdded struct {
	Of           string   `json:"of" enum:"figures,orders" doc:"Figures of demand, or quantities ordered"`
	Cases        int      `json:"cases" doc:"A part at a depot is one, however often its figure was scored; each order is one"` //nolint:lll // a tag cannot be broken
	ModelError   float64  `json:"model_error" doc:"Mean absolute error, pieces"`
	PlannerError float64  `json:"planner_error"`
	Added        float64  `json:"added" doc:"Model's error less the planner's: above 0 the planner was better"`
	AddedLow     *float64 `json:"added_low,omitempty" doc:"90 % interval (Student's t)"`
	AddedHigh    *float64 `json:"added_high,omitempty"`
	CostSaved    Money    `json:"cost_saved" doc:"A case: of holding what is too much and waiting for what is missing"`
	SavedLow     *Money   `json:"saved_low,omitempty" doc:"90 % interval"`
	SavedHigh    *Money   `json:"saved_high,omitempty"`
}

// PlanReview is how good the forecasts and the planners' own figures were in the last half year.
type PlanReview struct {
	Since     Day            `json:"since"`
	Horizon   int            `json:"horizon" doc:"Days, of by_class and by_depot"`
	ByClass   []PlanAccuracy `json:"by_class"`
	ByDepot   []PlanAccuracy `json:"by_depot"`
	ByHorizon []PlanAccuracy `json:"by_horizon"`
	Added     []ValueAdded   `json:"added" doc:"Forecast value added by planners"`
}
