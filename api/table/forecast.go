package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/cell"
)

// WriteForecast writes one line a forecast with a column for every
// quantile and driver that occurs, in ascending order. Names come from the
// catalogue, empty where it lacks the part. Cells that a spreadsheet would run
// as a formula are quoted with an apostrophe.
func WriteForecast(w io.Writer, cat *presage.Catalogue, rows []presage.PartForecast) error {
	quantiles, drivers := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		for q := range r.Quantiles {
			quantiles[q] = true
		}
		for _, d := range r.Drivers {
			drivers[d.Name] = true
		}
	}
	qs, ds := slices.Sorted(maps.Keys(quantiles)), slices.Sorted(maps.Keys(drivers))
	head := []string{"part", "name_zh", "name_en", "depot", "as_of", "horizon_days", "mean", "std_dev"}
	for _, q := range qs {
		head = append(head, "q"+q)
	}
	for _, d := range ds {
		head = append(head, "mean_"+d)
	}
	out := csv.NewWriter(w)
	head = append(head, "on_hand", "reserved", "on_order", "reorder_point", "order_now", "region", "fleet_weight",
		"override_mean", "override_days", "override_until", "override_by")
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write part forecast: %w", err)
	}
	for _, r := range rows {
		if err := out.Write(forecastLine(cat, r, qs, ds)); err != nil {
			return fmt.Errorf("write part forecast: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

func forecastLine(cat *presage.Catalogue, r presage.PartForecast, qs, ds []string) []string {
	part, err := cat.Part(r.Part)
	if err != nil {
		part = presage.Part{} // a part that left the catalogue is still forecast
	}
	line := []string{
		cell.Text(r.Part), cell.Text(part.Name.ZH), cell.Text(part.Name.EN), cell.Text(r.DepotID),
		r.AsOf.UTC().Format(time.RFC3339),
		strconv.Itoa(r.HorizonDays), number(r.Mean), number(r.StdDev),
	}
	for _, q := range qs {
		x, ok := r.Quantiles[q]
		line = append(line, some(x, ok))
	}
	for _, name := range ds {
		i := slices.IndexFunc(r.Drivers, func(d presage.DemandDriver) bool { return d.Name == name })
		if i < 0 {
			line = append(line, "0")
			continue
		}
		line = append(line, number(r.Drivers[i].Mean))
	}
	line = append(line, whole(r.Stock.OnHand, r.Stock.Reserved, r.Stock.OnOrder, r.ReorderPoint, r.OrderNow)...)
	line = append(line, cell.Text(r.Region), number(r.FleetWeight))
	return append(line, overrideCells(r.Override)...)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
