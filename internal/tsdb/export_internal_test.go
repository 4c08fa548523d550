package tsdb

import (
	"github.com/cockroachdb/pebble/v2"

	"presage"
)

// IDReading is a reading under its signal id.
type IDReading struct {
	ID    uint32
	Value presage.Value
}

// EncodeRow encodes readings, which ascend by id.
func EncodeRow(readings []IDReading) []byte {
	entries := make([]entry, len(readings))
	for i, r := range readings {
		entries[i] = entry{id: r.ID, value: r.Value}
	}
	return appendRow(nil, entries)
}

// DecodeRow decodes a row.
func DecodeRow(row []byte) ([]IDReading, error) {
	var out []IDReading
	var arrays []float64
	var texts textCache
	d := decoder{rest: row}
	for {
		more, err := d.next()
		if err != nil || !more {
			return out, err
		}
		out = append(out, IDReading{ID: d.id, Value: d.value(&arrays, &texts)})
	}
}

// Merge unites operands, oldest first, as the database does.
func Merge(operands ...[]byte) []byte {
	m, _ := readingsMerger().Merge(nil, operands[0])
	for _, o := range operands[1:] {
		_ = m.MergeNewer(o)
	}
	row, _, _ := m.Finish(true)
	return row
}

// MergeOlder unites operands from the newest to the oldest; they are given oldest first.
func MergeOlder(operands ...[]byte) []byte {
	m, _ := readingsMerger().Merge(nil, operands[len(operands)-1])
	for i := len(operands) - 2; i >= 0; i-- {
		_ = m.MergeOlder(operands[i])
	}
	row, _, _ := m.Finish(true)
	return row
}

// RowKey is the key of a row.
func RowKey(vin presage.VIN, ms int64) []byte { return appendRowKey(nil, vin, ms) }

// DB gives a test the database to break.
func (s *Store) DB() *pebble.DB { return s.db }
