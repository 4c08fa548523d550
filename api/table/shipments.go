package table

import (
	"io"
	"slices"
	"strconv"

	"presage"
	"presage/internal/cell"
)

// WriteShipments writes one line a line of a transfer, in the order given.
func WriteShipments(w io.Writer, xs []presage.Shipment) error {
	lines := [][]string{{
		"transfer", "from", "to", "state", "line", "part", "quantity", "picked", "received", "missing", "picked_at",
		"expected_at", "by", "note",
	}}
	for _, x := range xs {
		for _, l := range x.Lines {
			lines = append(lines, slices.Concat(
				[]string{cell.Text(x.ID), cell.Text(x.From), cell.Text(x.To), string(x.State)},
				[]string{strconv.Itoa(l.Line), cell.Text(l.Part)},
				whole(l.Quantity, l.Picked, l.Received, l.Missing),
				[]string{moment(x.PickedAt), moment(x.Expected), cell.Text(x.By), cell.Text(x.Note)},
			))
		}
	}
	return writeAll(w, "transfers", lines)
}
