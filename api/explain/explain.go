package explain

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"presage"
	"presage/internal/wording"
)

// Sentence says where a figure comes from.
type Sentence struct {
	Of   string       `json:"of" doc:"The figure by its name in the forecast" example:"mean"`
	Text presage.Text `json:"text"`
}

// Maker makes sentences. It is safe for many goroutines.
type Maker struct {
	// Money writes an amount; presage.Money's own way when it is not replaced.
	Money func(presage.Money) string

	book *wording.Book
}

// New makes a Maker of the texts of book.
func New(book *wording.Book) *Maker { return &Maker{Money: presage.Money.String, book: book} }

// Forecast explains each figure of a forecast, in a fixed order; what does not
// apply (an override that is not there, advice above a depot) is left out.
func (m *Maker) Forecast(f presage.PartForecast, part presage.Part) []Sentence {
	out := []Sentence{{"mean", m.Mean(f)}}
	add := func(of string, ok bool, text func() presage.Text) {
		if ok {
			out = append(out, Sentence{of, text()})
		}
	}
	quantile := f.Quantiles
	add("quantiles", len(quantile) > 0 && f.Mean > 0, func() presage.Text {
		return m.text("demand.range",
			whole(f.HorizonDays), count(quantile["0.1"]), count(quantile["0.9"]), count(quantile["0.95"]))
	})
	add("fleet_weight", f.Mean > 0, func() presage.Text { return m.weight(f.FleetWeight) })
	add("override", f.Override != nil, func() presage.Text { return m.override(f) })
	if f.DepotID == "" {
		return out
	}
	a, stock := f.Advice, f.Stock
	add("position", true, func() presage.Text {
		return m.text("demand.position", whole(position(f)), whole(stock.OnHand), whole(stock.OnOrder), whole(stock.Reserved))
	})
	add("reorder_point", m.book.Has("demand.policy."+a.Policy), func() presage.Text { return m.point(f) })
	add("order_now", true, func() presage.Text { return m.Order(f, part) })
	add("stock_out_risk", a.Policy != "", func() presage.Text { return m.text("demand.risk", percent(a.StockOutRisk)) })
	add("days_of_supply", a.Policy != "" && a.DaysOfSupply >= 0, func() presage.Text {
		return m.text("demand.supply", count(math.Floor(a.DaysOfSupply)))
	})
	add("excess", a.Excess > 0, func() presage.Text {
		return m.text("demand.excess", whole(a.Excess), m.Money(a.ExcessValue))
	})
	add("transfers", len(a.Transfers) > 0, func() presage.Text { return m.transfers(a.Transfers) })
	return out
}

// Mean says where the mean comes from, the largest share first: "31 of 44
// expected from what is predicted for 612 vehicles; 9 from booked visits; 4 from
// history". The shown shares add up to the shown whole.
func (m *Maker) Mean(f presage.PartForecast) presage.Text {
	digits := 0
	if f.Mean < 20 {
		digits = 1
	}
	shares, total := shown(f.Drivers, f.Mean, digits)
	if len(shares) == 0 {
		return m.text("demand.none", whole(f.HorizonDays))
	}
	var zh, en []string
	for i, s := range shares {
		key, args := "demand.next."+s.driver.Name, []any{fixed(s.units, digits)}
		if i == 0 {
			key, args = "demand.first."+s.driver.Name, append(args, fixed(total, digits))
		}
		if s.driver.Name == "predicted" {
			args = append(args, whole(s.driver.Vehicles))
		}
		text := m.text(key, args...)
		zh, en = append(zh, text.ZH), append(en, text.EN)
	}
	join := m.text("demand.join")
	return presage.Text{ZH: strings.Join(zh, join.ZH), EN: strings.Join(en, join.EN)}
}

// Order says why so much is ordered now, or nothing.
func (m *Maker) Order(f presage.PartForecast, part presage.Part) presage.Text {
	at, point := whole(position(f)), whole(f.ReorderPoint)
	switch {
	case f.Advice.ReplacedBy != "":
		return m.text("demand.replaced", f.Advice.ReplacedBy)
	case f.OrderNow > 0:
		pack := max(1, part.PackSize)
		return m.text("demand.order", at, point, whole(f.OrderNow), whole((f.OrderNow+pack-1)/pack), whole(pack),
			whole(position(f)+moved(f)+f.OrderNow), m.Money(f.Advice.Cost))
	case position(f) >= f.ReorderPoint:
		return m.text("demand.enough", at, point)
	}
	return m.text("demand.covered", at, point)
}

// position is the stock that a reorder point is compared with.
func position(f presage.PartForecast) int { return f.Stock.OnHand + f.Stock.OnOrder - f.Stock.Reserved }

