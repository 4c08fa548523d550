package sqlstore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"presage"
)

// A line is a forecast without its distributions, in few letters: a list of a large plan reads
// all lines and the bodies of one page. Fields stand between tabs:
//
//	horizon, mean, pieces on order, policy, cost, its currency, risk, excess, its value, its currency,
//	means by horizon as "7:0.5 30:2.25", JSON of lineExtra or nothing
const lineFields = 12

// lineExtra is what few lines have.
type lineExtra struct {
	Transfers  []presage.Transfer `json:"t,omitempty"`
	Supersedes []string           `json:"s,omitempty"`
	ReplacedBy string             `json:"b,omitempty"`
	Class      string             `json:"c,omitempty"`
}

func lineOf(f presage.PartForecast) (string, error) {
	a := f.Advice
	means := make([]string, len(f.Horizons))
	for i, h := range f.Horizons {
		means[i] = strconv.Itoa(h.Days) + ":" + short(h.Mean)
	}
	extra := ""
	if len(a.Transfers)+len(a.Supersedes)+len(a.ReplacedBy)+len(a.Class) > 0 {
		var err error
		if extra, err = encode(lineExtra{a.Transfers, a.Supersedes, a.ReplacedBy, a.Class}); err != nil {
			return "", err
		}
	}
	minor := func(m presage.Money) string { return strconv.FormatInt(m.Minor, 10) }
	return strings.Join([]string{
		strconv.Itoa(f.HorizonDays), short(f.Mean), strconv.Itoa(f.Stock.OnOrder), a.Policy,
		minor(a.Cost), a.Cost.Currency, short(a.StockOutRisk), strconv.Itoa(a.Excess),
		minor(a.ExcessValue), a.ExcessValue.Currency, strings.Join(means, " "), extra,
	}, "\t"), nil
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// lineReader reads fields and keeps the first fault.
type lineReader struct {
	fields []string
	err    error
}

func (r *lineReader) text() string {
	x := r.fields[0]
	r.fields = r.fields[1:]
	return x
}

func (r *lineReader) whole() int64 {
	n, err := strconv.ParseInt(r.text(), 10, 64)
	r.fault(err)
	return n
}

func (r *lineReader) real() float64 {
	x, err := strconv.ParseFloat(r.text(), 64)
	r.fault(err)
	return x
}

func (r *lineReader) money() presage.Money {
	return presage.Money{Minor: r.whole(), Currency: r.text()}
}

func (r *lineReader) fault(err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("%w line of the parts plan: %w", presage.ErrInvalid, err)
	}
}

// readLine puts what a line says into the row's forecast.
func readLine(line string, f *presage.PartForecast) error {
	r := lineReader{fields: strings.SplitN(line, "\t", lineFields)}
	if len(r.fields) != lineFields {
		return fmt.Errorf("%w line of the parts plan: %d fields", presage.ErrInvalid, len(r.fields))
	}
	a := &f.Advice
	f.HorizonDays, f.Mean, f.Stock.OnOrder = int(r.whole()), r.real(), int(r.whole())
	a.Policy, a.Cost, a.StockOutRisk, a.Excess, a.ExcessValue = r.text(), r.money(), r.real(), int(r.whole()), r.money()
	if means := r.text(); means != "" {
		f.Horizons = make([]presage.DemandStep, 0, 1+strings.Count(means, " "))
		for one := range strings.SplitSeq(means, " ") {
			days, mean, _ := strings.Cut(one, ":")
			step := lineReader{fields: []string{days, mean}}
			f.Horizons = append(f.Horizons, presage.DemandStep{Days: int(step.whole()), Mean: step.real()})
			r.fault(step.err)
		}
	}
	if extra := r.text(); extra != "" {
		var x lineExtra
		r.fault(json.Unmarshal([]byte(extra), &x))
		a.Transfers, a.Supersedes, a.ReplacedBy, a.Class = x.Transfers, x.Supersedes, x.ReplacedBy, x.Class
	}
	return r.err
}

// scanLine reads part, region, depot, order_now, line and plain.
func scanLine(r row) (presage.PartForecast, error) {
	var f presage.PartForecast
	var line, plain string
	if err := r.Scan(&f.Part, &f.Region, &f.DepotID, &f.OrderNow, &line, &plain); err != nil {
		return f, err
	}
	if line == "" { // a plan from before there were lines
		return packedBody{plain: plain}.forecast()
	}
	err := readLine(line, &f)
	return f, err
}
