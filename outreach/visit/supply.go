package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// Supply is when the parts of a visit can be at the workshop.
type Supply struct {
	at map[string]time.Time // by part number
}

// Ready is when the last of the parts is there, not before now.
func (x Supply) Ready(now time.Time) time.Time {
	t := now
	for _, at := range x.at {
		t = casework.Later(t, at)
	}
	return t
}

// SupplyOf looks each part up: at once when enough lies on the shelf
// unpromised, else with the open orders, else after the part's lead time.
func (a *Agenda) SupplyOf(ctx context.Context, depotID string, parts []presage.PartQuantity, now time.Time,
) (Supply, error) {
	return a.supply(ctx, depotID, Plan{Needs: booking.Needs{Parts: parts}}, now)
}

// SupplyFor is SupplyOf for the visit of a file; what it holds already is free for it.
func (a *Agenda) SupplyFor(ctx context.Context, f CaseFile, now time.Time) (Supply, error) {
	return a.supply(ctx, f.Workshop.DepotID, f.Plan, now)
}

// supply is SupplyOf for a plan; the parts of the visit that it is instead of are free for it.
func (a *Agenda) supply(ctx context.Context, depotID string, v Plan, now time.Time) (Supply, error) {
	x := Supply{at: make(map[string]time.Time, len(v.Parts))}
	if len(v.Parts) == 0 {
		return x, nil
	}
	stock, err := a.Store.StockOf(ctx, depotID)
	if err != nil {
		return x, fmt.Errorf("stock of depot %s: %w", depotID, err)
	}
	for _, p := range v.Parts {
		shelf := presage.Stock{}
		if i := slices.IndexFunc(stock, func(st presage.Stock) bool { return st.Part == p.Part }); i >= 0 {
			shelf = stock[i]
		}
		free := shelf.OnHand - shelf.Reserved + v.freed(p.Part) - v.kept[p.Part]
		if free >= p.Quantity {
			x.at[p.Part] = now
			continue
		}
		if x.at[p.Part], err = a.arrival(ctx, depotID, p, free, now); err != nil {
			return x, err
		}
	}
	return x, nil
}

// freed is how many pieces the visit gives back that the plan is instead of.
func (v Plan) freed(part string) int {
	n := 0
	if v.Instead != nil {
		for _, p := range v.Instead.Parts {
			if p.Part == part {
				n += p.Quantity
			}
		}
	}
	return n
}

// arrival is when the open orders make up what is missing, else an order of now.
func (a *Agenda) arrival(ctx context.Context, depotID string, p presage.PartQuantity, free int, now time.Time,
) (at time.Time, err error) {
	orders, err := a.Store.OpenOrders(ctx, depotID, p.Part)
	if err != nil {
		return time.Time{}, fmt.Errorf("orders of part %s: %w", p.Part, err)
	}
	slices.SortFunc(orders, func(a, b presage.PurchaseOrder) int { return a.Arrives(now).Compare(b.Arrives(now)) })
	ordered := 0
	for _, o := range orders {
		ordered += o.Quantity
		if at.IsZero() && free+ordered >= p.Quantity {
			at = casework.Later(o.Arrives(now), now)
		}
	}
	if at.IsZero() {
		from, err := a.Store.Sourcing(ctx)
		if err != nil {
			return at, fmt.Errorf("who sells part %s: %w", p.Part, err)
		}
		at = from.Replenish(a.Catalogue, p.Part, now).Arrives
	}
	return at, nil
}
