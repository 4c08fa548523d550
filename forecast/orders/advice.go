package orders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"presage"
)

// FromAdvice makes orders of the reorder list, or of the rows picked from it, one for
// each depot and supplier. What was ordered since the list was made is taken off what it advises.
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
	lines, err := picked(d, list)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, presage.Refuse(fmt.Errorf("lines: %w: the reorder list has nothing to order", presage.ErrConflict),
			presage.WhyNothingToOrder)
	}
	from, err := b.Store.Sourcing(ctx)
	if err != nil {
		return nil, err
	}
	now := b.moment()
	wish := presage.OrderWish{Orders: bySupplier(d, lines, from, now)}
	wish.Decisions = b.decisions(d, lines, now)
	act := presage.OrderAct{Key: keyOr(d.Key), Kind: actAdvice, By: d.By, Note: d.Note, At: now}
	kept, err := b.Store.PutOrders(ctx, act, mark, wish)
	if err == nil {
		b.Replan()
	}
	return kept, err
}

// Decide is FromAdvice of rows that are accepted or overridden: who does otherwise than is
// advised says why. Rows of None are kept as decisions without an order.
func (b *Book) Decide(ctx context.Context, d presage.AdviceDraft) ([]presage.Order, error) {
	if len(d.Picks) == 0 {
		return nil, presage.Refuse(fmt.Errorf("lines: %w: want at least one row of the reorder list", presage.ErrInvalid),
			presage.WhyNothingChosen)
	}
	d.Reasons = true
	return b.FromAdvice(ctx, d)
}

// decisions are what a planner decided about each row, whoever its pieces come from.
func (b *Book) decisions(d presage.AdviceDraft, lines []advised, now time.Time) (out []presage.AdviceDecision) {
	var rows []advised
	for _, l := range lines {
		i := slices.IndexFunc(rows, func(r advised) bool { return r.Part == l.Part && r.DepotID == l.DepotID })
		if i < 0 {
			rows = append(rows, l)
			continue
		}
		rows[i].pieces += l.pieces
	}
	for _, row := range rows {
		out = append(out, b.decision(d, row, now))
	}
	return out
}

// decision is what a planner decided about a row, to be measured when its days are over.
func (b *Book) decision(d presage.AdviceDraft, l advised, now time.Time) presage.AdviceDecision {
	x := presage.AdviceDecision{
		Part: l.Part, DepotID: l.DepotID, Verdict: presage.VerdictAccept, Advised: l.OrderNow, Chosen: l.pieces,
		Position: l.Advice.Position + l.Advice.Proposed, SpanDays: int(math.Ceil(l.Advice.LeadTimeDays)) + 1,
		By: d.By, Why: d.Note, At: now,
	}
	if l.overrides() {
		x.Verdict = presage.VerdictOverride
	}
	if part, err := b.Catalogue.Part(l.Part); err == nil {
		x.UnitPrice = part.Cost
	}
	return x
}

// advised is a row of the reorder list that is ordered.
type advised struct {
	presage.PartForecast
	pieces   int
	supplier string
}

func (a advised) overrides() bool { return a.pieces != a.OrderNow }

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

// picked finds what a draft orders in the list, in the order of depots and suppliers.
func picked(d presage.AdviceDraft, list []presage.PartForecast) ([]advised, error) {
	out, faults := chosen(d, list)
	if d.Reasons && strings.TrimSpace(d.Note) == "" && slices.ContainsFunc(out, advised.overrides) {
		faults = append(faults, presage.Refuse(fmt.Errorf("why: %w: want the reason of a quantity that is not the "+
			"advised one", presage.ErrInvalid), presage.WhyOverrideWhy))
	}
	slices.SortStableFunc(out, func(x, y advised) int {
		return cmp.Or(strings.Compare(x.DepotID, y.DepotID), strings.Compare(x.supplier, y.supplier))
	})
	return out, errors.Join(faults...)
}

// chosen are the rows of the list that a draft names, or those with something to order.
func chosen(d presage.AdviceDraft, list []presage.PartForecast) (out []advised, faults []error) {
	if len(d.Picks) == 0 {
		for _, f := range list {
			if f.OrderNow > 0 {
				out = append(out, advised{f, f.OrderNow, f.Advice.Supplier})
			}
		}
	}
	for i, p := range d.Picks {
		row, err := pickedRow(i, p, list)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out = append(out, row)
	}
	return out, faults
}

// pickedRow is a row of the list as it was picked, the one of number i.
func pickedRow(i int, p presage.AdvicePick, list []presage.PartForecast) (advised, error) {
	at := slices.IndexFunc(list, func(f presage.PartForecast) bool { return f.Part == p.Part && f.DepotID == p.DepotID })
	if at < 0 {
		return advised{}, presage.Refuse(fmt.Errorf("lines[%d].part: %w: %q is not planned at depot %q; "+
			"GET /v1/parts/reorder?all=true lists what is", i, presage.ErrInvalid, p.Part, p.DepotID),
			presage.WhyNotPlanned, "part", p.Part, "depot", p.DepotID)
	}
	row := advised{list[at], p.Pieces, cmp.Or(p.Supplier, list[at].Advice.Supplier)}
	switch {
	case !sells(row.Advice, p.Supplier):
		return row, fmt.Errorf("lines[%d].supplier: %w: %.64q is not a supplier of part %s",
			i, presage.ErrInvalid, p.Supplier, p.Part)
	case p.None:
		row.pieces = 0
	case p.Pieces == 0 && row.OrderNow > 0:
		row.pieces = row.OrderNow
	case p.Pieces == 0:
		return row, presage.Refuse(fmt.Errorf("lines[%d].pieces: %w: nothing is advised of part %s at "+
			"depot %s now; say how many", i, presage.ErrInvalid, p.Part, p.DepotID),
			presage.WhyNothingToOrder, "part", p.Part, "depot", p.DepotID)
	}
	return row, nil
}

// sells tells whether the supplier, "" for the advised one, sells the part.
func sells(a presage.ReorderAdvice, supplier string) bool {
	return supplier == "" || supplier == a.Supplier ||
		slices.ContainsFunc(a.Sources, func(s presage.SourceAdvice) bool { return s.Supplier == supplier })
}

// bySupplier makes an order of the lines of each depot and supplier, promised for the lead times
// of the list.
func bySupplier(d presage.AdviceDraft, lines []advised, from presage.Sourcing, now time.Time) []presage.Order {
	var os []presage.Order
	for _, l := range lines {
		if l.pieces == 0 {
			continue
		}
		supplier := l.supplier
		if n := len(os); n == 0 || os[n-1].DepotID != l.DepotID || os[n-1].Supplier != supplier {
			os = append(os, presage.Order{
				ID: newID(), DepotID: l.DepotID, Supplier: supplier, By: d.By, Note: d.Note, CreatedAt: now, UpdatedAt: now,
			})
		}
		o := &os[len(os)-1]
		o.Lines = append(o.Lines, line(len(o.Lines)+1, presage.OrderDraftLine{
			Part: l.Part, Pieces: l.pieces, ExpectedAt: l.Advice.Arrives(supplier, from.Dispatch(supplier, now)),
		}, d.Place, now))
	}
	for i := range os {
		os[i].Settle()
	}
	return os
}
