package web

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/problem"
	"presage/api/table"
)

// Orders is the planners' book of orders and of the shelves; see rest.Orders.
type Orders interface {
	Order(ctx context.Context, id string) (presage.Order, error)
	Orders(ctx context.Context, f presage.OrderFilter) ([]presage.Order, error)
	OrderActs(ctx context.Context, id string) ([]presage.OrderAct, error)
	FromAdvice(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error)
	Decide(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error)
	Act(ctx context.Context, act presage.OrderAct) (presage.Order, error)
	Shipment(ctx context.Context, id string) (presage.Shipment, error)
	Shipments(ctx context.Context, f presage.ShipmentFilter) ([]presage.Shipment, error)
	DraftShipment(ctx context.Context, d presage.ShipmentDraft) (presage.Shipment, error)
	AdvisedShipments(ctx context.Context, key, by string) ([]presage.Shipment, error)
	ActShipment(ctx context.Context, act presage.ShipmentAct) (presage.Shipment, error)
	StockMovements(ctx context.Context, f presage.MovementFilter) ([]presage.StockMovement, error)
	Move(ctx context.Context, act presage.StockAct) ([]presage.StockMovement, error)
	Import(ctx context.Context, w presage.SupplyWish, list string, data []byte) (presage.SupplyReport, error)
	Export(ctx context.Context, list, source string) (presage.SupplyTable, error)
}

const (
	ordersPath = "/orders"
	stockPath  = "/stock"
	orderRows  = 50
)

// mountOrders adds what planners order and count with.
func (s *Site) mountOrders(r gin.IRouter) {
	r.GET("/parts/reorder", s.console(reorder))
	s.table(r, "/parts/reorder", reorderCSV)
	r.GET(monthPath, s.console(monthPage))
	s.table(r, monthPath+"/exceptions", monthCSV)
	r.POST(monthPath+"/decisions", s.console(decideAdvice))
	r.GET(parametersPath, s.console(parametersPage))
	r.POST(parametersPath, s.console(putParameters))
	r.GET(budgetPath, s.console(budgetPage))
	s.table(r, budgetPath+"/levels", budgetCSV)
	s.mountShipments(r)
	s.mountRecords(r)
	r.GET(ordersPath, s.console(ordersPage))
	s.table(r, ordersPath+"/orders", ordersCSV)
	r.POST(ordersPath+"/advice", s.console(orderAdvice))
	r.GET(ordersPath+"/:id", s.console(orderPage))
	r.POST(ordersPath+"/:id/acts", s.console(actOnOrder))
	r.GET(stockPath, s.console(stockPage))
	r.POST(stockPath+"/movements", s.console(moveStock))
}

// orderURL is the page of an order.
func orderURL(id string) string { return ordersPath + "/" + url.PathEscape(id) }

type ordersBody struct {
	supplierNames

	Show   string // "open", "overdue", "proposed" or "all"
	Shows  []string
	Depot  string
	Depots []presage.Depot
	Rows   []orderRow
	Next   string
}

// orderRow is an order as a list shows it.
type orderRow struct {
	presage.Order

	Depot    presage.Text
	Expected time.Time // of what comes first; zero for nothing
	Late     bool
}

// With is the address of the list with other conditions.
func (b ordersBody) With(show, depot, after string) string {
	q := url.Values{"show": {show}}
	if depot != "" {
		q.Set("depot", depot)
	}
	if after != "" {
		q.Set("after", after)
	}
	return ordersPath + "?" + q.Encode()
}

func (r *request) orderFilter() (presage.OrderFilter, string) {
	f := presage.OrderFilter{DepotID: r.Query("depot"), After: r.Query("after")}
	show := r.Query("show")
	switch show {
	case "overdue":
		f.Overdue = r.site.Now()
	case string(presage.OrderProposed):
		f.State = presage.OrderProposed
	case "all":
	default:
		show, f.Open = "open", true
	}
	return f, show
}

func ordersPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	f, show := r.orderFilter()
	f.Limit = orderRows + 1
	b := ordersBody{Show: show, Shows: []string{"open", "overdue", "proposed", "all"}, Depot: f.DepotID}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	if b.supplierNames, err = r.supplierNames(); err != nil {
		return err
	}
	found, err := s.Orders.Orders(ctx, f)
	if err != nil {
		return err
	}
	if len(found) > orderRows {
		found = found[:orderRows]
		b.Next = found[orderRows-1].ID
	}
	for _, o := range found {
		row := orderRow{Order: o, Depot: depotName(o.DepotID, b.Depots), Late: o.Overdue(s.Now())}
		for _, l := range o.Lines {
			if l.Open > 0 && (row.Expected.IsZero() || l.ExpectedAt.Before(row.Expected)) {
				row.Expected = l.ExpectedAt
			}
		}
		b.Rows = append(b.Rows, row)
	}
	r.heed()
	return r.render(http.StatusOK, "orders", "parts", r.text("orders.title"), b)
}

// ordersCSV is the list as a file, a row a line.
func ordersCSV(r *request) error {
	f, _ := r.orderFilter()
	rows, err := r.site.Orders.Orders(r.Request.Context(), f)
	if err != nil {
		return err
	}
	return r.download("presage-orders", func(w io.Writer) error { return table.WriteOrders(w, rows) })
}

type orderBody struct {
	presage.Order
	supplierNames

	Depot presage.Text
	Acts  []presage.OrderAct
	Kinds []presage.OrderActKind // what can be done to it
	Key   string                 // of the form: a second press does nothing
	Who   signer
}

// Late tells whether a line is.
func (b orderBody) Late(l presage.OrderLine, now time.Time) bool { return l.Overdue(now) }

func orderPage(r *request) error { return r.order(http.StatusOK, r.Param("id")) }

// order shows one, after a form with what was wrong.
func (r *request) order(status int, id string) error {
	ctx, s := r.Request.Context(), r.site
	o, err := s.Orders.Order(ctx, id)
	if err != nil {
		return err
	}
	b := orderBody{Order: o, Key: rand.Text(), Who: r.signer()}
	if b.supplierNames, err = r.supplierNames(); err != nil {
		return err
	}
	if b.Acts, err = s.Orders.OrderActs(ctx, o.ID); err != nil {
		return err
	}
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	b.Depot = depotName(o.DepotID, depots)
	switch o.State {
	case presage.OrderProposed:
		b.Kinds = []presage.OrderActKind{presage.ActPlace, presage.ActCancel}
	case presage.OrderPlaced, presage.OrderConfirmed, presage.OrderPartly:
		b.Kinds = []presage.OrderActKind{presage.ActReceive, presage.ActConfirm, presage.ActCancel}
	case presage.OrderReceived, presage.OrderCancelled:
	}
	if r.notice.Kind == "" {
		r.heed()
	}
	return r.render(status, "order", "parts", r.text("orders.order")+" "+o.ID, b)
}

// actOnOrder does what a button says to the lines of the form.
func actOnOrder(r *request) error {
	ctx, id := r.Request.Context(), r.Param("id")
	act := presage.OrderAct{
		Key: r.posted("key"), OrderID: id, Kind: presage.OrderActKind(r.PostForm("kind")), By: r.posted("who"),
		Note: r.posted("note"),
	}
	o, err := r.site.Orders.Order(ctx, id)
	if err != nil {
		return err
	}
	faults := r.lines(o, &act)
	if faults == nil {
		_, faults = r.site.Orders.Act(ctx, act)
	}
	if faults != nil {
		return r.refused(faults, func(status int) error { return r.order(status, id) }, orderURL(id)+"?")
	}
	r.remember(act.By)
	return r.redirect(orderURL(id) + "?notice=order")
}

// lines reads the pieces and days of an order's lines; those with 0 are left out.
func (r *request) lines(o presage.Order, act *presage.OrderAct) error {
	leftOut := false
	for _, l := range o.Lines {
		if r.posted("pieces-"+strconv.Itoa(l.Line)) == "0" {
			leftOut = true
			continue
		}
		x, err := r.line(l)
		if err != nil {
			return err
		}
		places := act.Kind == presage.ActPlace
		if l.Rest() > 0 && (act.Kind == presage.ActCancel || places == (l.State == presage.OrderProposed)) {
			act.Lines = append(act.Lines, x)
		}
	}
	if leftOut && len(act.Lines) == 0 {
		return presage.Refuse(presage.ErrInvalid, presage.WhyNothingPicked)
	}
	return nil
}

