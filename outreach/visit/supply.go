package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Supply is when the parts of a visit can be at the workshop.
type Supply struct {
	depotID string
	at      map[string]time.Time // by part number
	// missing are pieces that are neither on the shelf nor on order: they are
	// ordered when the visit is booked.
	missing []presage.PartQuantity
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
	x := Supply{depotID: depotID, at: make(map[string]time.Time, len(parts))}
	if len(parts) == 0 {
		return x, nil
	}
	stock, err := a.Store.StockOf(ctx, depotID)
	if err != nil {
		return x, fmt.Errorf("stock of depot %s: %w", depotID, err)
	}
	for _, p := range parts {
		shelf := presage.Stock{}
		if i := slices.IndexFunc(stock, func(st presage.Stock) bool { return st.Part == p.Part }); i >= 0 {
			shelf = stock[i]
		}
		free := shelf.OnHand - shelf.Reserved
		if free >= p.Quantity {
			x.at[p.Part] = now
			continue
		}
		at, ordered, err := a.arrival(ctx, depotID, p, free, now)
		if err != nil {
			return x, err
		}
		x.at[p.Part] = at
		if lack := p.Quantity - free - max(ordered, shelf.OnOrder); lack > 0 {
			x.missing = append(x.missing, presage.PartQuantity{Part: p.Part, Quantity: lack})
		}
	}
	return x, nil
}

// arrival is when the open orders make up what is missing, else now and the
// lead time; ordered is the pieces on open orders.
func (a *Agenda) arrival(ctx context.Context, depotID string, p presage.PartQuantity, free int, now time.Time,
) (at time.Time, ordered int, err error) {
	orders, err := a.Store.OpenOrders(ctx, depotID, p.Part)
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("orders of part %s: %w", p.Part, err)
	}
	slices.SortFunc(orders, func(a, b presage.PurchaseOrder) int { return a.ExpectedAt.Compare(b.ExpectedAt) })
	for _, o := range orders {
		ordered += o.Quantity
		if at.IsZero() && free+ordered >= p.Quantity {
			at = casework.Later(o.ExpectedAt, now)
		}
	}
	if at.IsZero() {
		part, err := a.Catalogue.Part(p.Part)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return at, ordered, err
		}
		at = now.AddDate(0, 0, part.LeadTimeDays)
	}
	return at, ordered, nil
}
