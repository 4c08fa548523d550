package xlsx

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Type is the media type of a workbook.
const Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Write writes the CSV that table writes as a workbook of one sheet; its rows are never all in
// memory. Numbers are numbers; everything else is text, also what begins with = + - @.
func Write(w io.Writer, table func(io.Writer) error) error {
	lines, to := io.Pipe()
	go func() { to.CloseWithError(table(to)) }()
	err := write(w, lines)
	return errors.Join(err, lines.CloseWithError(io.ErrClosedPipe)) // lets table end
}

func write(w io.Writer, lines io.Reader) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // its temporary files
	out, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	in := csv.NewReader(lines)
	for n := 1; ; n++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("workbook: row %d: %w", n, err)
		}
		cells := make([]any, len(record))
		for i, text := range record {
			cells[i] = valueOf(text)
		}
		if err := out.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			return fmt.Errorf("workbook: row %d: %w", n, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return f.Write(w)
}

// mostDigits of a number are shown whole; what is longer is a name.
const mostDigits = 11

// valueOf is a number where that says the same as the text, so that 007 stays a name.
func valueOf(text string) any {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil && len(text) <= mostDigits && strconv.FormatFloat(x, 'f', -1, 64) == text {
		return x
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
