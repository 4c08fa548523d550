package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"presage"
)

// wrap says what was being done and adds the kind of err, once. nil stays nil.
func wrap(err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case hasKind(err):
		return fmt.Errorf("%s: %w", doing, err)
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", doing, presage.ErrNotFound)
	}
	if kind := kindOf(err); kind != nil {
		return &databaseError{doing, kind, err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// databaseError is a fault of the database with its kind. Its text is the log's;
// Plain is what an outsider may read, without hosts, users and codes.
type databaseError struct {
	doing       string
	kind, cause error
}

func (e *databaseError) Error() string {
	return fmt.Sprintf("%s: %v: %v", e.doing, e.kind, e.cause)
}

// Unwrap gives the kind and the cause.
func (e *databaseError) Unwrap() []error { return []error{e.kind, e.cause} }

// Plain says what a caller can act on.
func (e *databaseError) Plain() string {
	switch {
	case errors.Is(e.kind, presage.ErrUnavailable):
		return e.kind.Error() + ": the database does not answer now; try again"
	case errors.Is(e.kind, presage.ErrConflict):
		return e.kind.Error() + ": it is there already, or somebody was faster"
	case errors.Is(e.kind, presage.ErrNotFound):
		return e.kind.Error() + ": something that it refers to is not known"
	}
	return e.kind.Error() + ": the database cannot hold one of the values; the log says which"
}

func hasKind(err error) bool {
	for _, kind := range []error{
		presage.ErrInvalid, presage.ErrNotFound, presage.ErrConflict,
		presage.ErrForbidden, presage.ErrExpired, presage.ErrUnavailable,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// kindOf is nil for a cancelled context and for what is our own mistake.
func kindOf(err error) error {
	var onFile *sqlite.Error
	var onServer *pgconn.PgError
	var network net.Error
	var connect *pgconn.ConnectError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.As(err, &onFile):
		return sqliteKind(onFile.Code())
	case errors.As(err, &onServer):
		return postgresKind(onServer.Code)
	case errors.As(err, &network), errors.As(err, &connect), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return presage.ErrUnavailable
	}
	return nil
}

func sqliteKind(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return presage.ErrConflict
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return presage.ErrNotFound
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return presage.ErrInvalid
	}
	switch code & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return presage.ErrUnavailable
	}
	return nil
}

// postgresKind goes by the SQLSTATE, appendix A of the PostgreSQL manual.
func postgresKind(code string) error {
	switch code {
	case "23505":
		return presage.ErrConflict
	case "23503":
		return presage.ErrNotFound
	case "23514", "23502", "22003", "22021", "22P02":
		return presage.ErrInvalid
	case "25006": // read only: a standby
		return presage.ErrUnavailable
	}
	switch code[:min(2, len(code))] {
	case "08", "40", "53", "57", "58":
		return presage.ErrUnavailable
	}
	return nil
}

// passing tells whether the same transaction may succeed when run again at once.
func passing(err error) bool {
	var onFile *sqlite.Error
	var onServer *pgconn.PgError
	switch {
	case errors.As(err, &onFile):
		primary := onFile.Code() & 0xff
		return primary == sqlite3.SQLITE_BUSY || primary == sqlite3.SQLITE_LOCKED
	case errors.As(err, &onServer):
		return onServer.Code == "40001" || onServer.Code == "40P01"
	}
	return false
}
