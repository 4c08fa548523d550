package rest

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/table"
)

func (h *handlers) shipmentRoutes(a huma.API) {
	const path, tag = "/v1/transfers", "Parts"
	list := get("list-transfers", path, tag, "Transfers between depots, the newest first")
	list.Description = "The table has a row a line."
	route(a, h.Logger, tabular(a, list, page[presage.Shipment]{Items: []presage.Shipment{exampleShipment()}},
		exampleShipmentCSV), h.shipments)

	one := get("get-transfer", path+"/{id}", tag, "One transfer")
	one.Responses = example[presage.Shipment](a, exampleShipment())
	route(a, h.Logger, one, h.shipment)

	draft := post("create-transfer", path, tag, "Propose a transfer between two depots")
	draft.DefaultStatus = http.StatusCreated
	route(a, h.Logger, draft, h.createShipment)

	advice := post("transfer-advice", path+"/advice", tag, "Propose all transfers that the reorder list advises")
	advice.Description = "One for each two depots. 409: it advises none."
	advice.DefaultStatus = http.StatusCreated
	route(a, h.Logger, advice, h.adviceShipments)

	act := post("act-on-transfer", path+"/{id}/acts", tag, "Pick, ship, receive or take back a transfer")
	act.Description = "`pick` takes the pieces off the shelf of the depot that gives, as far as no visit was promised " +
		"them; they are on order at the other one. `receive` puts them on its shelf; what a line says did not come is " +
		"`missing`, and can be received later. `back` puts what is on its way back onto the first shelf. Without lines " +
		"everything. Once for a key."
	act.Responses = example[presage.Shipment](a, exampleShipment())
	route(a, h.Logger, act, h.actOnShipment)
}

type shipmentsInput struct {
	TableWindow
	State presage.ShipmentState `query:"state" enum:"proposed,picked,in_transit,received,cancelled"`
	Depot string                `query:"depot" maxLength:"64" doc:"That gives or takes" example:"d-east"`
	Open  bool                  `query:"open" doc:"Only those neither received nor cancelled"`
}

func (h *handlers) shipments(ctx context.Context, in *shipmentsInput) (*written, error) {
	f := presage.ShipmentFilter{State: in.State, DepotID: in.Depot, Open: in.Open, After: in.After}
	f.Limit = in.limit()
	rows, err := h.Orders.Shipments(ctx, f)
	if err != nil {
		return nil, gone("after", err)
	}
	p := pageOf(rows, cmp.Or(in.rows(), len(rows)), func(x presage.Shipment) string { return x.ID })
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteShipments(w, p.Items)
	}), nil
}

func (h *handlers) shipment(ctx context.Context, in *idPath) (*body[presage.Shipment], error) {
	x, err := h.Orders.Shipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[presage.Shipment]{Body: x}, nil
}

type shipmentLineForm struct {
	Part   string `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
	Pieces int    `json:"pieces" minimum:"1" maximum:"1000000" example:"6"`
}

type createShipmentInput struct {
	Body struct {
		Key   string             `json:"key,omitempty" maxLength:"100" doc:"Yours; the same transfer again makes no second one" example:"move-2026-48"` //nolint:lll // a tag cannot be broken
		From  string             `json:"from" minLength:"1" maxLength:"64" example:"d-east"`
		To    string             `json:"to" minLength:"1" maxLength:"64" example:"d-south"`
		By    string             `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Note  string             `json:"note,omitempty" maxLength:"500"`
		Lines []shipmentLineForm `json:"lines" minItems:"1" maxItems:"500"`
	}
}

