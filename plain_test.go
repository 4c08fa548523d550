package presage_test

import (
	"errors"
	"strings"
	"testing"

	"presage"
)

func TestPlainText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "王伟", "Müller & Söhne (2)", "خدمة", "e\u0301", "👩‍🔧", strings.Repeat("车", 20)} {
		if err := presage.CheckPlain(s, 20); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range []string{
		"a\x00b", "a\nb", "a\rb", "a\tb", "a\x1bb", "a\x7fb", "a\u0085b", "a\u2028b", "a\u2029b", "a\u202eb", "a\u2066b",
		"\ufeffa", "a\xffb", strings.Repeat("车", 21),
	} {
		if err := presage.CheckPlain(s, 20); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q passes: %v", s, err)
		}
		if err := presage.CheckID(s); len(s) < 20 && !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("ID %q passes: %v", s, err)
		}
	}
	for _, s := range []string{"", " a", "a ", "a\u200bb", "a\u00adb", strings.Repeat("x", 65), "a\u3000"} {
		if err := presage.CheckID(s); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("ID %q passes: %v", s, err)
		}
	}
	if err := presage.CheckID("W1 / 上海-北.3@x"); err != nil {
		t.Error(err)
	}
	if err := presage.CheckNote("two\r\nlines\n\tand a tab", 100); err != nil {
		t.Error(err)
	}
	if err := presage.CheckNote("a\x00", 100); !errors.Is(err, presage.ErrInvalid) {
		t.Error("a note with NUL passes")
	}
}
