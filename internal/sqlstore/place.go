package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"presage"
)

// place is where a database is.
type place struct {
	file     string          // SQLite
	postgres *pgx.ConnConfig // PostgreSQL
	shown    string          // for people: the password is ***
}

const (
	connectTimeout = 10 * time.Second // of one PostgreSQL connection, unless the URL says otherwise
	postgresConns  = 16
	sqliteReaders  = 8
)

func parsePlace(s string) (place, error) {
	scheme, _, _ := strings.Cut(s, "://")
	if scheme != "postgres" && scheme != "postgresql" {
		file := strings.TrimPrefix(s, "sqlite:")
		if file == "" || strings.Contains(file, "://") || strings.HasPrefix(file, ":memory:") {
			return place{}, fmt.Errorf("%w database URL: want postgres://user:password@host/database, "+
				"a file path or sqlite:PATH", presage.ErrInvalid)
		}
		return place{file: file, shown: file}, nil
	}
	u, err := url.Parse(s)
	if err != nil { // the cause would repeat the URL with its password
		return place{}, fmt.Errorf("%w database URL %s://...: not a URL "+
			"(escape special characters of the password as %%XX)", presage.ErrInvalid, scheme)
	}
	p := place{shown: masked(*u)}
	if p.postgres, err = pgx.ParseConfig(s); err != nil {
		return place{}, fmt.Errorf("%w database URL %s: host, port or a parameter cannot be read", presage.ErrInvalid, p)
	}
	if p.postgres.ConnectTimeout == 0 {
		p.postgres.ConnectTimeout = connectTimeout
	}
	return p, nil
}

// String shows the place without its secrets.
func (p place) String() string { return p.shown }

// masked drops all parameters, which may hold secrets too.
func masked(u url.URL) string {
	host := u.Host + u.EscapedPath()
	if u.User == nil {
		return u.Scheme + "://" + host
	}
	who := url.User(u.User.Username()).String()
	if _, set := u.User.Password(); set {
		who += ":***"
	}
	return u.Scheme + "://" + who + "@" + host
}

func (p place) dialect() goose.Dialect {
	if p.postgres != nil {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

func (p place) open(ctx context.Context) (*Store, error) {
	if p.postgres != nil {
		db := stdlib.OpenDB(*p.postgres)
		db.SetMaxOpenConns(postgresConns)
		db.SetMaxIdleConns(postgresConns)
		if err := db.PingContext(ctx); err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return &Store{w: db, readers: db, r: db, locked: " FOR UPDATE", sourced: &sourced{}}, nil
	}
	if err := os.MkdirAll(filepath.Dir(p.file), 0o700); err != nil {
		return nil, err
	}
	// Customers' names and numbers are nobody else's business: SQLite would let
	// all users read a file that it makes itself.
	f, err := os.OpenFile(p.file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	w, err := openFile(ctx, p.file, 1, "")
	if err != nil {
		return nil, err
	}
	r, err := openFile(ctx, p.file, sqliteReaders, "&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return &Store{w: w, readers: r, r: r, sourced: &sourced{}}, nil // a transaction that writes has the file to itself
}

// openFile opens conns connections at most, which stay open: setting one up
// costs more than most statements. A transaction takes SQLite's write lock when
// it begins, so it never fails half-way for having read before.
func openFile(ctx context.Context, file string, conns int, more string) (*sql.DB, error) {
	const settings = "?_txlock=immediate&_pragma=busy_timeout(2000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-16384)"
	to, err := sqlite.NewConnector("file:" + escaped(file) + settings + more)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(keeper{to})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
