package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/outreach/rules"
)

// The whole policy of docs/operations.md is the default one.
func TestOperationsShowTheDefaults(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\nformat: 1\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("docs/operations.md shows no policy")
	}
	got, err := rules.Read([]byte("format: 1\n" + example))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rules.DefaultDocument(), got); diff != "" {
		t.Errorf("(-default +documented):\n%s", diff)
	}
}
