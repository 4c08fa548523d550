package orders

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// The tables that can be imported.
const (
	importOrders   = "orders"
	importReceipts = "receipts"
	importCounts   = "counts"
	importMoves    = "movements"
)

// columns are the headings of a table: those that it needs, then those that it may have.
func columns(list string) (needed, allowed []string) {
	switch list {
	case importOrders:
		return []string{"external_id", "depot", "part", "pieces"}, []string{"supplier", "expected_at", "note"}
	case importReceipts:
		return []string{"key", "order", "pieces"}, []string{"line", "part", "at", "note"}
	case importCounts:
		return []string{"depot", "part", "pieces"}, []string{"note"}
	case importMoves:
		return []string{"depot", "part", "kind", "pieces"}, []string{"note"}
	}
	return nil, nil
}

// row is a line of a table by its headings.
type row struct {
	line   int
	cells  map[string]string
	faults *[]error
}

func (r row) wrong(column, text string, args ...any) {
	all := append([]any{r.line, column, presage.ErrInvalid}, args...)
	*r.faults = append(*r.faults, fmt.Errorf("line %d, %s: %w: "+text, all...))
}

// number reads a whole number; 0 for an empty cell that may be.
func (r row) number(column string, may bool) int {
	text := r.cells[column]
	if text == "" && may {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		r.wrong(column, "%q: want a whole number", text)
	}
	return n
}

// time reads a day, or an instant with its zone; zero for an empty cell.
func (r row) time(column string) time.Time {
	text := r.cells[column]
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	r.wrong(column, "%q: want a day such as 2026-12-24, or a time with its zone", text)
	return time.Time{}
}

// Import takes in a table (CSV, UTF-8): orders that were placed elsewhere, receipts, the counts
// of shelves, or other movements of them. A file that cannot be read is refused whole, an ErrInvalid with every
// line; what an order refuses is told by its line, and the others are done. The same
// file again changes nothing: orders are known by their external_id, receipts by their
// key, counts and movements by the key of the wish.
func (b *Book) Import(ctx context.Context, list string, text []byte, by, key string) (presage.OrderImport, error) {
	report := presage.OrderImport{Refused: []string{}}
	rows, err := readRows(list, text)
	if err != nil {
		return report, err
	}
	report.Rows = len(rows)
	switch list {
	case importOrders:
		err = b.importOrders(ctx, rows, by, &report)
	case importReceipts:
		err = b.importReceipts(ctx, rows, by, &report)
	default:
		err = b.importMoves(ctx, rows, by, key)
	}
	return report, err
}

// readRows reads a table and names everything that is wrong with it.
func readRows(list string, text []byte) ([]row, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	heads, faults := readHeads(list, in)
	var rows []row
	for len(heads) > 0 {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: %s: want as many cells as there are headings, and quotes that end",
				presage.ErrInvalid, err.Error()))
			if !errors.Is(err, csv.ErrFieldCount) {
				break
			}
			continue
		}
		line, _ := in.FieldPos(0)
		r := row{line: line, cells: map[string]string{}, faults: &faults}
		for i, h := range heads {
			r.cells[h] = strings.TrimSpace(record[i])
		}
		rows = append(rows, r)
	}
	if len(faults) == 0 && (len(rows) == 0 || len(rows) > mostLines) {
		faults = append(faults, fmt.Errorf("%w: %d rows below the headings: want 1 to %d", presage.ErrInvalid,
			len(rows), mostLines))
	}
	return rows, errors.Join(faults...)
}

// readHeads reads the headings; none where they cannot be.
func readHeads(list string, in *csv.Reader) (heads []string, faults []error) {
	needed, allowed := columns(list)
	heads, err := in.Read()
	if needed == nil || err != nil {
		return nil, []error{fmt.Errorf("line 1: %w: want the headings of %s: %s", presage.ErrInvalid, list,
			strings.Join(needed, ","))}
	}
	for _, h := range needed {
		if !slices.Contains(heads, h) {
			faults = append(faults, fmt.Errorf("line 1: %w: the column %s is missing", presage.ErrInvalid, h))
		}
	}
	for _, h := range heads {
		if !slices.Contains(needed, h) && !slices.Contains(allowed, h) {
			faults = append(faults, fmt.Errorf("line 1: %w: %q is not a column of %s", presage.ErrInvalid, h, list))
		}
	}
	return heads, faults
}

// faultsOf are what reading the rows has found.
func faultsOf(rows []row) error { return errors.Join(*rows[0].faults...) }

func (b *Book) importOrders(ctx context.Context, rows []row, by string, report *presage.OrderImport) error {
	var drafts []presage.OrderDraft
	var first []int
	for _, r := range rows {
		l := presage.OrderDraftLine{
			Part: r.cells["part"], Pieces: r.number("pieces", false), ExpectedAt: r.time("expected_at"),
		}
		id := r.cells["external_id"]
		at := slices.IndexFunc(drafts, func(d presage.OrderDraft) bool { return d.ExternalID == id })
		switch {
		case id == "":
			r.wrong("external_id", "it is missing")
		case at < 0:
			drafts = append(drafts, presage.OrderDraft{
				Key: "import-" + id, ExternalID: id, DepotID: r.cells["depot"], Supplier: r.cells["supplier"], By: by,
				Note: r.cells["note"], Place: true, Lines: []presage.OrderDraftLine{l},
			})
			first = append(first, r.line)
		case drafts[at].DepotID != r.cells["depot"]:
			r.wrong("depot", "order %s is for depot %s", id, drafts[at].DepotID)
		default:
			drafts[at].Lines = append(drafts[at].Lines, l)
		}
	}
	if err := faultsOf(rows); err != nil {
		return err
	}
	for i, d := range drafts {
		if _, err := b.Draft(ctx, d); err != nil {
			if err = report.Refuse(first[i], err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Book) importReceipts(ctx context.Context, rows []row, by string, report *presage.OrderImport) error {
	var acts []presage.OrderAct
	for _, r := range rows {
		act := presage.OrderAct{
			Key: r.cells["key"], OrderID: r.cells["order"], Kind: presage.ActReceive, By: by, Note: r.cells["note"],
			At: r.time("at"),
			Lines: []presage.OrderActLine{{
				Line: r.number("line", true), Part: r.cells["part"], Pieces: r.number("pieces", false),
			}},
		}
		if act.Key == "" {
			r.wrong("key", "it is missing: want the number of the delivery note and its position")
		}
		acts = append(acts, act)
	}
	if err := faultsOf(rows); err != nil {
		return err
	}
	for i, act := range acts {
		if _, err := b.Act(ctx, act); err != nil {
			if err = report.Refuse(rows[i].line, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// importMoves writes all counts and movements of a file, or none; what has no kind is a count.
func (b *Book) importMoves(ctx context.Context, rows []row, by, key string) error {
	act := presage.StockAct{Key: key, By: by, Why: rows[0].cells["note"]}
	for _, r := range rows {
		act.Lines = append(act.Lines, presage.StockActLine{
			DepotID: r.cells["depot"], Part: r.cells["part"], Pieces: r.number("pieces", false),
			Kind: presage.MovementKind(cmp.Or(r.cells["kind"], string(presage.MoveCount))), Row: r.line,
		})
	}
	if err := faultsOf(rows); err != nil {
		return err
	}
	_, err := b.Move(ctx, act)
	return err
}
