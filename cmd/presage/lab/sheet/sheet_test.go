package sheet_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/cmd/presage/lab/sheet"
)

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "lives.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReadsPlainAndGzip(t *testing.T) {
	t.Parallel()
	const text = "\ufeffunit, km\n# a comment\na,1.5\nb,\n"
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for _, content := range []string{text, zipped.String()} {
		s, err := sheet.Read(file(t, content))
		if err != nil {
			t.Fatal(err)
		}
		units, err := s.Texts("unit")
		if diff := cmp.Diff([]string{"a", "b"}, units); diff != "" || err != nil {
			t.Error(diff, err)
		}
		km, err := s.Numbers("km", true)
		if diff := cmp.Diff([]float64{1.5, math.NaN()}, km, cmpopts.EquateNaNs()); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if !s.Has("km") || s.Has("miles") {
			t.Error("Has mistakes columns")
		}
	}
}

func TestNamesEveryFault(t *testing.T) {
	t.Parallel()
	want := func(err error, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), part) {
				t.Errorf("%v does not say %q", err, part)
			}
		}
	}
	_, err := sheet.Read(file(t, "a,b,a\n1,2,3\n1,2\n1\n"))
	want(err, `duplicate column "a"`, "line 3: 2 columns", "line 4: 1 columns")
	_, err = sheet.Read(file(t, "a,b\n"))
	want(err, "no row")
	_, err = sheet.Read(file(t, "\x1f\x8bnonsense"))
	want(err, "gzip")
	s, err := sheet.Read(file(t, "a,b\n1,x\n,NaN\n"+strings.Repeat("1,no\n", 30)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Numbers("b", false)
	want(err, `line 2, column "b": "x" is not a number`, `line 3, column "b": "NaN"`, "and 12 more")
	_, err = s.Numbers("a", false)
	want(err, `line 3, column "a": "" is not a number`)
	_, err = s.Texts("c")
	want(err, `no column "c": it has a, b`)
}
