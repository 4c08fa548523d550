package web

import (
	"cmp"
	"net/http"
	"slices"

	"presage"
	"presage/api/port"
)

type partsBody struct {
	Rows      []partRow
	Depots    []presage.Depot
	Depot     string
	OnlyOrder bool
	AsOf      presage.PartForecast
	Order     int // rows to order now
	Pieces    float64
}

// partRow is a forecast with its quantiles laid out on a line of 100 units.
type partRow struct {
	presage.PartForecast
	Depot         presage.Text
	P10, P50, P90 float64
	Free          int // on hand and not promised
	Fan           fan
	Drivers       []segment
}

// fan holds positions on the line.
type fan struct{ P10, P50, P90, Mean, Free float64 }

func parts(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := partsBody{Depot: r.Query("depot"), OnlyOrder: r.Query("order") != ""}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	rows, err := s.Parts.PartForecasts(ctx, port.ForecastFilter{DepotID: b.Depot})
	if err != nil {
		return err
	}
	for _, f := range rows {
		b.AsOf = f
		b.Pieces += f.Mean
		if f.OrderNow > 0 {
			b.Order++
		}
		if b.OnlyOrder && f.OrderNow == 0 {
			continue
		}
		b.Rows = append(b.Rows, layOut(f, b.Depots))
	}
	slices.SortStableFunc(b.Rows, func(a, b partRow) int {
		return cmp.Or(cmp.Compare(b.OrderNow, a.OrderNow), cmp.Compare(b.Mean, a.Mean), cmp.Compare(a.Part, b.Part))
	})
	return r.render(http.StatusOK, "parts", "parts", r.text("nav.parts"), b)
}

func layOut(f presage.PartForecast, depots []presage.Depot) partRow {
	row := partRow{
		PartForecast: f, Free: f.Stock.OnHand - f.Stock.Reserved,
		P10: f.Quantiles["0.1"], P50: f.Quantiles["0.5"], P90: f.Quantiles["0.9"],
		Depot: presage.Text{ZH: f.DepotID, EN: f.DepotID},
	}
	if i := slices.IndexFunc(depots, func(d presage.Depot) bool { return d.ID == f.DepotID }); i >= 0 {
		row.Depot = depots[i].Name
	}
	most := max(row.P90, f.Mean, float64(row.Free), 1) * 1.08
	row.Fan = fan{
		P10: bar(row.P10, most, 100), P50: bar(row.P50, most, 100), P90: bar(row.P90, most, 100),
		Mean: bar(f.Mean, most, 100), Free: bar(float64(row.Free), most, 100),
	}
	at := 0.0
	for _, d := range f.Drivers {
		w := bar(d.Mean, f.Mean, 100)
		if d.Mean < 0.05 {
			continue // it would read 0.0
		}
		row.Drivers = append(row.Drivers, segment{Class: d.Name, From: at, Width: min(w, 100-at), Count: d.Mean})
		at += w
	}
	return row
}

func partsCSV(r *request) error {
	rows, err := r.site.Parts.PartForecasts(r.Request.Context(), port.ForecastFilter{DepotID: r.Query("depot")})
	if err != nil {
		return err
	}
	r.Header("Content-Type", "text/csv; charset=utf-8")
	r.Header("Content-Disposition", `attachment; filename="presage-parts-forecast.csv"`)
	_, _ = r.Writer.WriteString("\ufeff") // spreadsheets take it for UTF-8
	return port.WriteForecastCSV(r.Writer, r.site.Catalogue, rows)
}
