package web

import (
	"cmp"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/api/table"
)

type reorderBody struct {
	supplierNames

	Depots []presage.Depot
	Depot  string
	Groups []reorderGroup
	Totals planTotals
	AsOf   time.Time // zero before the first plan

	OnOrder int // pieces on their way, at all depots of the list
	From    int // of the first line shown
	Next    int // 0 on the last page

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
	b := &reorderBody{Depot: r.Query("depot"), Key: rand.Text(), Who: r.signer()}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	if b.supplierNames, err = r.supplierNames(); err != nil {
		return err
	}
	rows, err := s.Parts.PlanRows(ctx, presage.ForecastFilter{DepotID: b.Depot}, b.page(r.Query("from")))
	if err != nil {
		return err
	}
	b.group(rows)
	return r.render(status, "reorder", "parts", r.text("reorder.title"), b)
}

// reorderRows is how many lines of the list a page shows.
const reorderRows = 200

// page sums all lines up and keeps those of the asked page.
func (b *reorderBody) page(from string) func(lines []presage.PartForecast) []presage.PartForecast {
	return func(lines []presage.PartForecast) []presage.PartForecast {
		for _, f := range lines {
			b.AsOf, b.OnOrder = f.AsOf, b.OnOrder+f.Stock.OnOrder
		}
		b.Totals.count(lines)
		lines = presage.ReorderLines(lines, false)
		if n, err := strconv.Atoi(from); err == nil && n > 0 && n < len(lines) {
			b.From = n
		}
		end := min(b.From+reorderRows, len(lines))
		if end < len(lines) {
			b.Next = end
		}
		return lines[b.From:end]
	}
}

// Page is the address of the page that starts with the given row.
func (b *reorderBody) Page(from int) string {
	v := url.Values{"from": {strconv.Itoa(from)}}
	if b.Depot != "" {
		v.Set("depot", b.Depot)
	}
	return "/parts/reorder?" + v.Encode()
}

// group lays the lines of the page out by depot.
func (b *reorderBody) group(rows []presage.PartForecast) {
	byDepot := map[string]*reorderGroup{}
	at := func(id string) *reorderGroup {
		if byDepot[id] == nil {
			byDepot[id] = &reorderGroup{ID: id, Depot: depotName(id, b.Depots)}
		}
		return byDepot[id]
	}
	for _, f := range rows {
		if f.OrderNow > 0 {
			g := at(f.DepotID)
			g.Rows = append(g.Rows, reorderRow{f, partURL(f.Part, f.DepotID, ""), pickOf(f.Part, f.DepotID)})
			g.Pieces += f.OrderNow
			g.Cost.add(f.Advice.Cost)
		}
		for _, x := range f.Advice.Transfers {
			if b.Depot != "" || x.From == f.DepotID { // the depot that receives has the same move on its line
				m := move{f.Part, x}
				g := at(x.From)
				g.Moves = append(g.Moves, reorderMove{m, depotName(m.To, b.Depots), partURL(m.Part, m.From, "")})
			}
		}
	}
	for _, g := range byDepot {
		slices.SortStableFunc(g.Rows, func(x, y reorderRow) int {
			return cmp.Or(cmp.Compare(y.Advice.StockOutRisk, x.Advice.StockOutRisk), cmp.Compare(x.Part, y.Part))
		})
		b.Groups = append(b.Groups, *g)
	}
	slices.SortFunc(b.Groups, func(x, y reorderGroup) int { return cmp.Compare(x.ID, y.ID) })
}

// reorderCSV is the list as a file, with a reason on every line.
func reorderCSV(r *request) error {
	ctx, s := r.Request.Context(), r.site
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	row := s.Catalogue.ReorderRows(depots)
	spooled, err := table.Spool(func(w io.Writer) error {
		return table.WriteReorder(w, func(write func(presage.ReorderRow) error) error {
			return s.Parts.EachPlanRow(ctx, presage.ForecastFilter{DepotID: r.Query("depot")},
				func(lines []presage.PartForecast) []presage.PartForecast { return presage.ReorderLines(lines, false) },
				func(f presage.PartForecast) error { return write(row(f, s.orderReason(f))) })
		})
	})
	if err != nil {
		return err
	}
	return r.download("presage-reorder-list", spooled.Send)
}

// orderReason says why so much of a part is ordered now, or nothing.
func (s *Site) orderReason(f presage.PartForecast) presage.Text {
	known, err := s.Catalogue.Part(f.Part)
	if err != nil {
		known = presage.Part{Number: f.Part} // it left the catalogue: its pack is a piece
	}
	return s.reasons.Order(f, known)
}
