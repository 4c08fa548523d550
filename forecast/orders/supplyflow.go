package orders

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/records"
)

// importedOrder is an order as the rows of its number say it.
type importedOrder struct {
	first *records.Fields
	draft presage.OrderDraft
	known *presage.Order
}

// order takes in a line of an order that was placed elsewhere.
func (x *taking) order(ctx context.Context, f *records.Fields) error {
	id := text(f, "external_id", mostKey)
	if id == "" {
		f.Bad("external_id", "it is missing: want the number of the order")
	}
	depot, supplier := x.knownDepot(f), text(f, "supplier", mostName)
	if own, ok := x.names[[2]string{presage.KindSupplier, supplier}]; ok {
		supplier = own
	}
	l := presage.OrderDraftLine{
		Part: x.needPart(f).Number, Pieces: pieces(f, "pieces", 1), ExpectedAt: f.When("expected_at"),
	}
	note := text(f, "note", mostNote)
	if far := x.batch.Now.AddDate(0, 0, mostAhead); l.ExpectedAt.After(far) {
		f.Bad("expected_at", "%s: want a day at most three years ahead", l.ExpectedAt.Format(time.DateOnly))
	}
	i, begun := x.draftOf[id]
	if !begun {
		o := &importedOrder{first: f, draft: presage.OrderDraft{
			ExternalID: id, DepotID: depot, Supplier: supplier, Note: note,
		}}
		if known, err := x.Order(ctx, id); err == nil {
			o.known = &known
		} else if !errors.Is(err, presage.ErrNotFound) {
			return err
		}
		i, x.draftOf[id], x.drafts = len(x.drafts), len(x.drafts), append(x.drafts, o)
	}
	d := &x.drafts[i].draft
	if d.DepotID != depot {
		f.Bad("depot", "order %s is for depot %s", id, d.DepotID)
	}
	if supplier != "" && d.Supplier != supplier {
		f.Bad("supplier", "order %s is of supplier %s", id, d.Supplier)
	}
	if d.Lines = append(d.Lines, l); len(d.Lines) == mostLines+1 {
		f.Bad("external_id", "order %s has more than %d lines", id, mostLines)
	}
	return nil
}

// finishOrders places the orders that are not known, and compares those that are.
func (x *taking) finishOrders() {
	from := x.parameters.Sourcing()
	for _, o := range x.drafts {
		d := o.draft
		if o.known != nil {
			if !sameOrder(*o.known, d) {
				o.first.Bad("external_id", "order %s is known with other lines, or for another depot or supplier: confirm, "+
					"receive or cancel it, or take another number", d.ExternalID)
			}
			for range d.Lines {
				x.tellRow(o.first, o.known.ID, []cell{}, nil)
			}
			continue
		}
		made := presage.Order{
			ID: newID(), ExternalID: d.ExternalID, DepotID: d.DepotID, Supplier: d.Supplier, By: x.wish.By, Note: d.Note,
			CreatedAt: x.batch.Now, UpdatedAt: x.batch.Now,
		}
		for i, l := range d.Lines {
			if l.ExpectedAt.IsZero() {
				l.ExpectedAt = x.arrives(from, d.Supplier, l.Part, x.batch.Now)
			}
			made.Lines = append(made.Lines, line(i+1, l, true, x.batch.Now))
			x.tellRow(o.first, d.ExternalID, nil, []cell{{"part", l.Part}, {"pieces", strconv.Itoa(l.Pieces)}})
		}
		made.Settle()
		x.batch.Orders = append(x.batch.Orders, presage.ImportedOrder{Order: made, Key: "import-" + d.ExternalID})
	}
}

// sameOrder tells whether an order says what a file says of it. Days count as they were promised at first.
func sameOrder(o presage.Order, d presage.OrderDraft) bool {
	if o.DepotID != d.DepotID || d.Supplier != "" && o.Supplier != d.Supplier || len(o.Lines) != len(d.Lines) {
		return false
	}
	for i, l := range d.Lines {
		known := o.Lines[i]
		if known.Part != l.Part || known.Quantity != l.Pieces ||
			!l.ExpectedAt.IsZero() && !known.PlacedAt.IsZero() && !l.ExpectedAt.Equal(known.PromisedAt) {
			return false
		}
	}
	return true
}

// receipt takes in what came of a line of an order.
func (x *taking) receipt(f *records.Fields) {
	key, order := text(f, "key", mostKey), text(f, "order", 128)
	if key == "" {
		f.Bad("key", "it is missing: want the number of the delivery note and its position")
	}
	if order == "" {
		f.Bad("order", "it is missing: want our number of the order, or its external_id")
	}
	x.once(f, "key", key)
	l := presage.OrderActLine{
		Line: f.Whole("line", 1, mostLines), Part: x.knownPart(f).Number, Pieces: pieces(f, "pieces", 1),
	}
	if !f.Says("line") && !f.Says("part") {
		f.Bad("line", "it is missing: want the number of a line, or its part")
	}
	act := presage.OrderAct{
		Key: key, OrderID: order, Kind: presage.ActReceive, By: x.wish.By, Note: text(f, "note", mostNote),
		At:    or(x.happened(f), x.batch.Now),
		Lines: []presage.OrderActLine{l},
	}
	x.batch.Receipts = append(x.batch.Receipts, presage.ImportedReceipt{OrderAct: act, Row: f.Place})
	x.received = append(x.received, f)
}

