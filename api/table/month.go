package table

import (
	"io"
	"slices"

	"presage"
	"presage/internal/cell"
)

// WriteMonth writes one line an exception, with a column for each cause of its change.
func WriteMonth(w io.Writer, rows []presage.PlanException) error {
	causes := []string{
		"predicted", "unpredicted", "history", "weight", "override", "lead_time", "safety", "used", "counted", "ordered",
		"late", "bookings",
	}
	head := []string{
		"part", "name_zh", "name_en", "depot", "class", "kind", "risk", "value", "at_stake", "currency", "lacking",
		"order_now", "proposed", "overdue", "excess", "change",
	}
	for _, c := range causes {
		head = append(head, "change_"+c)
	}
	lines := [][]string{append(head, "decision", "decision_pieces", "decision_by", "decision_why")}
	for _, e := range rows {
		line := slices.Concat(
			[]string{cell.Text(e.Part), cell.Text(e.Name.ZH), cell.Text(e.Name.EN), cell.Text(e.DepotID), e.Class, e.Kind},
			[]string{number(e.Risk), amount(e.Value), amount(e.AtStake), cell.Text(e.AtStake.Currency)},
			whole(e.Lacking, e.OrderNow, e.Proposed, e.Overdue, e.Excess), []string{number(e.Change)},
		)
		for _, c := range causes {
			i := slices.IndexFunc(e.Drivers, func(d presage.ChangeDriver) bool { return d.Name == c })
			if i < 0 {
				line = append(line, "0")
				continue
			}
			line = append(line, number(e.Drivers[i].Pieces))
		}
		decided := make([]string, 4)
		if d := e.Decision; d != nil {
			decided = []string{d.Verdict, whole(d.Chosen)[0], cell.Text(d.By), cell.Text(d.Why)}
		}
		lines = append(lines, append(line, decided...))
	}
	return writeAll(w, "plan month", lines)
}
