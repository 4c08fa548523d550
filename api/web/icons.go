package web

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed icons.txt
var iconFile string

// parseIcons makes whole svg elements of the embedded shapes, in the colour of the text.
func parseIcons() map[string]template.HTML {
	icons := map[string]template.HTML{}
	for line := range strings.Lines(iconFile) {
		name, shape, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || name == "#" {
			continue
		}
		icons[name] = template.HTML( //nolint:gosec // an embedded file, nothing from outside
			`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">` + shape + `</svg>`)
	}
	return icons
}
