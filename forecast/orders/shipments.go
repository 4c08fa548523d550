package orders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// ShipmentStore keeps transfers between depots; sqlstore provides it. Acts are known by key
// and digest as those of orders are.
type ShipmentStore interface {
	PutShipments(ctx context.Context, act presage.OrderAct, digest string, xs []presage.Shipment,
	) ([]presage.Shipment, error)
	// ShippedBefore is what PutShipments made of an act, if it was done already.
	ShippedBefore(ctx context.Context, key, digest string) ([]presage.Shipment, bool, error)
	// ActShipment does presage.Shipment.After and moves the stock of both depots.
	ActShipment(ctx context.Context, act presage.ShipmentAct, digest string, now time.Time) (presage.Shipment, error)
	// Shipment is one, or ErrNotFound.
	Shipment(ctx context.Context, id string) (presage.Shipment, error)
	Shipments(ctx context.Context, f presage.ShipmentFilter) ([]presage.Shipment, error)
}

// usualWay is how long a transfer takes between depots where nobody named a day.
const usualWay = 2 // days

const actTransfer presage.OrderActKind = "transfer"

// DraftShipment proposes a transfer. ErrInvalid names every field that is wrong.
func (b *Book) DraftShipment(ctx context.Context, d presage.ShipmentDraft) (presage.Shipment, error) {
	depots, err := b.Depots(ctx)
	if err != nil {
		return presage.Shipment{}, err
	}
	if err := errors.Join(b.checkShipment(d, depots)...); err != nil {
		return presage.Shipment{}, err
	}
	now := b.moment()
	x := presage.Shipment{
		ID: "tr-" + strings.TrimPrefix(newID(), "po-"), From: d.From, To: d.To, State: presage.ShipmentProposed, By: d.By,
		Note: d.Note, CreatedAt: now, UpdatedAt: now,
	}
	for i, l := range d.Lines {
		x.Lines = append(x.Lines, presage.ShipmentLine{Line: i + 1, Part: l.Part, Quantity: l.Pieces})
	}
	act := presage.OrderAct{Key: keyOr(d.Key), Kind: actTransfer, By: d.By, Note: d.Note, At: now}
	kept, err := b.Store.PutShipments(ctx, act, digest(d), []presage.Shipment{x})
	if err != nil {
		return presage.Shipment{}, err
	}
	return kept[0], nil
}

// AdvisedShipments proposes all transfers that the reorder list advises, one shipment for each
// two depots. What is proposed already the list advises no more. ErrConflict where it advises none.
func (b *Book) AdvisedShipments(ctx context.Context, key, by string) ([]presage.Shipment, error) {
	var f faults
	f.text("key", key, mostKey)
	f.who(by)
	if len(f) > 0 {
		return nil, errors.Join(f...)
	}
	mark := digest("advised by " + by)
	if xs, done, err := b.Store.ShippedBefore(ctx, key, mark); err != nil || done {
		return xs, err // by now the list does not advise them any more
	}
	list, err := b.Advice.PlanRows(ctx, presage.ForecastFilter{Level: presage.LevelDepot}, giving)
	if err != nil {
		return nil, err
	}
	now := b.moment()
	var xs []presage.Shipment
	for _, p := range list {
		for _, t := range p.Advice.Transfers {
			if t.From != p.DepotID { // it stands at both depots
				continue
			}
			i := slices.IndexFunc(xs, func(x presage.Shipment) bool { return x.From == t.From && x.To == t.To })
			if i < 0 {
				i = len(xs)
				xs = append(xs, presage.Shipment{
					ID: "tr-" + strings.TrimPrefix(newID(), "po-"), From: t.From, To: t.To, State: presage.ShipmentProposed, By: by,
					CreatedAt: now, UpdatedAt: now,
				})
			}
			xs[i].Lines = append(xs[i].Lines, presage.ShipmentLine{
				Line: len(xs[i].Lines) + 1, Part: p.Part, Quantity: t.Pieces,
			})
		}
	}
	if len(xs) == 0 {
		return nil, fmt.Errorf("lines: %w: the reorder list advises no transfer", presage.ErrConflict)
	}
	act := presage.OrderAct{Key: keyOr(key), Kind: actTransfer, By: by, At: now}
	return b.Store.PutShipments(ctx, act, mark, xs)
}

// giving are the lines of depots that give something away.
func giving(lines []presage.PartForecast) []presage.PartForecast {
	return slices.DeleteFunc(lines, func(f presage.PartForecast) bool {
		return !slices.ContainsFunc(f.Advice.Transfers, func(t presage.Transfer) bool { return t.From == f.DepotID })
	})
}

// ActShipment does something to a transfer. ErrNotFound, ErrInvalid and ErrConflict as
// presage.Shipment.After says; ErrConflict too where the pieces picked are promised to visits.
func (b *Book) ActShipment(ctx context.Context, act presage.ShipmentAct) (presage.Shipment, error) {
	now := b.moment()
	if err := errors.Join(checkShipmentAct(act, now)...); err != nil {
		return presage.Shipment{}, err
	}
	mark := digest(act)
	act.Key, act.At = keyOr(act.Key), or(act.At, now)
	if act.Kind == presage.ShipPick {
		act.ExpectedAt = or(act.ExpectedAt, act.At.AddDate(0, 0, usualWay))
	}
	x, err := b.Store.ActShipment(ctx, act, mark, now)
	if err == nil {
		b.Replan()
	}
	return x, err
}

func (b *Book) checkShipment(d presage.ShipmentDraft, depots []presage.Depot) []error {
	var f faults
	f.text("key", d.Key, mostKey)
	f.depot("from", d.From, depots)
	f.depot("to", d.To, depots)
	f.want(d.From != d.To, "to", "%q gives; want another depot", d.To)
	f.who(d.By)
	f.text("note", d.Note, mostNote)
	f.lines("lines", len(d.Lines), 1)
	for i, l := range d.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		_, err := b.Catalogue.Part(l.Part)
		f.want(err == nil, at+"part", "%q is not in the catalogue of parts", l.Part)
		f.pieces(at+"pieces", i+1, l.Pieces, 1)
		f.want(!slices.ContainsFunc(d.Lines[:i], func(o presage.OrderDraftLine) bool { return o.Part == l.Part }), at+"part",
			"part %q is named twice", l.Part)
	}
	return f
}

func checkShipmentAct(act presage.ShipmentAct, now time.Time) []error {
	var f faults
	f.act(act.Key, act.By, act.Note, act.At, now)
	f.expected("expected_at", 0, act.ExpectedAt, now)
	f.lines("lines", len(act.Lines), 0)
	kinds := []presage.ShipmentActKind{presage.ShipPick, presage.ShipSend, presage.ShipReceive, presage.ShipBack}
	f.want(slices.Contains(kinds, act.Kind), "kind", "%q: want one of %v", act.Kind, kinds)
	return f
}
