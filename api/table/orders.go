package table

import (
	"io"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/cell"
)

// WriteOrders writes one line a line of an order, in the order given.
func WriteOrders(w io.Writer, os []presage.Order) error {
	lines := [][]string{{
		"order", "external_id", "depot", "supplier", "state", "line", "part", "line_state", "quantity", "received",
		"cancelled",
		"open", "placed_at", "promised_at", "expected_at", "confirmed_at", "received_at", "by", "note",
	}}
	for _, o := range os {
		for _, l := range o.Lines {
			lines = append(lines, slices.Concat(
				[]string{cell.Text(o.ID), cell.Text(o.ExternalID), cell.Text(o.DepotID), cell.Text(o.Supplier), string(o.State)},
				[]string{strconv.Itoa(l.Line), cell.Text(l.Part), string(l.State)},
				whole(l.Quantity, l.Received, l.Cancelled, l.Open),
				[]string{moment(l.PlacedAt), moment(l.PromisedAt), moment(l.ExpectedAt)},
				[]string{moment(l.ConfirmedAt), moment(l.ReceivedAt)},
				[]string{cell.Text(o.By), cell.Text(o.Note)},
			))
		}
	}
	return writeAll(w, "orders", lines)
}

// WriteStock writes one line a part at a depot.
func WriteStock(w io.Writer, ss []presage.Stock) error {
	lines := [][]string{{"depot", "part", "on_hand", "reserved", "on_order", "bin"}}
	for _, s := range ss {
		lines = append(lines, slices.Concat([]string{cell.Text(s.DepotID), cell.Text(s.Part)},
			whole(s.OnHand, s.Reserved, s.OnOrder), []string{cell.Text(s.Bin)}))
	}
	return writeAll(w, "stock", lines)
}

// WriteMovements writes the ledger, a line a movement.
func WriteMovements(w io.Writer, ms []presage.StockMovement) error {
	lines := [][]string{{
		"depot", "part", "n", "kind", "pieces", "on_hand", "at", "recorded_at", "ref", "line", "by", "why",
	}}
	for _, m := range ms {
		lines = append(lines, slices.Concat(
			[]string{cell.Text(m.DepotID), cell.Text(m.Part), strconv.FormatInt(m.N, 10), string(m.Kind)},
			whole(m.Pieces, m.OnHand), []string{moment(m.At), moment(m.RecordedAt)},
			[]string{cell.Text(m.Ref), strconv.Itoa(m.Line), cell.Text(m.By), cell.Text(m.Why)},
		))
	}
	return writeAll(w, "stock movements", lines)
}

// moment is a time, or nothing.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
