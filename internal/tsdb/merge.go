package tsdb

import (
	"encoding/binary"
	"io"

	"github.com/cockroachdb/pebble/v2"
)

// mergerName is stored in the database; a change of the rule needs a new name.
const mergerName = "presage.readings.1"

// tornRow marks a row of operands of which at least one cannot be decoded.
// As the head of a reading it is illegal (delta 0, tag 15).
const tornRow = 0x0f

// readingsMerger is the merge operator of the package comment.
func readingsMerger() *pebble.Merger {
	return &pebble.Merger{
		Name: mergerName,
		Merge: func(_, value []byte) (pebble.ValueMerger, error) {
			return &rowMerger{row: append([]byte(nil), value...)}, nil
		},
	}
}

// rowMerger unites rows. It never fails: an error here would stop compactions
// for good, whereas the reader can name the one row that is broken.
type rowMerger struct{ row, spare []byte }

// MergeNewer unites value, whose readings win.
func (m *rowMerger) MergeNewer(value []byte) error {
	m.take(m.row, value)
	return nil
}

// MergeOlder unites value, whose readings lose.
func (m *rowMerger) MergeOlder(value []byte) error {
	m.take(value, m.row)
	return nil
}

// Finish returns the united row.
func (m *rowMerger) Finish(bool) ([]byte, io.Closer, error) { return m.row, nil, nil }

func (m *rowMerger) take(older, newer []byte) {
	united, err := unite(m.spare[:0], older, newer)
	if err != nil {
		united = tear(nil, older, newer)
	}
	m.spare, m.row = m.row, united
}

// unite appends the union of two rows to out; newer wins.
func unite(out, older, newer []byte) ([]byte, error) {
	a, b := decoder{rest: older}, decoder{rest: newer}
	moreA, errA := a.next()
	moreB, errB := b.next()
	var last uint32
	for errA == nil && errB == nil && (moreA || moreB) {
		takeA := moreA && (!moreB || a.id < b.id)
		if takeA {
			out = appendReading(out, &a, last)
			last = a.id
			moreA, errA = a.next()
			continue
		}
		if moreA && a.id == b.id {
			moreA, errA = a.next()
		}
		out = appendReading(out, &b, last)
		last = b.id
		moreB, errB = b.next()
	}
	if errA != nil {
		return nil, errA
	}
	return out, errB
}

func appendReading(out []byte, d *decoder, previous uint32) []byte {
	out = binary.AppendUvarint(out, uint64(d.id-previous)<<tagBits|uint64(d.tag))
	return append(out, d.body...)
}

// tear keeps the operands side by side, oldest first.
func tear(out []byte, operands ...[]byte) []byte {
	out = append(out, tornRow)
	for _, o := range operands {
		if len(o) > 0 && o[0] == tornRow {
			out = append(out, o[1:]...)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(o)))
		out = append(out, o...)
	}
	return out
}
