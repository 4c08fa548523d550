package orders

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"presage"
)

// Store keeps orders and the ledger; sqlstore provides it. An act of a known key and
// digest is not done again, one of a known key and another digest is an ErrConflict.
type Store interface {
	// PutOrders keeps the orders that an act made, with what was decided about the advice, or
	// returns those that it made before.
	PutOrders(ctx context.Context, act presage.OrderAct, digest string, w presage.OrderWish) ([]presage.Order, error)
	// ActedBefore is what PutOrders made of an act, if it was done already.
	ActedBefore(ctx context.Context, key, digest string) ([]presage.Order, bool, error)
	// Sourcing is who sells which parts and when, as planners have said last.
	Sourcing(ctx context.Context) (presage.Sourcing, error)
	// ActOrder does presage.Order.After and moves the stock.
	ActOrder(ctx context.Context, act presage.OrderAct, digest string, now time.Time) (presage.Order, error)
	MoveStock(ctx context.Context, act presage.StockAct, digest string, now time.Time) ([]presage.StockMovement, error)
	ShipmentStore
	SupplyStore
	Reads
}

// Reads is what can be looked up; the Book hands it through.
type Reads interface {
	// Order is one, or ErrNotFound.
	Order(ctx context.Context, id string) (presage.Order, error)
	Orders(ctx context.Context, f presage.OrderFilter) ([]presage.Order, error)
	// OrderActs is what was done to an order, the oldest first.
	OrderActs(ctx context.Context, id string) ([]presage.OrderAct, error)
	StockMovements(ctx context.Context, f presage.MovementFilter) ([]presage.StockMovement, error)
	Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error)
	Depots(ctx context.Context) ([]presage.Depot, error)
}

// Advice is the reorder list.
type Advice interface {
	// PlanRows reads what pick chooses among the lines of the plan.
	PlanRows(ctx context.Context, f presage.ForecastFilter, pick func(lines []presage.PartForecast) []presage.PartForecast,
	) ([]presage.PartForecast, error)
}

// Book is safe for concurrent use.
type Book struct {
	Reads
	Shipping
	Deps
}

// Shipping is what can be looked up of transfers.
type Shipping interface {
	Shipment(ctx context.Context, id string) (presage.Shipment, error)
	Shipments(ctx context.Context, f presage.ShipmentFilter) ([]presage.Shipment, error)
}

// Deps is what a Book needs, all of it required.
type Deps struct {
	Store     Store
	Advice    Advice
	Catalogue *presage.Catalogue
	Now       func() time.Time
	Replan    func() // asks for a new plan soon
	Fresh     func() // lets the catalogue read the parts master again
}

// New makes a Book.
func New(d Deps) *Book { return &Book{Reads: d.Store, Shipping: d.Store, Deps: d} }

// The acts that make orders, beside those of presage.OrderActKind.
const (
	actCreate presage.OrderActKind = "create"
	actAdvice presage.OrderActKind = "advice"
)

// Draft makes an order, placed at once if the draft says so. ErrInvalid names every
// field that is wrong.
func (b *Book) Draft(ctx context.Context, d presage.OrderDraft) (presage.Order, error) {
	depots, err := b.Depots(ctx)
	if err != nil {
		return presage.Order{}, err
	}
	if err := errors.Join(b.checkDraft(d, depots)...); err != nil {
		return presage.Order{}, err
	}
	from, err := b.Store.Sourcing(ctx)
	if err != nil {
		return presage.Order{}, err
	}
	now := b.moment()
	o := presage.Order{
		ID: newID(), ExternalID: d.ExternalID, DepotID: d.DepotID, Supplier: d.Supplier, By: d.By, Note: d.Note,
		CreatedAt: now, UpdatedAt: now,
	}
	for i, l := range d.Lines {
		if d.Place && l.ExpectedAt.IsZero() {
			l.ExpectedAt = b.arrives(from, d.Supplier, l.Part, now)
		}
		o.Lines = append(o.Lines, line(i+1, l, d.Place, now))
	}
	o.Settle()
	act := presage.OrderAct{Key: keyOr(d.Key), Kind: actCreate, By: d.By, Note: d.Note, At: now}
	kept, err := b.Store.PutOrders(ctx, act, digest(d), presage.OrderWish{Orders: []presage.Order{o}})
	if err != nil {
		return presage.Order{}, err
	}
	b.Replan()
	return kept[0], nil
}

