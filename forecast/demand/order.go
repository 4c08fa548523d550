package demand

import (
	"cmp"
	"hash/fnv"
	"slices"
)

// lines are the values of series in an order of their own: by a hash of the
// id, whatever order they came in. What is drawn for a series depends on its
// id alone, so that neither the order of a file nor unrelated series change a
// forecast by more than what they teach.
type lines struct {
	rows [][]float64
	keys []uint64 // of each row
}

func keyOf(id string) uint64 { return scrambled(hashOf(id)) }

func hashOf(id string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(id))
	return hash.Sum64()
}

// scrambled spreads the bits of a number (the finaliser of splitmix64: Steele, Lea and Flood 2014).
func scrambled(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// inOrder sorts a copy of the series.
func inOrder(series []Series) []Series {
	type keyed struct {
		key uint64
		s   Series
	}
	all := make([]keyed, len(series))
	for i, s := range series {
		all[i] = keyed{keyOf(s.ID), s}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.s.ID, b.s.ID))
	})
	out := make([]Series, len(all))
	for i, k := range all {
		out[i] = k.s
	}
	return out
}

// linesUntil are the values before an origin of series that are in order.
func linesUntil(series []Series, end int) lines {
	l := lines{rows: make([][]float64, len(series)), keys: make([]uint64, len(series))}
	for i, s := range series {
		l.rows[i], l.keys[i] = s.Values[:end], keyOf(s.ID)
	}
	return l
}

// some are at most n of the rows: those of the least keys.
func (l lines) some(n int) [][]float64 { return l.rows[:min(n, len(l.rows))] }
