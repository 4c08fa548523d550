package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/rules"
)

// What is shown to be edited says the same as what is stored, names that look
// like numbers too.
func TestTextSaysTheSame(t *testing.T) {
	t.Parallel()
	d := rules.DefaultDocument()
	d.HoldOut.Experiment, d.Pilot.Workshops = "2026", []string{"w: 1", "true", "# 3"}
	d.Quiet.Holidays.Add = []string{"CN 2026-12-25", "DE 2026-12-24/2026-12-26"}
	raw, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	text, err := rules.NewBook(rules.Default(), nil, nil).Text(presage.Policy{Document: raw})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text, "format: 1\ncosts:\n  visit:\n") {
		t.Errorf("not in the order of its fields, or not in lines of their own:\n%s", text)
	}
	again, err := rules.Read([]byte(text))
	if diff := cmp.Diff(d, again); err != nil || diff != "" {
		t.Errorf("%v\n%s\n%s", err, diff, text)
	}
}
