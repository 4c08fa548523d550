package web

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/table"
)

const transfersPath = "/transfers"

// mountShipments adds what planners and depots move parts with.
func (s *Site) mountShipments(r gin.IRouter) {
	r.GET(transfersPath, s.console(shipmentsPage))
	s.table(r, transfersPath+"/transfers", shipmentsCSV)
	r.POST(transfersPath+"/advice", s.console(adviceShipments))
	r.GET(transfersPath+"/:id", s.console(shipmentPage))
	r.POST(transfersPath+"/:id/acts", s.console(actOnShipment))
}

func shipmentURL(id string) string { return transfersPath + "/" + url.PathEscape(id) }

type shipmentsBody struct {
	Show   string // "open" or "all"
	Depot  string
	Depots []presage.Depot
	Rows   []shipmentRow
	Next   string // the address of the next page
	Key    string
	Who    signer
}

// shipmentRow is a transfer with the words for its depots.
type shipmentRow struct {
	presage.Shipment

	Giver, Taker presage.Text
	URL          string
	Pieces       int
}

func (r *request) shipmentFilter() (presage.ShipmentFilter, string) {
	f := presage.ShipmentFilter{DepotID: r.Query("depot"), After: r.Query("after")}
	show := "all"
	if r.Query("show") != show {
		show, f.Open = "open", true
	}
	return f, show
}

func shipmentsPage(r *request) error { return r.shipmentList(http.StatusOK) }

// shipmentList shows the list, after a form with what was wrong.
func (r *request) shipmentList(status int) error {
	ctx, s := r.Request.Context(), r.site
	f, show := r.shipmentFilter()
	f.Limit = orderRows + 1
	b := shipmentsBody{Show: show, Depot: f.DepotID, Key: rand.Text(), Who: r.signer()}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	found, err := s.Orders.Shipments(ctx, f)
	if err != nil {
		return err
	}
	if len(found) > orderRows {
		found = found[:orderRows]
		b.Next = transfersPath + "?" + url.Values{
			"show": {show}, "depot": {f.DepotID}, "after": {found[orderRows-1].ID},
		}.Encode()
	}
	for _, x := range found {
		b.Rows = append(b.Rows, shipmentRowOf(x, b.Depots))
	}
	if r.notice.Kind == "" {
		r.heed()
	}
	return r.render(status, "transfers", "parts", r.text("transfers.title"), b)
}

func shipmentRowOf(x presage.Shipment, depots []presage.Depot) shipmentRow {
	row := shipmentRow{
		Shipment: x, Giver: depotName(x.From, depots), Taker: depotName(x.To, depots), URL: shipmentURL(x.ID),
	}
	for _, l := range x.Lines {
		row.Pieces += l.Quantity
	}
	return row
}

// Others are how many more parts it is about than the first.
func (x shipmentRow) Others() int { return len(x.Lines) - 1 }

// shipmentsCSV is the list as a file, a row a line.
func shipmentsCSV(r *request) error {
	f, _ := r.shipmentFilter()
	rows, err := r.site.Orders.Shipments(r.Request.Context(), f)
	if err != nil {
		return err
	}
	return r.download("presage-transfers", func(w io.Writer) error { return table.WriteShipments(w, rows) })
}

type shipmentBody struct {
	shipmentRow

	Kinds []presage.ShipmentActKind // what can be done to it
	Key   string                    // of the form: a second press does nothing
	Who   signer
	// What a form that was refused held.
	Words string
	typed map[int]string // pieces by line
	Moves []presage.StockMovement
}

// Typed is what a form that was refused asked for of a line.
func (b shipmentBody) Typed(l presage.ShipmentLine) string { return b.typed[l.Line] }

// Most is how many pieces of a line an act can be about.
func (b shipmentBody) Most(l presage.ShipmentLine) int {
	if b.State == presage.ShipmentProposed {
		return l.Quantity
	}
	return l.Picked - l.Received
}

func shipmentPage(r *request) error { return r.shipment(http.StatusOK, r.Param("id")) }

// shipment shows one, after a form with what was wrong.
func (r *request) shipment(status int, id string) error {
	ctx, s := r.Request.Context(), r.site
	x, err := s.Orders.Shipment(ctx, id)
	if err != nil {
		return err
	}
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	b := shipmentBody{
		shipmentRow: shipmentRowOf(x, depots), Key: rand.Text(), Who: r.signer().or(r.posted("who")), Words: r.posted("note"),
		typed: map[int]string{},
	}
	for _, l := range x.Lines {
		b.typed[l.Line] = r.posted("pieces-" + strconv.Itoa(l.Line))
	}
	b.Moves, err = s.Orders.StockMovements(ctx, presage.MovementFilter{Ref: x.ID, Limit: ledgerRows})
	if err != nil {
		return err
	}
	switch x.State {
	case presage.ShipmentProposed:
		b.Kinds = []presage.ShipmentActKind{presage.ShipPick, presage.ShipBack}
	case presage.ShipmentPicked:
		b.Kinds = []presage.ShipmentActKind{presage.ShipSend, presage.ShipReceive, presage.ShipBack}
	case presage.ShipmentInTransit:
		b.Kinds = []presage.ShipmentActKind{presage.ShipReceive, presage.ShipBack}
	case presage.ShipmentReceived:
		if x.Missing() > 0 {
			b.Kinds = []presage.ShipmentActKind{presage.ShipReceive}
		}
	case presage.ShipmentCancelled:
	}
	if r.notice.Kind == "" {
		r.heed()
	}
	return r.render(status, "transfer", "parts", r.text("transfers.transfer")+" "+x.ID, b)
}

// actOnShipment does what a button says; pieces count where it picks or receives.
func actOnShipment(r *request) error {
	ctx, id := r.Request.Context(), r.Param("id")
	act := presage.ShipmentAct{
		Key: r.posted("key"), ShipmentID: id, Kind: presage.ShipmentActKind(r.PostForm("kind")), By: r.posted("who"),
		Note: r.posted("note"),
	}
	x, err := r.site.Orders.Shipment(ctx, id)
	if err != nil {
		return err
	}
	var fault error
	for _, l := range x.Lines {
		text := r.posted("pieces-" + strconv.Itoa(l.Line))
		if text == "" || act.Kind != presage.ShipPick && act.Kind != presage.ShipReceive {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			fault = presage.Refuse(presage.ErrInvalid, presage.WhyNotNumber, "line", strconv.Itoa(l.Line), "given", text)
		}
		act.Lines = append(act.Lines, presage.ShipmentActLine{Line: l.Line, Pieces: n})
	}
	if fault == nil {
		_, fault = r.site.Orders.ActShipment(ctx, act)
	}
	if fault != nil {
		return r.refused(fault, func(status int) error { return r.shipment(status, id) }, shipmentURL(id)+"?")
	}
	r.remember(act.By)
	return r.redirect(shipmentURL(id) + "?notice=transfer")
}

// adviceShipments proposes what the reorder list advises.
func adviceShipments(r *request) error {
	by := r.posted("who")
	_, err := r.site.Orders.AdvisedShipments(r.Request.Context(), r.posted("key"), by)
	if errors.Is(err, presage.ErrConflict) { // the key is this page's own: nothing is advised
		r.here, r.notice = transfersPath+"?", notice{"due", r.text("transfers.nothing")}
		return r.shipmentList(http.StatusConflict)
	}
	if err != nil {
		return r.refused(err, r.shipmentList, transfersPath+"?")
	}
	r.remember(by)
	return r.redirect(transfersPath + "?notice=transfers_made")
}
