package table

import (
	"io"
	"slices"

	"presage"
	"presage/internal/cell"
)

// WriteBudget writes one line a part at a depot: the plan's level beside the best for the money.
// Names come from the catalogue, empty where it lacks the part.
func WriteBudget(w io.Writer, cat *presage.Catalogue, rows []presage.BudgetLevel) error {
	lines := [][]string{{
		"part", "name_zh", "name_en", "depot", "region", "planned", "best", "more", "price", "value_change", "currency",
	}}
	for _, l := range rows {
		part, err := cat.Part(l.Part)
		if err != nil {
			part = presage.Part{} // it left the catalogue
		}
		lines = append(lines, slices.Concat(
			[]string{cell.Text(l.Part), cell.Text(part.Name.ZH), cell.Text(part.Name.EN), cell.Text(l.DepotID)},
			[]string{cell.Text(l.Region)}, whole(l.Planned, l.Pieces, l.Pieces-l.Planned),
			[]string{amount(l.Price), amount(l.Change()), cell.Text(l.Price.Currency)},
		))
	}
	return writeAll(w, "stock budget", lines)
}
