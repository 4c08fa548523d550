package progress_test

import (
	"strings"
	"testing"

	"presage/cmd/presage/progress"
)

func TestALogGetsALineATenth(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	b := progress.New(&out, "living", "days", 40)
	for range 40 {
		b.Add(1)
	}
	b.Finish()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 9 || lines[0] != "living: 4 of 40 days" || lines[8] != "living: 36 of 40 days" {
		t.Errorf("%d lines:\n%s", len(lines), out.String())
	}
}

func TestWithoutATotalALogStaysSilent(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	b := progress.New(&out, "replaying", "rows", 0)
	b.Add(1000)
	b.Finish()
	if out.Len() > 0 {
		t.Errorf("printed %q", out.String())
	}
}