// line reads one of them.
func (r *request) line(l presage.OrderLine) (x presage.OrderActLine, err error) {
	n := strconv.Itoa(l.Line)
	pieces, day := r.posted("pieces-"+n), r.posted("day-"+n)
	x.Line = l.Line
	if pieces != "" {
		if x.Pieces, err = strconv.Atoi(pieces); err != nil {
			return x, presage.Refuse(presage.ErrInvalid, presage.WhyNotNumber, "line", n, "given", pieces)
		}
	}
	if day != "" {
		if x.ExpectedAt, err = time.Parse(time.DateOnly, day); err != nil {
			return x, presage.Refuse(presage.ErrInvalid, presage.WhyNotDay, "line", n, "given", day)
		}
	}
	return x, nil
}

// refused shows the page that a form was on, with why nothing was done.
func (r *request) refused(err error, show func(status int) error, here string) error {
	status, detail := problem.Of(err)
	if status >= http.StatusInternalServerError || status == http.StatusNotFound {
		return err
	}
	r.here, r.notice = here, notice{"due", r.refusal(err, detail)}
	return show(status)
}

// refusal tells in the reader's words why nothing was done; a fault without such words
// by its own, in English.
func (p speaker) refusal(err error, detail string) string {
	all, whole := presage.Refusals(err)
	if !whole {
		return strings.ReplaceAll(detail, "\n", "; ")
	}
	return p.why(all[0].With(all[1:]...), "")
}

// orderAdvice makes orders of the ticked rows of the reorder list.
func orderAdvice(r *request) error {
	d := presage.AdviceDraft{Key: r.posted("key"), By: r.posted("who"), Place: r.PostForm("do") == "place"}
	var err error
	d.Picks, err = r.picks(1)
	if err == nil {
		_, err = r.site.Orders.FromAdvice(r.Request.Context(), d)
	}
	if err != nil {
		return r.refused(err, r.reorder, "/parts/reorder?")
	}
	r.remember(d.By)
	show := "proposed"
	if d.Place {
		show = "open"
	}
	return r.redirect(ordersPath + "?show=" + show + "&notice=orders_made")
}

// picks reads the ticked rows of a form, of which there is one, and their pieces, at least
// so many; 0 is none at all.
func (r *request) picks(least int) (out []presage.AdvicePick, err error) {
	for _, at := range r.PostFormArray("pick") {
		depot, part, _ := strings.Cut(at, " ")
		p := presage.AdvicePick{}
		p.DepotID, _ = url.QueryUnescape(depot) // what cannot be read is not planned
		p.Part, _ = url.QueryUnescape(part)
		if from := r.PostFormArray("from " + at); len(from) > 0 {
			split, err := r.split(p, at, from)
			if err != nil {
				return nil, err
			}
			out = append(out, split...)
			continue
		}
		if text := r.posted("pieces " + at); text != "" {
			if p.Pieces, err = strconv.Atoi(text); err != nil || p.Pieces < least {
				return nil, presage.Refuse(presage.ErrInvalid, presage.WhyNotNumber, "part", p.Part, "given", text)
			}
			p.None = p.Pieces == 0
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, presage.Refuse(presage.ErrInvalid, presage.WhyNothingChosen)
	}
	return out, nil
}

// split reads the pieces of a row from each of several suppliers; those with 0 are left out.
func (r *request) split(p presage.AdvicePick, at string, from []string) (out []presage.AdvicePick, err error) {
	for _, p.Supplier = range from {
		text := r.posted("pieces " + at + " " + p.Supplier)
		if p.Pieces, err = strconv.Atoi(text); err != nil || p.Pieces < 0 {
			return nil, presage.Refuse(presage.ErrInvalid, presage.WhyNotNumber, "part", p.Part, "given", text)
		}
		if p.Pieces > 0 {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, presage.Refuse(presage.ErrInvalid, presage.WhyNothingPicked)
	}
	return out, nil
}

// pickOf names a row of the reorder list in a form.
func pickOf(part, depot string) string {
	return url.QueryEscape(depot) + " " + url.QueryEscape(part)
}
