package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/config"
	"presage/internal/sqlstore"
)

// begun is a data directory with a vehicle in its database and a row of telemetry.
func begun(t *testing.T) config.Config {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Store.Reserve = t.TempDir(), 0
	a, err := OpenStores(t.Context(), Options{Config: c})
	if err != nil {
		t.Fatal(err)
	}
	vin := presage.VIN("1M8GDM9AXKP042788")
	err = a.keep(t.Context(), []presage.Sample{{
		VIN: vin, Time: time.Unix(1795000000, 0),
		Readings: []presage.Reading{{Signal: presage.SignalSpeed, Value: presage.Number(1)}},
	}})
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	return c
}

func reopen(t *testing.T, c config.Config) error {
	t.Helper()
	a, err := OpenStores(t.Context(), Options{Config: c})
	if err != nil {
		return err
	}
	return a.Close()
}

// Database and telemetry that do not belong together are refused with what to
// do, and taken when a person says so.
func TestDamagedDirectory(t *testing.T) {
	t.Parallel()
	remove := func(t *testing.T, name string) {
		t.Helper()
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, want string
		mended     bool // by presage migrate
		damage     func(t *testing.T, dir string)
	}{
		{"empty database", "empty or missing", true, func(t *testing.T, dir string) {
			t.Helper()
			for _, name := range []string{"presage.db-wal", "presage.db-shm"} {
				remove(t, filepath.Join(dir, name))
			}
			if err := os.Truncate(filepath.Join(dir, "presage.db"), 0); err != nil {
				t.Fatal(err)
			}
		}},
		{"no database", "empty or missing", true, func(t *testing.T, dir string) {
			t.Helper()
			remove(t, filepath.Join(dir, "presage.db"))
		}},
		{"cut database", "is cut", false, func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Truncate(filepath.Join(dir, "presage.db"), 5000); err != nil {
				t.Fatal(err)
			}
		}},
		{"no telemetry", "it is gone", true, func(t *testing.T, dir string) {
			t.Helper()
			remove(t, filepath.Join(dir, "telemetry"))
		}},
		{"another's telemetry", "another telemetry store", true, func(t *testing.T, dir string) {
			t.Helper()
			remove(t, filepath.Join(dir, "telemetry"))
			other := begun(t)
			if err := os.Rename(filepath.Join(other.DataDir, "telemetry"), filepath.Join(dir, "telemetry")); err != nil {
				t.Fatal(err)
			}
		}},
		{"unreadable manifest", "MANIFEST", false, func(t *testing.T, dir string) {
			t.Helper()
			files, err := filepath.Glob(filepath.Join(dir, "telemetry", "MANIFEST-*"))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, f := range files {
				if err := os.WriteFile(f, []byte("rubbish that is long enough to be a record"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := begun(t)
			if err := reopen(t, c); err != nil {
				t.Fatal(err)
			}
			tt.damage(t, c.DataDir)
			err := reopen(t, c)
			if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), tt.want) ||
				!strings.Contains(err.Error(), "presage restore") || !strings.Contains(err.Error(), c.DataDir) {
				t.Fatalf("%v; want an ErrInvalid with %q, the place and how to mend it", err, tt.want)
			}
			if !tt.mended {
				return
			}
			sql, err := sqlstore.Open(t.Context(), DatabaseURL(c))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(Accept(t.Context(), c, sql), sql.Close()); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := reopen(t, c); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
