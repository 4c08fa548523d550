package sqlstore_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	const closed = "127.0.0.1:1" // tcpmux: nobody listens
	for _, c := range []struct {
		name, url string
		want      error
		says      string
	}{
		{"nobody listens", "postgres://presage:s3cret@" + closed + "/db", presage.ErrUnavailable, "presage:***@" + closed},
		{
			"nobody listens, password as parameter", "postgres://" + closed + "/db?user=u&password=s3cret",
			presage.ErrUnavailable, closed,
		},
		{"a port that is none", "postgres://presage:s3cret@localhost:port/db", presage.ErrInvalid, "postgres://"},
		{"a bad parameter", "postgres://presage:s3cret@localhost/db?sslmode=s3cret", presage.ErrInvalid, "presage:***@"},
		{"another database", "mysql://u:s3cret@localhost/db", presage.ErrInvalid, "postgres://"},
		{"nothing", "", presage.ErrInvalid, "file path"},
		{"memory", "sqlite::memory:", presage.ErrInvalid, "file path"},
		{"a folder", "sqlite:" + t.TempDir(), presage.ErrUnavailable, "open database"},
		{"below a file", filepath.Join("place_test.go", "presage.db"), presage.ErrUnavailable, "open database"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := sqlstore.Open(t.Context(), c.url)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Open = %v; want %v saying %q", err, c.want, c.says)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("Open = %v; the password is shown", err)
			}
		})
	}
}

func TestClosedStoreIsNotReady(t *testing.T) {
	t.Parallel()
	s, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "presage.db"))
	must(t, err)
	must(t, s.Ready(t.Context()))
	must(t, s.Close())
	if err := s.Ready(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("Ready = %v, want ErrUnavailable", err)
	}
}
