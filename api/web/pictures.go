package web

import (
	_ "embed"
	"html/template"
	"strings"

	"presage"
)

//go:embed pictures.txt
var pictureFile string

// pictures makes a drawing of a component's family; every component has one.
func pictures() func(presage.ComponentID) template.HTML {
	type row struct{ prefix, shape string }
	var rows []row
	for line := range strings.Lines(pictureFile) {
		if prefix, shape, ok := strings.Cut(strings.TrimSpace(line), " "); ok && prefix != "#" {
			rows = append(rows, row{prefix, shape})
		}
	}
	return func(id presage.ComponentID) template.HTML {
		shape := rows[len(rows)-1].shape
		for _, x := range rows {
			if strings.HasPrefix(string(id), x.prefix) {
				shape = x.shape
				break
			}
		}
		return template.HTML( //nolint:gosec // an embedded file, nothing from outside
			`<svg class="picture" viewBox="0 0 64 64" aria-hidden="true" focusable="false">` + shape + `</svg>`)
	}
}
