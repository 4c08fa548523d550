package sqltest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"presage/internal/sqlstore"
)

// Open returns an empty store on a new SQLite file.
func Open(tb testing.TB) *sqlstore.Store {
	tb.Helper()
	return OpenURL(tb, NewFile(tb))
}

// NewFile makes a SQLite file of the newest schema that holds nothing. The
// schema is made once a process: that takes longer than most tests.
func NewFile(tb testing.TB) string {
	tb.Helper()
	content, err := empty()
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), "presage.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// empty is the content of such a file.
var empty = sync.OnceValues(emptyFile)

func emptyFile() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "presage-schema-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "presage.db")
	s, err := sqlstore.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // which takes the log into the file
		return nil, err
	}
	return os.ReadFile(path)
}

// OpenURL returns the store at url and closes it when the test ends.
func OpenURL(tb testing.TB, url string) *sqlstore.Store {
	tb.Helper()
	s, err := sqlstore.Open(tb.Context(), url)
	if err != nil {
		tb.Fatalf("open store: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close store: %v", err)
		}
	})
	return s
}
