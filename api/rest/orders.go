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

// Orders is the planners' book of purchase orders and of the shelves. An act with a key
// is done once: its repeat answers as the first did. ErrInvalid names every field that is
// wrong, ErrConflict says why something cannot be done any more or that the key was used
// for something else.
type Orders interface {
	Order(ctx context.Context, id string) (presage.Order, error)
	// Orders lists orders, the newest first; ErrNotFound for an After that is none.
	Orders(ctx context.Context, f presage.OrderFilter) ([]presage.Order, error)
	OrderActs(ctx context.Context, id string) ([]presage.OrderAct, error)
	Draft(ctx context.Context, d presage.OrderDraft) (presage.Order, error)
	FromAdvice(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error)
	// Decide is FromAdvice of rows that are accepted, or overridden with a reason.
	Decide(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error)
	Act(ctx context.Context, act presage.OrderAct) (presage.Order, error)
	// Import takes in a list, or JSON of several, all or nothing; ErrInvalid names every fault by its place.
	Import(ctx context.Context, w presage.SupplyWish, list string, data []byte) (presage.SupplyReport, error)
	// Export is a list as Import takes it, with what the source calls its records.
	Export(ctx context.Context, list, source string) (presage.SupplyTable, error)

	// Shipment is a transfer, or ErrNotFound.
	Shipment(ctx context.Context, id string) (presage.Shipment, error)
	// Shipments lists transfers, the newest first; ErrNotFound for an After that is none.
	Shipments(ctx context.Context, f presage.ShipmentFilter) ([]presage.Shipment, error)
	DraftShipment(ctx context.Context, d presage.ShipmentDraft) (presage.Shipment, error)
	// AdvisedShipments proposes the transfers of the reorder list.
	AdvisedShipments(ctx context.Context, key, by string) ([]presage.Shipment, error)
	ActShipment(ctx context.Context, act presage.ShipmentAct) (presage.Shipment, error)

	Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error)
	// StockMovements lists the ledger, what was written down last first.
	StockMovements(ctx context.Context, f presage.MovementFilter) ([]presage.StockMovement, error)
	Move(ctx context.Context, act presage.StockAct) ([]presage.StockMovement, error)
}

func (h *handlers) orderRoutes(a huma.API) {
	const path, tag = "/v1/orders", "Parts"
	list := get("list-orders", path, tag, "Purchase orders, the newest first")
	list.Description = "What is placed stays on order until it is received or cancelled, however late it is: " +
		"`overdue=true` lists what was expected before now. The table has a row a line."
	route(a, h.Logger, tabular(a, list, page[presage.Order]{Items: []presage.Order{exampleOrder()}},
		exampleOrderCSV), h.orders)

	one := get("get-order", path+"/{id}", tag, "One purchase order with what was done to it")
	one.Responses = example[orderWithActs](a, orderWithActs{exampleOrder(), []presage.OrderAct{exampleAct()}})
	route(a, h.Logger, one, h.order)

	draft := post("create-order", path, tag, "Propose a purchase order, or place it at once")
	draft.Description = "Once for a key, and once for an external_id. A line without expected_at is promised for the " +
		"lead time of its part."
	draft.DefaultStatus = http.StatusCreated
	route(a, h.Logger, draft, h.createOrder)

	advice := post("order-advice", path+"/advice", tag,
		"Make purchase orders of the reorder list, one for each depot and supplier")
	advice.Description = "Without lines the whole list, or a depot's; with lines those rows, each with its own quantity " +
		"or what is advised. What was ordered since the list was made is taken off. 409: there is nothing to order."
	advice.DefaultStatus = http.StatusCreated
	route(a, h.Logger, advice, h.orderAdvice)

	act := post("act-on-order", path+"/{id}/acts", tag,
		"Place, confirm, receive or cancel a purchase order, or lines of it")
	act.Description = "Without lines all that it can be done to. `confirm` takes the day that the supplier names, as " +
		"often as it changes. `receive` puts pieces on the shelf and leaves the rest on order; a scanned part may " +
		"stand in the place of the line's number. `cancel` ends what is not received. Once for a key: the repeat " +
		"changes nothing."
	act.Responses = example[presage.Order](a, exampleOrder())
	route(a, h.Logger, act, h.actOnOrder)

	h.supplyRoutes(a)
	h.stockRoutes(a)
	h.shipmentRoutes(a)
}

