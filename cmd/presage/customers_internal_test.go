package main

import (
	"archive/zip"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

// Export writes what erase then forgets, a customer and their consent; without --yes nothing happens.
func TestCustomersExportAndErase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := sqlstore.Open(t.Context(), filepath.Join(dir, "presage.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutCustomers(t.Context(), []presage.Customer{{ID: "c1", Name: "Erika"}}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "erika.zip")
	if out := command(t, "customers", "export", "c1", "--data", dir, "--out", file); !strings.Contains(out, "2 rows of ") {
		t.Errorf("%q", out)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	erase := []string{"customers", "erase", "c1", "--data", dir, "--who", "letter"}
	_ = refused(t, testEnv(), erase, []string{"--yes"}, nil)
	erase = append(erase, "--yes")
	if out := command(t, erase...); !strings.Contains(out, "customers               1 deleted") {
		t.Errorf("%q", out)
	}
	_ = refused(t, testEnv(), erase, []string{"not found"}, nil)
}
