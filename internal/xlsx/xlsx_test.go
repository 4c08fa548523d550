package xlsx_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"presage"
	"presage/internal/xlsx"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// workbook is a file of one sheet; set puts more into it.
func workbook(t *testing.T, set func(f *excelize.File), rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		name, err := excelize.CoordinatesToCellName(1, i+1)
		must(t, err)
		must(t, f.SetSheetRow("Sheet1", name, &row))
	}
	if set != nil {
		set(f)
	}
	out, err := f.WriteToBuffer()
	must(t, err)
	return out.Bytes()
}

// A formula is its text, a day a day, and an empty row keeps the numbers of the next.
func TestWorkbookAsCSV(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) {
		must(t, f.SetCellFormula("Sheet1", "B2", "1+2"))
	}, []any{"external_id", "pieces", "expected_at", "note"}, []any{4500017731, 3, time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)},
		nil, []any{"007", 10, "2026-12-25", "two\nlines"})
	if !xlsx.Is(data) || xlsx.Is([]byte("key,order")) {
		t.Error("a workbook is not told from a table")
	}
	got, err := xlsx.ToCSV(data)
	must(t, err)
	want := "external_id,pieces,expected_at,note\n4500017731,=1+2,2026-12-24,\n\n007,10,2026-12-25,two lines\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	t.Parallel()
	long := make([][]any, 20_002)
	for i := range long {
		long[i] = []any{"x"}
	}
	for name, data := range map[string][]byte{
		"no workbook":   []byte("PK\x03\x04 and more"),
		"too many rows": workbook(t, nil, long...),
		"far away":      workbook(t, func(f *excelize.File) { must(t, f.SetCellValue("Sheet1", "A1048576", 1)) }),
		"too wide":      workbook(t, func(f *excelize.File) { must(t, f.SetCellValue("Sheet1", "XFD1", 1)) }),
		"too large":     bomb(t),
	} {
		_, err := xlsx.ToCSV(data)
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bomb is a small file that is large when it is unpacked.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	_, err = io.WriteString(w, strings.Repeat(" ", 9<<20))
	must(t, err)
	must(t, z.Close())
	return out.Bytes()
}

// What looks like a formula is text; numbers are numbers unless a name would change.
func TestTableAsWorkbook(t *testing.T) {
	t.Parallel()
	table := [][]string{{"part", "pieces", "note"}, {"007", "-3", "=1+2"}, {"123456789012", "2.5", "@x"}, {"1e3", "4", "+1"}}
	var out bytes.Buffer
	must(t, xlsx.Write(&out, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(table) }))
	f, err := excelize.OpenReader(&out)
	must(t, err)
	got, err := f.GetRows("Sheet1")
	must(t, err)
	if diff := cmp.Diff(table, got); diff != "" {
		t.Error(diff)
	}
	for cell, want := range map[string]excelize.CellType{
		"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeInlineString,
		"A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeUnset, "C4": excelize.CellTypeInlineString,
	} {
		formula, err := f.GetCellFormula("Sheet1", cell)
		must(t, err)
		if kind, err := f.GetCellType("Sheet1", cell); err != nil || kind != want || formula != "" {
			t.Errorf("%s: type %v, want %v, formula %q, %v", cell, kind, want, formula, err)
		}
	}
}

func TestTableThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var out bytes.Buffer
	if err := xlsx.Write(&out, func(io.Writer) error { return broken }); !errors.Is(err, broken) || out.Len() != 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
