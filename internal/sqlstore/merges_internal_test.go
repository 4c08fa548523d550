package sqlstore

import (
	"regexp"
	"slices"
	"testing"
)

// What belongs to a customer follows them into a merge: each table that erasure finds
// by its column of customers, but those that are handled by themselves.
func TestEveryTableOfCustomersIsMerged(t *testing.T) {
	t.Parallel()
	byColumn := regexp.MustCompile(`^customer_id = \$1`)
	for _, table := range personalTables() {
		own := slices.Contains([]string{"consent_events", "merges"}, table.name)
		if _, merged := mergedTables()[table.name]; byColumn.MatchString(table.mine) && !merged && !own {
			t.Errorf("table %s has customers and is not in mergedTables", table.name)
		}
	}
}
