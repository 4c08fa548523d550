package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/cell"
)

// WriteForecast writes one line for each forecast that rows hands over, with a column for
// every quantile and driver of the first, in ascending order: those of a plan are the same
// in all. Names come from the catalogue, empty where it lacks the part. Cells that a
// spreadsheet would run as a formula are quoted with an apostrophe.
func WriteForecast(w io.Writer, cat *presage.Catalogue, rows func(write func(presage.PartForecast) error) error) error {
	out := csv.NewWriter(w)
	var qs, ds []string
	begun := false
	line := func(r presage.PartForecast) error {
		if !begun {
			begun = true
			qs = slices.Sorted(maps.Keys(r.Quantiles))
			for _, d := range r.Drivers {
				ds = append(ds, d.Name)
			}
			slices.Sort(ds)
			if err := out.Write(forecastHead(qs, ds)); err != nil {
				return fmt.Errorf("write part forecast: %w", err)
			}
		}
		if err := out.Write(forecastLine(cat, r, qs, ds)); err != nil {
			return fmt.Errorf("write part forecast: %w", err)
		}
		return nil
	}
	err := rows(line)
	if err == nil && !begun {
		err = out.Write(forecastHead(nil, nil))
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func forecastHead(quantiles, drivers []string) []string {
	head := []string{"part", "name_zh", "name_en", "depot", "as_of", "horizon_days", "mean", "std_dev"}
	for _, q := range quantiles {
		head = append(head, "q"+q)
	}
	for _, d := range drivers {
		head = append(head, "mean_"+d)
	}
	return append(head, "on_hand", "reserved", "on_order", "reorder_point", "order_now", "region", "fleet_weight",
		"override_mean", "override_days", "override_until", "override_by")
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
