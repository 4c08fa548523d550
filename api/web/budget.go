package web

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"presage"
	"presage/api/table"
)

const (
	budgetPath = "/parts/budget"
	budgetRows = 40    // levels to change on a page
	mostMoney  = 1e13  // a budget's most, in whole units
	curveWide  = 640.0 // of the drawing
	curveHigh  = 260.0 // of the drawing
	curveKnee  = 0.995 // what lies beyond this fill is not drawn unless a point does
	curveRoom  = 1.08  // of the axis beyond the last thing drawn
	curveSteps = 4     // of an axis
)

type budgetBody struct {
	presage.StockBudget

	Depot      string
	Depots     []presage.Depot
	Currencies []string
	Asked      string // the money as the form has it, in whole units
	Curve      budgetCurve
	Rows       []budgetRow
	Changes    int // levels that differ from the plan's
	From       int
	Next       int // 0 on the last page
}

type budgetRow struct {
	presage.BudgetLevel

	Depot presage.Text
	URL   string
}

// budgetCurve is the drawing of value (x) against fill (y).
type budgetCurve struct {
	Line          string // points of a polyline
	Best, Planned drawn
	Values        []tick
	Fills         []tick
}

type drawn struct{ X, Y string }

// tick is a line of a grid, with what it says.
type tick struct {
	At    string
	Value presage.Money
	Fill  float64
}

// In is a value of the budget as money.
func (b budgetBody) In(minor int64) moneys { return moneys{{Minor: minor, Currency: b.Currency}} }

// Query is the address of the page behind its path, from the given row on.
func (b budgetBody) Query(depot string, from int) string {
	q := url.Values{}
	if depot != "" {
		q.Set("depot", depot)
	}
	if b.Asked != "" {
		q.Set("money", b.Asked)
	}
	if len(b.Currencies) > 0 && b.Currency != b.Currencies[0] {
		q.Set("currency", b.Currency)
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func budgetPage(r *request) error {
	b, err := r.budget()
	if err != nil {
		return err
	}
	if b.Depots, err = r.site.Places.Depots(r.Request.Context()); err != nil {
		return err
	}
	b.Curve = curveOf(b.StockBudget)
	b.page(r.Query("from"))
	return r.render(http.StatusOK, "budget", "parts", r.text("budget.title"), b)
}

// budget reads what the address asks for.
func (r *request) budget() (budgetBody, error) {
	b := budgetBody{
		Depot: r.Query("depot"), Currencies: r.site.Catalogue.PriceCurrencies(), Asked: strings.TrimSpace(r.Query("money")),
	}
	money := presage.Money{Minor: -1, Currency: cmp.Or(append([]string{r.Query("currency")}, b.Currencies...)...)}
	if b.Asked != "" {
		x, err := strconv.ParseFloat(b.Asked, 64)
		if err != nil || !(x >= 0 && x <= mostMoney) {
			return b, fmt.Errorf("money: %w: %.40q: want an amount of 0 to %.0f, such as 250000", presage.ErrInvalid,
				b.Asked, mostMoney)
		}
		money.Minor = int64(math.Round(x * 100))
	}
	var err error
	b.StockBudget, err = r.site.Parts.StockBudget(r.Request.Context(), presage.ForecastFilter{DepotID: b.Depot}, money,
		r.site.Catalogue.CostOf)
	return b, err
}

// page keeps the levels that change, what costs or frees most first.
func (b *budgetBody) page(from string) {
	changed := slices.DeleteFunc(slices.Clone(b.Items), func(l presage.BudgetLevel) bool { return l.Pieces == l.Planned })
	size := func(l presage.BudgetLevel) int64 { return max(l.Change().Minor, -l.Change().Minor) }
	slices.SortStableFunc(changed, func(x, y presage.BudgetLevel) int { return cmp.Compare(size(y), size(x)) })
	b.Changes = len(changed)
	if n, err := strconv.Atoi(from); err == nil && n > 0 && n < b.Changes {
		b.From = n
	}
	end := min(b.From+budgetRows, b.Changes)
	if end < b.Changes {
		b.Next = end
	}
	for _, l := range changed[b.From:end] {
		b.Rows = append(b.Rows, budgetRow{l, depotName(l.DepotID, b.Depots), partURL(l.Part, l.DepotID, "")})
	}
}

// curveOf draws the curve up to where more money does next to nothing.
func curveOf(b presage.StockBudget) budgetCurve {
	last := max(b.Best.Value, b.Planned.Value)
	for _, p := range b.Curve {
		if p.Fill <= curveKnee {
			last = max(last, p.Value)
		}
	}
	if last == 0 {
		return budgetCurve{}
	}
	wide := float64(last) * curveRoom
	at := func(p presage.BudgetPoint) drawn {
		return drawn{coordinate(float64(p.Value) / wide * curveWide), coordinate((1 - p.Fill) * curveHigh)}
	}
	c := budgetCurve{Best: at(b.Best), Planned: at(b.Planned)}
	var line []string
	for i, p := range b.Curve {
		beyond := float64(p.Value) > wide
		if beyond {
			p = between(b.Curve[i-1], p, wide)
		}
		xy := at(p)
		line = append(line, xy.X+","+xy.Y)
		if beyond {
			break
		}
	}
	c.Line = strings.Join(line, " ")
	step := niceStep(wide / curveSteps)
	for x := 0.0; x < wide; x += step {
		c.Values = append(c.Values, tick{
			At:    coordinate(x / wide * curveWide),
			Value: presage.Money{Minor: int64(x), Currency: b.Currency},
		})
	}
	for _, fill := range []float64{0, .25, .5, .75, 1} {
		c.Fills = append(c.Fills, tick{At: coordinate((1 - fill) * curveHigh), Fill: fill})
	}
	return c
}

// between is the point of a line from a to b at a value.
func between(a, b presage.BudgetPoint, value float64) presage.BudgetPoint {
	share := (value - float64(a.Value)) / float64(b.Value-a.Value)
	return presage.BudgetPoint{Value: int64(value), Fill: a.Fill + share*(b.Fill-a.Fill)}
}

func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// niceStep is the least of 1, 2, 3 or 5 times a power of ten that is x or more, and at most
// twice x, so that an axis of four steps has two at least.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(max(x, 100))))
	for _, n := range []float64{1, 2, 3, 5} {
		if n*power >= x {
			return n * power
		}
	}
	return 10 * power
}

// budgetCSV is the list of all levels as a file.
func budgetCSV(r *request) error {
	b, err := r.budget()
	if err != nil {
		return err
	}
	return r.download("presage-stock-budget", func(w io.Writer) error {
		return table.WriteBudget(w, r.site.Catalogue, b.Items)
	})
}
