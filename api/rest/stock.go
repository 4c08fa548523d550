package rest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/table"
)

func (h *handlers) stockRoutes(a huma.API) {
	const path, tag = "/v1/stock", "Parts"
	list := get("list-stock", path, tag, "What lies in the depots, what of it is promised, and what is on order")
	route(a, h.Logger, tabular(a, list, page[presage.Stock]{Items: []presage.Stock{exampleForecast().Stock}},
		exampleStockCSV), h.stock)

	moves := get("list-stock-movements", path+"/movements", tag,
		"The ledger of the shelves, what was written down last first")
	moves.Description = "What is on hand is the sum of the pieces of a part's movements at a depot. They are numbered " +
		"from 1 without a gap and never changed."
	route(a, h.Logger, tabular(a, moves, page[presage.StockMovement]{Items: []presage.StockMovement{exampleMovement()}},
		exampleMovementCSV), h.movements)

	move := post("move-stock", path+"/movements", tag, "Write a count, a correction, a return or scrap into the ledger")
	move.Description = "All of it or nothing, once for a key. `pieces` is what was counted for a count, has a sign for " +
		"a correction (which needs a reason), and is what comes or goes for the others. A mistake is mended by another " +
		"movement."
	move.DefaultStatus = http.StatusCreated
	route(a, h.Logger, move, h.moveStock)
}

type stockInput struct {
	TableWindow
	Depot string `query:"depot" maxLength:"64" example:"d-east"`
	Part  string `query:"part" maxLength:"64" example:"BP-F-2041"`
}

func (h *handlers) stock(ctx context.Context, in *stockInput) (*written, error) {
	rows, err := h.Orders.Stock(ctx, presage.StockFilter{DepotID: in.Depot, Part: in.Part})
	if err != nil {
		return nil, err
	}
	p, err := pageOfTable(rows, in.TableWindow, func(s presage.Stock) string { return cursorOf(s.DepotID, s.Part) })
	if err != nil {
		return nil, err
	}
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteStock(w, p.Items)
	}), nil
}

type movementsInput struct {
	TableWindow
	Depot string               `query:"depot" maxLength:"64" example:"d-east"`
	Part  string               `query:"part" maxLength:"64" example:"BP-F-2041"`
	Kind  presage.MovementKind `query:"kind" enum:"opening,count,correction,return,supplier_return,scrap,receipt,use,unuse,transfer_out,transfer_in,transfer_back"` //nolint:lll // a tag cannot be broken
	Ref   string               `query:"ref" maxLength:"128" doc:"Of one order or visit"`
}

func (h *handlers) movements(ctx context.Context, in *movementsInput) (*written, error) {
	f := presage.MovementFilter{DepotID: in.Depot, Part: in.Part, Kind: in.Kind, Ref: in.Ref}
	if in.After != "" {
		after, err := movementAt(in.After)
		if err != nil {
			return nil, err
		}
		f.After = &after
	}
	f.Limit = in.limit()
	rows, err := h.Orders.StockMovements(ctx, f)
	if err != nil {
		return nil, err
	}
	p := pageOf(rows, cmp.Or(in.rows(), len(rows)), func(m presage.StockMovement) string {
		micros := int64(0)
		if !m.RecordedAt.IsZero() {
			micros = m.RecordedAt.UnixMicro()
		}
		return cursorOf(number(micros), m.DepotID, m.Part, number(m.N))
	})
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteMovements(w, p.Items)
	}), nil
}

// movementAt is the place in the ledger that a cursor names.
func movementAt(cursor string) (m presage.StockMovement, err error) {
	parts, err := readCursor(cursor, 4)
	if err != nil {
		return m, err
	}
	micros, noTime := strconv.ParseInt(parts[0], 10, 64)
	n, noNumber := strconv.ParseInt(parts[3], 10, 64)
	if noTime != nil || noNumber != nil {
		return m, fmt.Errorf("after: %w: not a cursor of this list: want next of the page before", presage.ErrInvalid)
	}
	m = presage.StockMovement{DepotID: parts[1], Part: parts[2], N: n}
	if micros != 0 {
		m.RecordedAt = time.UnixMicro(micros).UTC()
	}
	return m, nil
}

type movementForm struct {
	DepotID string               `json:"depot_id" minLength:"1" maxLength:"64" example:"d-east"`
	Part    string               `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
	Kind    presage.MovementKind `json:"kind" enum:"count,correction,return,supplier_return,scrap" example:"count"`
	Pieces  int                  `json:"pieces" minimum:"-1000000" maximum:"1000000" example:"17"`
}

type moveStockInput struct {
	Body struct {
		Key       string         `json:"key,omitempty" maxLength:"100" doc:"Yours; the same act again moves nothing" example:"count-2026-11-east"` //nolint:lll // a tag cannot be broken
		By        string         `json:"by" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Why       string         `json:"why,omitempty" maxLength:"500" example:"Count of the brake shelf"`
		At        time.Time      `json:"at,omitzero" doc:"When it happened; now when absent"`
		Movements []movementForm `json:"movements" minItems:"1" maxItems:"500"`
	}
}

type movementList struct {
	Items []presage.StockMovement `json:"items" doc:"What was moved; a count that finds what was known moves nothing"`
}

func (h *handlers) moveStock(ctx context.Context, in *moveStockInput) (*body[movementList], error) {
	b := in.Body
	act := presage.StockAct{Key: b.Key, By: signed(ctx, b.By), Why: b.Why, At: b.At}
	for _, m := range b.Movements {
		act.Lines = append(act.Lines, presage.StockActLine{DepotID: m.DepotID, Part: m.Part, Kind: m.Kind, Pieces: m.Pieces})
	}
	moves, err := h.Orders.Move(ctx, act)
	if err != nil {
		return nil, err
	}
	return &body[movementList]{Body: movementList{nonNil(moves)}}, nil
}
