package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/internal/cell"
)

// WriteReorder writes one line for each row that rows hands over.
func WriteReorder(w io.Writer, rows func(write func(presage.ReorderRow) error) error) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{
		"part", "name_zh", "name_en", "depot", "region", "position", "on_hand", "reserved", "on_order", "reorder_point",
		"order_up_to", "order_now", "packs", "cost", "currency", "lead_time_days", "lead_time_p90", "stock_out_risk",
		"days_of_supply", "excess", "excess_value", "transfers", "override_mean", "override_days", "override_until",
		"override_by", "reason_zh", "reason_en",
	})
	if err != nil {
		return fmt.Errorf("write reorder list: %w", err)
	}
	err = rows(func(r presage.ReorderRow) error {
		return out.Write(slices.Concat(
			[]string{cell.Text(r.Part), cell.Text(r.Name.ZH), cell.Text(r.Name.EN), cell.Text(r.DepotID), cell.Text(r.Region)},
			whole(r.Position, r.OnHand, r.Reserved, r.OnOrder, r.ReorderPoint, r.OrderUpTo, r.OrderNow, r.Packs),
			[]string{amount(r.Cost), cell.Text(r.Cost.Currency)},
			[]string{number(r.LeadTimeDays), number(r.LeadTimeP90), number(r.StockOutRisk), number(r.DaysOfSupply)},
			[]string{strconv.Itoa(r.Excess), amount(r.ExcessValue), cell.Text(moves(r.Transfers))},
			overrideCells(r.Override),
			[]string{cell.Text(r.Reason.ZH), cell.Text(r.Reason.EN)},
		))
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// WriteOutlook writes an outlook as one long table: the weeks before the
// forecast (kind "history", with what was used), those ahead ("week"), the
// planned horizons ("horizon") and past forecasts ("past", with both).
func WriteOutlook(w io.Writer, o presage.PartOutlook) error {
	f := o.Forecast
	seen := map[string]bool{}
	for _, s := range append(slices.Clone(o.Weeks), f.Horizons...) {
		for q := range s.Quantiles {
			seen[q] = true
		}
	}
	if len(o.Past) > 0 {
		seen["0.1"], seen["0.5"], seen["0.9"] = true, true, true
	}
	qs := slices.Sorted(maps.Keys(seen))
	head := []string{"part", "depot", "region", "kind", "from", "days", "mean", "actual"}
	for _, q := range qs {
		head = append(head, "q"+q)
	}
	lines := [][]string{head}
	add := func(depot, kind string, from presage.Day, days int, mean, actual string, quantiles map[string]float64) {
		line := []string{
			cell.Text(f.Part), cell.Text(depot), cell.Text(f.Region), kind, from.String(), strconv.Itoa(days), mean, actual,
		}
		for _, q := range qs {
			x, ok := quantiles[q]
			line = append(line, some(x, ok))
		}
		lines = append(lines, line)
	}
	today := presage.DayOf(f.AsOf)
	for _, h := range o.History {
		add(f.DepotID, "history", h.From, 7, "", strconv.Itoa(h.Pieces), nil)
	}
	ahead := func(kind string, steps []presage.DemandStep) {
		for _, s := range steps {
			from := today + presage.Day(s.FromDay)
			add(f.DepotID, kind, from, s.Days, number(s.Mean), "", s.Quantiles)
		}
	}
	ahead("week", o.Weeks)
	ahead("horizon", f.Horizons)
	for _, p := range o.Past {
		add(p.DepotID, "past", presage.DayOf(p.AsOf), p.HorizonDays, number(p.Mean), strconv.Itoa(p.Actual),
			map[string]float64{"0.1": p.P10, "0.5": p.P50, "0.9": p.P90})
	}
	return writeAll(w, "part outlook", lines)
}

func writeAll(w io.Writer, what string, lines [][]string) error {
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	return nil
}

func overrideCells(o *presage.DemandOverride) []string {
	if o == nil {
		return make([]string, 4)
	}
	return []string{number(o.Mean), strconv.Itoa(o.Days), o.Until.Start().Format(time.DateOnly), cell.Text(o.By)}
}

// moves are transfers as "from>to:pieces", separated by blanks.
func moves(ts []presage.Transfer) string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = fmt.Sprintf("%s>%s:%d", t.From, t.To, t.Pieces)
	}
	return strings.Join(out, " ")
}

// amount is money in whole units of its currency, to be summed up in a sheet.
func amount(m presage.Money) string { return strings.TrimPrefix(m.String(), m.Currency+" ") }

func some(x float64, ok bool) string {
	if !ok {
		return ""
	}
	return number(x)
}

func whole(ns ...int) []string {
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = strconv.Itoa(n)
	}
	return out
}