// moved is what the transfers bring to the forecast's depot, less what they take.
func moved(f presage.PartForecast) int {
	n := 0
	for _, t := range f.Advice.Transfers {
		switch f.DepotID {
		case t.To:
			n += t.Pieces
		case t.From:
			n -= t.Pieces
		}
	}
	return n
}

func (m *Maker) weight(w float64) presage.Text {
	switch {
	case w >= 1:
		return m.text("demand.weight.fleet")
	case w <= 0:
		return m.text("demand.weight.history")
	}
	fleet := math.Round(w * 100)
	return m.text("demand.weight", count(fleet), count(100-fleet))
}

func (m *Maker) override(f presage.PartForecast) presage.Text {
	o := f.Override
	return m.text("demand.override", o.By, whole(o.Days), short(o.Mean), o.Until.String(), o.Why, short(f.Mean))
}

func (m *Maker) point(f presage.PartForecast) presage.Text {
	a := f.Advice
	policy := m.text("demand.policy."+a.Policy, short(a.Target*100))
	var wait presage.Text
	if a.WaitDays > 0 {
		wait = m.text("demand.wait", whole(a.WaitDays))
	}
	lead, late := short(a.LeadTimeDays), short(a.LeadTimeP90)
	return presage.Text{
		ZH: m.book.In(presage.Chinese, "demand.point", whole(f.ReorderPoint), wait.ZH, lead, late, policy.ZH),
		EN: m.book.In(presage.English, "demand.point", whole(f.ReorderPoint), wait.EN, lead, late, policy.EN),
	}
}

// Sourcing says why the supplier is chosen that is advised of several; nothing of one.
func (m *Maker) Sourcing(f presage.PartForecast) presage.Text {
	now, usual := f.Advice.Chosen()
	switch {
	case now == nil:
		return presage.Text{}
	case now.Why == presage.SourceUrgent:
		return m.text("sources.urgent", now.Supplier, usual.Supplier, short(now.Missing), short(usual.Missing))
	}
	return m.text("sources.cheapest", now.Supplier)
}

func (m *Maker) transfers(ts []presage.Transfer) presage.Text {
	var zh, en []string
	for _, t := range ts {
		text := m.text("demand.transfer", t.From, t.To, whole(t.Pieces))
		zh, en = append(zh, text.ZH), append(en, text.EN)
	}
	join := m.text("demand.join")
	return presage.Text{
		ZH: m.book.In(presage.Chinese, "demand.transfers", strings.Join(zh, join.ZH)),
		EN: m.book.In(presage.English, "demand.transfers", strings.Join(en, join.EN)),
	}
}

func (m *Maker) text(key string, args ...any) presage.Text {
	return presage.Text{ZH: m.book.In(presage.Chinese, key, args...), EN: m.book.In(presage.English, key, args...)}
}

// share is a driver with its mean as shown, in units of the last digit.
type share struct {
	driver presage.DemandDriver
	units  int
	rest   float64 // what rounding down left of it
}

// shown rounds the drivers' means so that they add up to the mean as shown
// (largest remainders), drops those that show as nothing and puts the largest
// first.
func shown(drivers []presage.DemandDriver, mean float64, digits int) (shares []share, total int) {
	scale := math.Pow10(digits)
	total = int(math.Round(mean * scale))
	left := total
	for _, d := range drivers {
		units := int(math.Floor(d.Mean * scale))
		left -= units
		shares = append(shares, share{driver: d, units: units, rest: d.Mean*scale - float64(units)})
	}
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.rest, a.rest) })
	for i := range shares {
		if left > 0 {
			shares[i].units++
			left--
		}
	}
	shares = slices.DeleteFunc(shares, func(s share) bool { return s.units <= 0 })
	slices.SortStableFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.units, a.units), cmp.Compare(a.driver.Name, b.driver.Name))
	})
	return shares, total
}

// Shares are the drivers' means in tenths of a piece that add up to the mean's;
// without those that show as nothing. Below 20 pieces they are those of Mean.
func Shares(f presage.PartForecast) map[string]float64 {
	shares, _ := shown(f.Drivers, f.Mean, 1)
	out := make(map[string]float64, len(shares))
	for _, s := range shares {
		out[s.driver.Name] = float64(s.units) / 10
	}
	return out
}

// fixed writes units of the last of the digits after the point.
func fixed(units, digits int) string {
	return strconv.FormatFloat(float64(units)/math.Pow10(digits), 'f', digits, 64)
}

func whole(n int) string { return strconv.Itoa(n) }

func count(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) }

// short writes at most one digit after the point.
func short(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// percent writes a probability. Certainties are not ours to give.
func percent(p float64) string {
	switch {
	case p < 0.005:
		return "<1%"
	case p >= 0.995:
		return ">99%"
	}
	return count(p*100) + "%"
}
