package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"presage"
)

// File is the path of the SQLite file at url, "" when url is PostgreSQL's.
func File(url string) (string, error) {
	p, err := parsePlace(url)
	return p.file, err
}

// CopyFile writes the SQLite database in file, as it stands at one moment, to
// target, which must not exist, and returns how many rows each table of the
// copy has. The service may go on with file meanwhile. Neither schema is changed.
func CopyFile(ctx context.Context, file, target string) (rows map[string]int64, err error) {
	if rows, err = copyFile(ctx, file, target); err != nil {
		return nil, fmt.Errorf("copy database %s: %w: %w", file, presage.ErrUnavailable, err)
	}
	return rows, nil
}

func copyFile(ctx context.Context, file, target string) (map[string]int64, error) {
	// SQLite writes into an empty file, which is ours alone before it holds anything.
	f, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	source, err := sql.Open("sqlite", "file:"+escaped(file)+"?mode=rw&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	_, err = source.ExecContext(ctx, `VACUUM INTO $1`, target)
	if err = errors.Join(err, source.Close()); err != nil {
		return nil, err
	}
	replica, err := sql.Open("sqlite", "file:"+escaped(target)+"?mode=ro&immutable=1")
	if err != nil {
		return nil, err
	}
	rows, err := countRows(ctx, replica)
	return rows, errors.Join(err, replica.Close())
}

// countRows counts the rows of every table, after SQLite has looked the file through.
func countRows(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	verdict, err := one(ctx, db, scanString, `PRAGMA quick_check(1)`)
	if err != nil {
		return nil, err
	}
	if verdict != "ok" {
		return nil, errors.New("the copy is damaged: " + verdict)
	}
	names, err := all(ctx, db, scanString,
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	rows := make(map[string]int64, len(names))
	for _, name := range names {
		rows[name], err = one(ctx, db, scanCount, `SELECT count(*) FROM "`+name+`"`)
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func scanCount(r row) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}

// escaped makes a path fit for a SQLite URI.
func escaped(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}
