package orders

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// Store keeps orders and the ledger; sqlstore provides it. An act of a known key and
// digest is not done again, one of a known key and another digest is an ErrConflict.
type Store interface {
	// PutOrders keeps the orders that an act made, or returns those that it made before.
	PutOrders(ctx context.Context, act presage.OrderAct, digest string, os []presage.Order) ([]presage.Order, error)
	// ActedBefore is what PutOrders made of an act, if it was done already.
	ActedBefore(ctx context.Context, key, digest string) ([]presage.Order, bool, error)
	// ActOrder does presage.Order.After and moves the stock.
	ActOrder(ctx context.Context, act presage.OrderAct, digest string, now time.Time) (presage.Order, error)
	MoveStock(ctx context.Context, act presage.StockAct, digest string, now time.Time) ([]presage.StockMovement, error)
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
	Deps
}

// Deps is what a Book needs, all of it required.
type Deps struct {
	Store     Store
	Advice    Advice
	Catalogue *presage.Catalogue
	Now       func() time.Time
	Replan    func() // asks for a new plan soon
}

// New makes a Book.
func New(d Deps) *Book { return &Book{Reads: d.Store, Deps: d} }

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
	now := b.moment()
	o := presage.Order{
		ID: newID(), ExternalID: d.ExternalID, DepotID: d.DepotID, Supplier: d.Supplier, By: d.By, Note: d.Note,
		CreatedAt: now, UpdatedAt: now,
	}
	for i, l := range d.Lines {
		o.Lines = append(o.Lines, b.line(i+1, l, d.Place, now))
	}
	o.Settle()
	act := presage.OrderAct{Key: keyOr(d.Key), Kind: actCreate, By: d.By, Note: d.Note, At: now}
	kept, err := b.Store.PutOrders(ctx, act, digest(d), []presage.Order{o})
	if err != nil {
		return presage.Order{}, err
	}
	b.Replan()
	return kept[0], nil
}

// line is a line of a new order; one that is placed is promised for the part's lead time
// where nobody named a day.
func (b *Book) line(n int, l presage.OrderDraftLine, place bool, now time.Time) presage.OrderLine {
	line := presage.OrderLine{Line: n, Part: l.Part, Quantity: l.Pieces, ExpectedAt: l.ExpectedAt}
	if place {
		if line.ExpectedAt.IsZero() {
			line.ExpectedAt = b.leadTime(l.Part, now)
		}
		line.PlacedAt, line.PromisedAt = now, line.ExpectedAt
	}
	return line
}

// usualLead is the lead time of a part that the catalogue gives none.
const usualLead = 14

func (b *Book) leadTime(part string, now time.Time) time.Time {
	days := usualLead
	if p, err := b.Catalogue.Part(part); err == nil && p.LeadTimeDays > 0 {
		days = p.LeadTimeDays
	}
	return now.AddDate(0, 0, days)
}

// FromAdvice makes orders of the reorder list, or of the rows picked from it, one for
// each depot. What was ordered since the list was made is taken off what it advises.
func (b *Book) FromAdvice(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error) {
	if err := errors.Join(checkAdvice(d)...); err != nil {
		return nil, err
	}
	mark := digest(d)
	if os, done, err := b.Store.ActedBefore(ctx, d.Key, mark); err != nil || done {
		return os, err // by now the list may not advise it any more
	}
	filter := presage.ForecastFilter{Level: presage.LevelDepot}
	if len(d.Picks) == 0 {
		filter.DepotID = d.DepotID
	}
	list, err := b.Advice.PlanRows(ctx, filter, wanted(d))
	if err != nil {
		return nil, err
	}
	lines, faults := picked(d, list)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("lines: %w: the reorder list has nothing to order", presage.ErrConflict)
	}
	now := b.moment()
	os := b.byDepot(d, lines, now)
	act := presage.OrderAct{Key: keyOr(d.Key), Kind: actAdvice, By: d.By, Note: d.Note, At: now}
	kept, err := b.Store.PutOrders(ctx, act, mark, os)
	if err == nil {
		b.Replan()
	}
	return kept, err
}