func (h *handlers) createShipment(ctx context.Context, in *createShipmentInput) (*body[presage.Shipment], error) {
	b := in.Body
	d := presage.ShipmentDraft{Key: b.Key, From: b.From, To: b.To, By: signed(ctx, b.By), Note: b.Note}
	for _, l := range b.Lines {
		d.Lines = append(d.Lines, presage.OrderDraftLine{Part: l.Part, Pieces: l.Pieces})
	}
	x, err := h.Orders.DraftShipment(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[presage.Shipment]{Body: x}, nil
}

type adviceShipmentsInput struct {
	Body struct {
		Key string `json:"key,omitempty" maxLength:"100" doc:"Yours; the same wish again proposes nothing twice" example:"moves-2026-48"` //nolint:lll // a tag cannot be broken
		By  string `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
	}
}

type shipmentList struct {
	Items []presage.Shipment `json:"items"`
}

func (h *handlers) adviceShipments(ctx context.Context, in *adviceShipmentsInput) (*body[shipmentList], error) {
	xs, err := h.Orders.AdvisedShipments(ctx, in.Body.Key, signed(ctx, in.Body.By))
	if err != nil {
		return nil, err
	}
	return &body[shipmentList]{Body: shipmentList{nonNil(xs)}}, nil
}

type shipmentActForm struct {
	Line   int `json:"line" minimum:"1" maximum:"500" example:"1"`
	Pieces int `json:"pieces" minimum:"0" maximum:"1000000" example:"5"`
}

type shipmentActInput struct {
	ID   string `path:"id" maxLength:"64" example:"tr-7kq4m2xhpb"`
	Body struct {
		Key        string                  `json:"key,omitempty" maxLength:"100" doc:"Yours; the same act again changes nothing" example:"pick-88"` //nolint:lll // a tag cannot be broken
		Kind       presage.ShipmentActKind `json:"kind" enum:"pick,ship,receive,back" example:"receive"`
		By         string                  `json:"by" minLength:"1" maxLength:"100" example:"Li Na"`
		Note       string                  `json:"note,omitempty" maxLength:"500"`
		At         time.Time               `json:"at,omitzero" doc:"When it happened; now when absent"`
		ExpectedAt time.Time               `json:"expected_at,omitzero" doc:"At the other depot; two days after it is picked when absent"`            //nolint:lll // a tag cannot be broken
		Lines      []shipmentActForm       `json:"lines,omitempty" maxItems:"500" doc:"Lines with fewer pieces than all; the others are meant whole"` //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) actOnShipment(ctx context.Context, in *shipmentActInput) (*body[presage.Shipment], error) {
	b := in.Body
	act := presage.ShipmentAct{
		Key: b.Key, ShipmentID: in.ID, Kind: b.Kind, By: signed(ctx, b.By), Note: b.Note, At: b.At, ExpectedAt: b.ExpectedAt,
	}
	for _, l := range b.Lines {
		act.Lines = append(act.Lines, presage.ShipmentActLine{Line: l.Line, Pieces: l.Pieces})
	}
	x, err := h.Orders.ActShipment(ctx, act)
	if err != nil {
		return nil, err
	}
	return &body[presage.Shipment]{Body: x}, nil
}

func exampleShipment() presage.Shipment {
	at := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	return presage.Shipment{
		ID: "tr-7kq4m2xhpb", From: "d-east", To: "d-south", State: presage.ShipmentReceived, By: "Zhao Min", CreatedAt: at,
		UpdatedAt: at.AddDate(0, 0, 2), PickedAt: at, Expected: at.AddDate(0, 0, 2), ShippedBy: "Li Na",
		ShippedAt: at.Add(2 * time.Hour),
		Lines:     []presage.ShipmentLine{{Line: 1, Part: "BP-F-2041", Quantity: 6, Picked: 6, Received: 5, Missing: 1}},
	}
}

const exampleShipmentCSV = "transfer,from,to,state,line,part,quantity,picked,received,missing,picked_at,expected_at," +
	"by,note\n" +
	`tr-7kq4m2xhpb,d-east,d-south,received,1,BP-F-2041,6,6,5,1,2026-11-28T08:00:00Z,2026-11-30T08:00:00Z,Zhao Min,
`