// movedRow is a row of the ledger to be.
type movedRow struct {
	*records.Fields
	line presage.StockActLine
	bin  string // the new one; "" to leave it
	was  string // the bin before
}

// move takes in what lies on a shelf, or what moves on it.
func (x *taking) move(f *records.Fields) {
	depot, part := x.knownDepot(f), x.needPart(f).Number
	r := movedRow{Fields: f, line: presage.StockActLine{
		DepotID: depot, Part: part, Kind: presage.MoveCount, Places: f.At, Why: text(f, "note", mostNote), At: x.happened(f),
	}}
	key, field := "", "pieces"
	switch f.Kind {
	case listStock:
		field, r.bin = "on_hand", text(f, "bin", 40)
		r.line.Places = map[string]string{"pieces": f.At[field]}
		x.once(f, "part", depot, part)
	case listMoves:
		r.line.Kind = presage.MovementKind(f.OneOf("kind", "count", "correction", "return", "supplier_return", "scrap"))
		if key = text(f, "external_id", mostKey); key != "" {
			x.once(f, "external_id", key)
		}
	}
	r.line.Pieces = r.pieces(field)
	if r.line.Kind != presage.MoveCount && key == "" && x.wish.Key == "" {
		f.Bad("external_id", "it is missing: a file that came twice would move twice; or send a key for all of it")
	}
	shelf := x.shelves[[2]string{depot, part}]
	if r.was = shelf.Bin; r.bin == r.was {
		r.bin = ""
	}
	if r.bin != "" {
		x.batch.Bins = append(x.batch.Bins, presage.Stock{DepotID: depot, Part: part, Bin: r.bin})
	}
	x.addMove(r, key)
}

// pieces is what a row says of its kind of movement.
func (r movedRow) pieces(field string) int {
	if r.line.Kind == presage.MoveCount {
		return pieces(r.Fields, field, 0)
	}
	if r.line.Kind == presage.MoveCorrection {
		n := pieces(r.Fields, field, -mostPieces)
		if r.Says(field) && n == 0 || r.line.Why == "" {
			r.Bad(field, "want a number that is not 0 and, as note, the reason of the correction")
		}
		return n
	}
	if !r.Says("kind") {
		r.Bad("kind", "it is missing: want count, correction, return, supplier_return or scrap")
	}
	return pieces(r.Fields, field, 1)
}

// addMove puts a row into the act of its own key, or into that of the file.
func (x *taking) addMove(r movedRow, key string) {
	i := -1
	if key != "" {
		key = "import " + x.wish.Source + " " + key
	} else {
		key, i = cmp.Or(x.wish.Key, x.ownKey), x.common
		if i < 0 {
			x.common = len(x.batch.Moves)
		}
	}
	if i < 0 {
		i = len(x.batch.Moves)
		act := presage.StockAct{Key: key, By: x.wish.By, Why: r.line.Why, At: x.batch.Now}
		x.batch.Moves, x.moved = append(x.batch.Moves, presage.ImportedMoves{StockAct: act}), append(x.moved, nil)
	}
	act := &x.batch.Moves[i]
	if r.line.Why == act.Why {
		r.line.Why = ""
	}
	act.Lines, x.moved[i] = append(act.Lines, r.line), append(x.moved[i], r)
}

// markOf tells two uses of the key of an act apart, whoever sends it.
func markOf(act presage.StockAct) string {
	act.Key, act.By, act.At = "", "", time.Time{}
	return digest(act)
}

// happened is when what a row says did; zero for now.
func (x *taking) happened(f *records.Fields) time.Time {
	at, now := f.When("at"), x.batch.Now
	if at.After(now.Add(ahead)) || !at.IsZero() && at.Before(now.AddDate(0, 0, -mostBack)) {
		f.Bad("at", "%s: want a time that is past, by a year at the most", at.Format(time.RFC3339))
	}
	return at
}

// knownDepot is a depot that a row refers to.
func (x *taking) knownDepot(f *records.Fields) string {
	id := x.ours(f, "depot", presage.KindDepot)
	if !slices.ContainsFunc(x.depots, func(d presage.Depot) bool { return d.ID == id }) {
		f.Bad("depot", "%q is not a depot", id)
	}
	return id
}

// pieces is a number of them that a row has to give.
func pieces(f *records.Fields, field string, least int) int {
	n := f.Whole(field, least, mostPieces)
	if !f.Says(field) {
		f.Bad(field, "it is missing: want a whole number")
	}
	return n
}

// tell reports what became of receipts and movements.
func (x *taking) tell(done presage.SupplyDone) {
	for i, r := range x.received {
		was, is := done.Before[i], done.Received[i]
		x.tellRow(r, is.ID, []cell{{"received", came(was)}}, []cell{{"received", came(is)}})
	}
	for i, rows := range x.moved {
		for j, r := range rows {
			cells := func(onHand int, bin string) []cell {
				return []cell{{"on_hand", strconv.Itoa(onHand)}, {"bin", bin}}
			}
			was, is := cells(0, r.was), cells(0, r.was)
			if done.OnHand[i] != nil {
				n := done.OnHand[i][j]
				was, is = cells(n, r.was), cells(n+r.line.Change(n), r.was)
			}
			if r.bin != "" {
				is[1].text = r.bin
			}
			x.tellRow(r.Fields, r.line.DepotID+" "+r.line.Part, was, is)
		}
	}
}

// came is how many pieces of an order did.
func came(o presage.Order) string {
	n := 0
	for _, l := range o.Lines {
		n += l.Received
	}
	return strconv.Itoa(n)
}
