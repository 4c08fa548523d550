package sqltest

import (
	"path/filepath"
	"testing"

	"presage/internal/sqlstore"
)

// Open returns an empty store on a new SQLite file.
func Open(tb testing.TB) *sqlstore.Store {
	tb.Helper()
	return OpenURL(tb, filepath.Join(tb.TempDir(), "presage.db"))
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