type ordersInput struct {
	TableWindow
	State   presage.OrderState `query:"state" enum:"proposed,placed,confirmed,partly_received,received,cancelled"`
	Depot   string             `query:"depot" maxLength:"64" example:"d-east"`
	Part    string             `query:"part" maxLength:"64" example:"BP-F-2041"`
	Open    bool               `query:"open" doc:"Only those with pieces to come"`
	Overdue bool               `query:"overdue" doc:"Only those with pieces that were expected before now"`
}

func (h *handlers) orders(ctx context.Context, in *ordersInput) (*written, error) {
	f := presage.OrderFilter{State: in.State, DepotID: in.Depot, Part: in.Part, Open: in.Open, After: in.After}
	if in.Overdue {
		f.Overdue = h.Now()
	}
	f.Limit = in.limit()
	rows, err := h.Orders.Orders(ctx, f)
	if err != nil {
		return nil, gone("after", err)
	}
	p := pageOf(rows, cmp.Or(in.rows(), len(rows)), func(o presage.Order) string { return o.ID })
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteOrders(w, p.Items)
	}), nil
}

type orderPath struct {
	ID string `path:"id" maxLength:"128" doc:"Or its external_id" example:"po-7kq4m2xhpb"`
}

type orderWithActs struct {
	presage.Order

	Acts []presage.OrderAct `json:"acts" doc:"What was done to it, the oldest first"`
}

