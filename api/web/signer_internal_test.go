package web

import (
	"testing"

	"presage"
)

// A role is told in words, a person by the name as it is.
func TestNamed(t *testing.T) {
	t.Parallel()
	p := speak(t, presage.English)
	for name, want := range map[string]string{"manager": "Manager", "J. R. Li": "J. R. Li", "a_b": "a_b"} {
		if got := p.named("owner", name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}
