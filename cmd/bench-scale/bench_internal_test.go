package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// A small fleet goes through every phase: each vehicle is judged in the first pass
// and at night, and a new sample judges its own alone (come fails otherwise).
func TestSmallFleet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	var progress, out strings.Builder
	if err := makeFleet(t.Context(), path, 60, 30, &progress); err != nil {
		t.Fatal(err)
	}
	m, err := measure(t.Context(), path, 60, &progress)
	if err != nil {
		t.Fatal(err)
	}
	if m.rows%60 != 0 || m.rows < 60*8 || m.bytes == 0 || m.peak == 0 || m.night.wall == 0 {
		t.Errorf("%+v", m)
	}
	if err := m.table(&out, grammar{Vehicles: 60, Days: 30}); err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(out.String(), "\n"); rows != 8 {
		t.Errorf("%d rows:\n%s", rows, out.String())
	}
}