func (h *handlers) order(ctx context.Context, in *orderPath) (*body[orderWithActs], error) {
	o, err := h.Orders.Order(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	acts, err := h.Orders.OrderActs(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	return &body[orderWithActs]{Body: orderWithActs{o, nonNil(acts)}}, nil
}

type orderDraftForm struct {
	Part       string    `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
	Pieces     int       `json:"pieces" minimum:"1" maximum:"1000000" example:"24"`
	ExpectedAt time.Time `json:"expected_at,omitzero" doc:"When it is promised; after the part's lead time when absent"`
}

type createOrderInput struct {
	Body struct {
		Key        string           `json:"key,omitempty" maxLength:"100" doc:"Yours; the same order again makes no second one" example:"plan-2026-48-east"` //nolint:lll // a tag cannot be broken
		ExternalID string           `json:"external_id,omitempty" maxLength:"100" doc:"The number in another system" example:"4500017731"`                   //nolint:lll // a tag cannot be broken
		DepotID    string           `json:"depot_id" minLength:"1" maxLength:"64" example:"d-east"`
		Supplier   string           `json:"supplier,omitempty" maxLength:"100" example:"Nordbrake"`
		By         string           `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Note       string           `json:"note,omitempty" maxLength:"500"`
		Place      bool             `json:"place,omitempty" doc:"Place it at once; else it is proposed"`
		Lines      []orderDraftForm `json:"lines" minItems:"1" maxItems:"500"`
	}
}

func (h *handlers) createOrder(ctx context.Context, in *createOrderInput) (*body[presage.Order], error) {
	b := in.Body
	d := presage.OrderDraft{
		Key: b.Key, ExternalID: b.ExternalID, DepotID: b.DepotID, Supplier: b.Supplier, By: signed(ctx, b.By), Note: b.Note,
		Place: b.Place,
	}
	for _, l := range b.Lines {
		d.Lines = append(d.Lines, presage.OrderDraftLine{Part: l.Part, Pieces: l.Pieces, ExpectedAt: l.ExpectedAt})
	}
	o, err := h.Orders.Draft(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[presage.Order]{Body: o}, nil
}

type advicePickForm struct {
	DepotID  string `json:"depot_id" minLength:"1" maxLength:"64" example:"d-east"`
	Part     string `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
	Pieces   int    `json:"pieces,omitempty" minimum:"0" maximum:"1000000" doc:"What is advised when 0 or absent" example:"12"`                                                                                       //nolint:lll // a tag cannot be broken
	Supplier string `json:"supplier,omitempty" maxLength:"64" doc:"One of several of the part; the advised one when absent. A part that is named once for each of several is split between them" example:"nordbrake"` //nolint:lll // a tag cannot be broken
}

type orderAdviceInput struct {
	Body struct {
		Key     string           `json:"key,omitempty" maxLength:"100" doc:"Yours; the same wish again orders nothing twice" example:"advice-2026-11-29"` //nolint:lll // a tag cannot be broken
		DepotID string           `json:"depot_id,omitempty" maxLength:"64" doc:"Only this depot's list; without lines" example:"d-east"`                  //nolint:lll // a tag cannot be broken
		By      string           `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Note    string           `json:"note,omitempty" maxLength:"500"`
		Place   bool             `json:"place,omitempty" doc:"Place them at once; else they are proposed"`
		Lines   []advicePickForm `json:"lines,omitempty" maxItems:"500"`
	}
}

type orderList struct {
	Items []presage.Order `json:"items"`
}

func (h *handlers) orderAdvice(ctx context.Context, in *orderAdviceInput) (*body[orderList], error) {
	b := in.Body
	d := presage.AdviceDraft{Key: b.Key, DepotID: b.DepotID, By: signed(ctx, b.By), Note: b.Note, Place: b.Place}
	for _, l := range b.Lines {
		d.Picks = append(d.Picks, presage.AdvicePick{
			DepotID: l.DepotID, Part: l.Part, Pieces: l.Pieces, Supplier: l.Supplier,
		})
	}
	os, err := h.Orders.FromAdvice(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[orderList]{Body: orderList{nonNil(os)}}, nil
}

type orderActForm struct {
	Line       int       `json:"line,omitempty" minimum:"0" maximum:"500" example:"1"`
	Part       string    `json:"part,omitempty" maxLength:"64" doc:"In the place of line: what was scanned"`
	Pieces     int       `json:"pieces,omitempty" minimum:"0" maximum:"1000000" doc:"All that is left when 0 or absent" example:"3"` //nolint:lll // a tag cannot be broken
	ExpectedAt time.Time `json:"expected_at,omitzero" doc:"Of place and confirm"`
}

type orderActInput struct {
	ID   string `path:"id" maxLength:"128" doc:"Or its external_id" example:"po-7kq4m2xhpb"`
	Body struct {
		Key   string               `json:"key,omitempty" maxLength:"100" doc:"Yours; the same act again changes nothing" example:"delivery-note-88123"` //nolint:lll // a tag cannot be broken
		Kind  presage.OrderActKind `json:"kind" enum:"place,confirm,receive,cancel" example:"receive"`
		By    string               `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Note  string               `json:"note,omitempty" maxLength:"500"`
		At    time.Time            `json:"at,omitzero" doc:"When it happened; now when absent"`
		Lines []orderActForm       `json:"lines,omitempty" maxItems:"500"`
	}
}

func (h *handlers) actOnOrder(ctx context.Context, in *orderActInput) (*body[presage.Order], error) {
	b := in.Body
	act := presage.OrderAct{Key: b.Key, OrderID: in.ID, Kind: b.Kind, By: signed(ctx, b.By), Note: b.Note, At: b.At}
	for _, l := range b.Lines {
		act.Lines = append(act.Lines, presage.OrderActLine{
			Line: l.Line, Part: l.Part, Pieces: l.Pieces, ExpectedAt: l.ExpectedAt,
		})
	}
	o, err := h.Orders.Act(ctx, act)
	if err != nil {
		return nil, err
	}
	return &body[presage.Order]{Body: o}, nil
}
