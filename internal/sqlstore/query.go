package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"
	"strings"
)

// everything is the limit of a list without one.
const everything = math.MaxInt32

// reader is a pool or a transaction.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row is what a scan function reads from: *sql.Row or *sql.Rows.
type row interface{ Scan(dest ...any) error }

// selection builds a SELECT from constant text; values travel as arguments only.
type selection struct {
	text strings.Builder
	args []any
}

// choose starts a selection.
func choose(columnsFrom string) *selection {
	q := &selection{}
	q.text.WriteString(columnsFrom)
	q.text.WriteString(" WHERE TRUE")
	return q
}

// arg adds an argument and returns its mark.
func (q *selection) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// and adds a condition; each ? in it stands for v.
func (q *selection) and(condition string, v any) *selection {
	q.text.WriteString(" AND " + strings.ReplaceAll(condition, "?", q.arg(v)))
	return q
}

// is adds "column = v" unless v is empty.
func (q *selection) is(column, v string) *selection {
	if v == "" {
		return q
	}
	return q.and(column+" = ?", v)
}

// order ends the selection; a limit of 0 or less means everything. SQLite would
// compile a bare LIMIT $n anew for each value.
func (q *selection) order(by string, limit int) *selection {
	if limit <= 0 {
		limit = everything
	}
	q.args = append(q.args, limit)
	q.text.WriteString(" ORDER BY " + by + " LIMIT $" + strconv.Itoa(len(q.args)) + " + 0")
	return q
}

// chosen runs a selection.
func chosen[T any](ctx context.Context, db reader, scan func(row) (T, error), q *selection) ([]T, error) {
	return all(ctx, db, scan, q.text.String(), q.args...)
}

// all reads every row; nil when there is none.
func all[T any](ctx context.Context, db reader, scan func(row) (T, error), stmt string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, stmt, args...)
	if err != nil {
		return nil, err
	}
	var out []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, x)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// one reads the only row; sql.ErrNoRows when there is none.
func one[T any](ctx context.Context, db reader, scan func(row) (T, error), stmt string, args ...any) (T, error) {
	return scan(db.QueryRowContext(ctx, stmt, args...))
}

// scanString reads a single text column.
func scanString(r row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

// wholeRows reads rows with every column, and the columns' names in their order; bytes are text.
func wholeRows(ctx context.Context, db reader, stmt string, args ...any) ([]string, []map[string]any, error) {
	rows, err := db.QueryContext(ctx, stmt, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close() // rows.Err has what matters
	names, err := rows.Columns()
	if err != nil {
		return nil, nil, err
	}
	var out []map[string]any
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, nil, err
		}
		row := make(map[string]any, len(names))
		for i, name := range names {
			if b, ok := values[i].([]byte); ok {
				values[i] = string(b)
			}
			row[name] = values[i]
		}
		out = append(out, row)
	}
	return names, out, rows.Err()
}
