package table

import (
	"io"

	"presage"
	"presage/internal/cell"
)

// WriteSupply writes a list of planners' records, as an import reads it.
func WriteSupply(w io.Writer, t presage.SupplyTable) error {
	lines := [][]string{t.Names}
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for i, text := range row {
			line[i] = cell.Text(text)
		}
		lines = append(lines, line)
	}
	return writeAll(w, "planners' records", lines)
}