// line is a line of a new order.
func line(n int, l presage.OrderDraftLine, place bool, now time.Time) presage.OrderLine {
	line := presage.OrderLine{Line: n, Part: l.Part, Quantity: l.Pieces, ExpectedAt: l.ExpectedAt}
	if place {
		line.PlacedAt, line.PromisedAt = now, line.ExpectedAt
	}
	return line
}

// usualLead is the lead time of a part that the catalogue gives none.
const usualLead = 14

// arrives is when a part is promised that is ordered at a time from who is said, "" for who
// sells it: after the lead time of the part, from when that supplier dispatches.
func (b *Book) arrives(from presage.Sourcing, said, part string, at time.Time) time.Time {
	row, err := b.Catalogue.Part(part)
	if err != nil {
		row = presage.Part{Number: part}
	}
	return from.Arrives(row, said, at, usualLead)
}

// Act does something to an order. ErrNotFound, ErrInvalid and ErrConflict as
// presage.Order.After says.
func (b *Book) Act(ctx context.Context, act presage.OrderAct) (presage.Order, error) {
	now := b.moment()
	if err := errors.Join(checkAct(act, now)...); err != nil {
		return presage.Order{}, err
	}
	mark := digest(act)
	act.Key, act.At = keyOr(act.Key), or(act.At, now)
	if act.Kind == presage.ActPlace {
		o, err := b.Order(ctx, act.OrderID)
		if err != nil {
			return o, err
		}
		from, err := b.Store.Sourcing(ctx)
		if err != nil {
			return o, err
		}
		act.Lines = b.promised(o, act, from)
	}
	o, err := b.Store.ActOrder(ctx, act, mark, now)
	if err == nil {
		b.Replan()
	}
	return o, err
}

// promised gives each line to be placed a day. What is wrong with the lines, and whether the
// act was done before, the store says.
func (b *Book) promised(o presage.Order, act presage.OrderAct, from presage.Sourcing) []presage.OrderActLine {
	lines, err := o.Meant(act)
	if err != nil {
		return act.Lines
	}
	for i, x := range lines {
		lines[i].ExpectedAt = or(x.ExpectedAt, b.arrives(from, o.Supplier, o.Lines[x.Line-1].Part, act.At))
	}
	return lines
}

// Move writes what somebody did at the shelves. ErrInvalid names every field that is wrong.
func (b *Book) Move(ctx context.Context, act presage.StockAct) ([]presage.StockMovement, error) {
	depots, err := b.Depots(ctx)
	if err != nil {
		return nil, err
	}
	now := b.moment()
	if err := errors.Join(b.checkMove(act, depots, now)...); err != nil {
		return nil, err
	}
	mark := digest(act)
	act.Key, act.At = keyOr(act.Key), or(act.At, now)
	moves, err := b.Store.MoveStock(ctx, act, mark, now)
	if err == nil {
		b.Replan()
	}
	return moves, err
}

// moment is now as a store can keep it: a repeat answers with the same.
func (b *Book) moment() time.Time { return b.Now().UTC().Truncate(time.Microsecond) }

func or(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t.UTC()
}

// newID is the number of a new order: short enough to be said on the telephone.
func newID() string { return "po-" + strings.ToLower(rand.Text()[:10]) }

// keyOr is a key, or one that nobody else has.
func keyOr(key string) string {
	if key == "" {
		return "own-" + rand.Text()
	}
	return key
}

// digest tells two acts of one key apart.
func digest(act any) string {
	text, err := json.Marshal(act)
	if err != nil {
		panic(err) // plain structs are always written
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
