package tsdb

import (
	"math"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"presage"
)

// maxNewest bounds the memory of newest times; a vehicle that is not in it is
// looked up.
const maxNewest = 1 << 20

// newestOf returns the newest time stored for vin, in Unix milliseconds, and
// math.MinInt64 if there is none. A later row can be set without a look at
// what is stored, which makes both writing and scanning faster than merging.
// The caller holds s.writing.
func (s *Store) newestOf(vin presage.VIN) (int64, error) {
	if ms, ok := s.newest[vin]; ok {
		return ms, nil
	}
	lower := appendRowKey(nil, vin, math.MinInt64)
	upper := append(appendRowKey(nil, vin, math.MaxInt64), 0)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return 0, err
	}
	newest := int64(math.MinInt64)
	if it.Last() && len(it.Key()) == rowKeyLength {
		newest = rowTime(it.Key())
	}
	if err := it.Close(); err != nil {
		return 0, err
	}
	s.newest[presage.VIN(strings.Clone(string(vin)))] = newest // vin may be a piece of a large message
	return newest, nil
}
