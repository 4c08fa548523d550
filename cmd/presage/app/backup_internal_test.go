package app

import (
	"slices"
	"testing"

	"presage/internal/spool"
	"presage/internal/tsdb"
)

// What leaves the spool while a backup is made must be in what is copied after
// it, and what is marked dirty in the database after the rows.
func TestBackupFollowsTheDatasWay(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range (&App{spool: &spool.Spool{}, Telemetry: &tsdb.Store{}}).parts() {
		names = append(names, p.Name)
	}
	if want := []string{"spool", "telemetry", "presage.db", "outreach.key"}; !slices.Equal(names, want) {
		t.Errorf("copied in the order %v, want %v", names, want)
	}
}
