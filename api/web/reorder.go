package web

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"presage"
	"presage/api/table"
)

type reorderBody struct {
	Depots []presage.Depot
	Depot  string
	Groups []reorderGroup
	Totals planTotals
	AsOf   time.Time // zero before the first plan

	OnOrder int // pieces on their way, at all depots of the list

	Key string // of the form that orders
	Who signer
}

// reorderGroup is what a depot orders and sends today.
type reorderGroup struct {
	ID     string
	Depot  presage.Text
	Rows   []reorderRow
	Moves  []reorderMove // from the depot
	Pieces int
	Cost   moneys
}

type reorderRow struct {
	presage.PartForecast
	URL  string
	Pick string // its name in the form
}

type reorderMove struct {
	move
	To  presage.Text
	URL string
}

func reorder(r *request) error { return r.reorder(http.StatusOK) }

// reorder shows the list, after a form with what was wrong.
func (r *request) reorder(status int) error {
	ctx, s := r.Request.Context(), r.site
	b := reorderBody{Depot: r.Query("depot"), Key: rand.Text(), Who: r.signer()}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	rows, err := s.Parts.PartForecasts(ctx, presage.ForecastFilter{DepotID: b.Depot})
	if err != nil {
		return err
	}
	byDepot := map[string]*reorderGroup{}
	at := func(id string) *reorderGroup {
		if byDepot[id] == nil {
			byDepot[id] = &reorderGroup{ID: id, Depot: depotName(id, b.Depots)}
		}
		return byDepot[id]
	}
	for _, f := range rows {
		b.AsOf, b.OnOrder = f.AsOf, b.OnOrder+f.Stock.OnOrder
		if f.OrderNow <= 0 {
			continue
		}
		g := at(f.DepotID)
		g.Rows = append(g.Rows, reorderRow{f, partURL(f.Part, f.DepotID, ""), pickOf(f)})
		g.Pieces += f.OrderNow
		g.Cost.add(f.Advice.Cost)
	}
	for _, m := range transfers(rows) {
		g := at(m.From)
		g.Moves = append(g.Moves, reorderMove{m, depotName(m.To, b.Depots), partURL(m.Part, m.From, "")})
	}
	for _, g := range byDepot {
		slices.SortStableFunc(g.Rows, func(x, y reorderRow) int {
			return cmp.Or(cmp.Compare(y.Advice.StockOutRisk, x.Advice.StockOutRisk), cmp.Compare(x.Part, y.Part))
		})
		b.Groups = append(b.Groups, *g)
	}
	slices.SortFunc(b.Groups, func(x, y reorderGroup) int { return cmp.Compare(x.ID, y.ID) })
	b.Totals.count(rows)
	return r.render(status, "reorder", "parts", r.text("reorder.title"), b)
}

// reorderCSV is the list as a file, with a reason on every line.
func reorderCSV(r *request) error {
	ctx, s := r.Request.Context(), r.site
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	forecasts, err := s.Parts.PartForecasts(ctx, presage.ForecastFilter{DepotID: r.Query("depot")})
	if err != nil {
		return err
	}
	reasons := make(map[group]presage.Text, len(forecasts))
	for _, f := range forecasts {
		reasons[groupOf(f, presage.LevelDepot)] = s.orderReason(f)
	}
	rows := s.Catalogue.Reorder(depots, forecasts, false)
	for i, row := range rows {
		rows[i].Reason = reasons[group{part: row.Part, depot: row.DepotID}]
	}
	r.csv("presage-reorder-list.csv")
	return table.WriteReorder(r.Writer, rows)
}

// orderReason says why so much of a part is ordered now, or nothing.
func (s *Site) orderReason(f presage.PartForecast) presage.Text {
	known, err := s.Catalogue.Part(f.Part)
	if err != nil {
		known = presage.Part{Number: f.Part} // it left the catalogue: its pack is a piece
	}
	return s.reasons.Order(f, known)
}
