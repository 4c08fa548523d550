package wording_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"presage/internal/wording"
)

// The list in the docs is that of the struct.
func TestVariablesAreDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/texts.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	for _, v := range wording.Variables() {
		fmt.Fprintf(&rows, "| `.%s` | %s |\n", v.Name, v.Doc)
	}
	_, list, _ := strings.Cut(string(raw), "|---|---|\n")
	if list != rows.String() {
		t.Errorf("docs/texts.md lists\n%s\nwant\n%s", list, rows.String())
	}
}
