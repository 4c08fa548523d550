package rest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"presage"
)

// page is a part of a list. A list never ends without a word: Next is there
// exactly when more follows.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
}

// Window is which part of a list is asked for.
type Window struct {
	After string `query:"after" maxLength:"512" doc:"Cursor: next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// more is how many rows to read for a page of limit: one tells whether any follow.
func more(limit int) int { return limit + 1 }

// paged makes a page of what was read with a limit of more(limit).
func paged[T any](rows []T, limit int, cursor func(T) string) *body[page[T]] {
	p := pageOf(rows, limit, cursor)
	return &body[page[T]]{Body: p}
}

func pageOf[T any](rows []T, limit int, cursor func(T) string) page[T] {
	if len(rows) <= limit {
		return page[T]{Items: nonNil(rows)}
	}
	return page[T]{Items: rows[:limit], Next: cursor(rows[limit-1])}
}

// behind cuts a list that was read whole to what follows the row of a cursor.
// It is for lists whose number is bounded.
func behind[T any](rows []T, after string, cursor func(T) string) ([]T, error) {
	if after == "" {
		return rows, nil
	}
	i := slices.IndexFunc(rows, func(row T) bool { return cursor(row) == after })
	if i < 0 {
		return nil, fmt.Errorf("after: %w: no row of this list has this cursor, or not any more; begin without it",
			presage.ErrInvalid)
	}
	return rows[i+1:], nil
}

// cursorOf makes a cursor of what places a row in the order of its list.
func cursorOf(parts ...string) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // strings are always written
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor reads n parts; ErrInvalid for what cursorOf did not make.
func readCursor(cursor string, n int) ([]string, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	var parts []string
	if err == nil {
		err = json.Unmarshal(text, &parts)
	}
	if err != nil || len(parts) != n {
		return nil, fmt.Errorf("after: %w: not a cursor of this list: want next of the page before", presage.ErrInvalid)
	}
	return parts, nil
}

// gone says that a cursor that names a row is none.
func gone(field string, err error) error {
	if errors.Is(err, presage.ErrNotFound) {
		return fmt.Errorf("%s: %w: no row of this list has this cursor: want next of the page before",
			field, presage.ErrInvalid)
	}
	return err
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

const (
	figuresBack    = 30 * 24 * time.Hour
	longestFigures = 366 * 24 * time.Hour
)

// figureTimes is what figures are counted over: without a beginning the 30 days
// before the end, without an end until now. ErrInvalid for more than a year.
func figureTimes(from, to, now time.Time) (presage.Span, error) {
	s := presage.Span{From: from.UTC(), To: to.UTC()}
	if to.IsZero() {
		s.To = now.UTC()
	}
	if from.IsZero() {
		s.From = s.To.Add(-figuresBack)
	}
	if !s.From.Before(s.To) || s.To.Sub(s.From) > longestFigures {
		return s, fmt.Errorf("from: %w: want a time before to, by a year at the most", presage.ErrInvalid)
	}
	return s, nil
}