// advised is a row of the reorder list that is ordered.
type advised struct {
	presage.PartForecast
	pieces int
}

// wanted chooses the lines that a draft may order.
func wanted(d presage.AdviceDraft) func([]presage.PartForecast) []presage.PartForecast {
	picked := map[[2]string]bool{}
	for _, p := range d.Picks {
		picked[[2]string{p.Part, p.DepotID}] = true
	}
	return func(lines []presage.PartForecast) []presage.PartForecast {
		return slices.DeleteFunc(lines, func(f presage.PartForecast) bool {
			if len(d.Picks) == 0 {
				return f.OrderNow <= 0
			}
			return !picked[[2]string{f.Part, f.DepotID}]
		})
	}
}

// picked finds what a draft orders in the list, in the order of the depots.
func picked(d presage.AdviceDraft, list []presage.PartForecast) (out []advised, faults []error) {
	if len(d.Picks) == 0 {
		for _, f := range list {
			if f.OrderNow > 0 {
				out = append(out, advised{f, f.OrderNow})
			}
		}
	}
	for i, p := range d.Picks {
		at := slices.IndexFunc(list, func(f presage.PartForecast) bool { return f.Part == p.Part && f.DepotID == p.DepotID })
		switch {
		case at < 0:
			faults = append(faults, fmt.Errorf("lines[%d].part: %w: %q is not planned at depot %q; "+
				"GET /v1/parts/reorder?all=true lists what is",
				i, presage.ErrInvalid, p.Part, p.DepotID))
		case p.Pieces > 0:
			out = append(out, advised{list[at], p.Pieces})
		case list[at].OrderNow > 0:
			out = append(out, advised{list[at], list[at].OrderNow})
		default:
			faults = append(faults, fmt.Errorf("lines[%d].pieces: %w: nothing is advised of part %s at depot %s now; "+
				"say how many",
				i, presage.ErrInvalid, p.Part, p.DepotID))
		}
	}
	slices.SortStableFunc(out, func(x, y advised) int { return strings.Compare(x.DepotID, y.DepotID) })
	return out, faults
}

// byDepot makes an order of the lines of each depot, promised for the lead times of the list.
func (b *Book) byDepot(d presage.AdviceDraft, lines []advised, now time.Time) []presage.Order {
	var os []presage.Order
	for _, l := range lines {
		if len(os) == 0 || os[len(os)-1].DepotID != l.DepotID {
			os = append(os, presage.Order{
				ID: newID(), DepotID: l.DepotID, By: d.By, Note: d.Note, CreatedAt: now, UpdatedAt: now,
			})
		}
		o := &os[len(os)-1]
		x := presage.OrderDraftLine{Part: l.Part, Pieces: l.pieces}
		if l.Advice.LeadTimeDays > 0 {
			x.ExpectedAt = l.Advice.Arrives(now)
		}
		o.Lines = append(o.Lines, b.line(len(o.Lines)+1, x, d.Place, now))
	}
	for i := range os {
		os[i].Settle()
	}
	return os
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
		act.Lines = b.promised(o, act)
	}
	o, err := b.Store.ActOrder(ctx, act, mark, now)
	if err == nil {
		b.Replan()
	}
	return o, err
}

// promised gives each line to be placed a day. What is wrong with the lines, and whether the
// act was done before, the store says.
func (b *Book) promised(o presage.Order, act presage.OrderAct) []presage.OrderActLine {
	lines, err := o.Meant(act)
	if err != nil {
		return act.Lines
	}
	for i, x := range lines {
		lines[i].ExpectedAt = or(x.ExpectedAt, b.leadTime(o.Lines[x.Line-1].Part, act.At))
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
