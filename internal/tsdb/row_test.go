package tsdb_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"presage"
	"presage/internal/tsdb"
)

// The bytes are worked out by hand from the format in the package comment.
func TestRowBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reading tsdb.IDReading
		want    []byte
	}{
		"whole":         {tsdb.IDReading{ID: 1, Value: presage.Number(5)}, []byte{0x11, 0x0a}},
		"one decimal":   {tsdb.IDReading{ID: 1, Value: presage.Number(-0.3)}, []byte{0x12, 0x05}},
		"float":         {tsdb.IDReading{ID: 2, Value: presage.Number(math.Inf(1))}, []byte{0x20, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f}},
		"false":         {tsdb.IDReading{ID: 1, Value: presage.Bool(false)}, []byte{0x17}},
		"true":          {tsdb.IDReading{ID: 1, Value: presage.Bool(true)}, []byte{0x18}},
		"text, id 8":    {tsdb.IDReading{ID: 8, Value: presage.String("ON")}, []byte{0x89, 0x01, 2, 'O', 'N'}},
		"array":         {tsdb.IDReading{ID: 1, Value: presage.Array([]float64{3.7, 4})}, []byte{0x1a, 2, 2, 0x4a, 0x50}},
		"array, floats": {tsdb.IDReading{ID: 1, Value: presage.Array([]float64{math.Inf(-1)})}, []byte{0x1a, 1, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xff}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tsdb.EncodeRow([]tsdb.IDReading{c.reading})
			if !bytes.Equal(got, c.want) {
				t.Errorf("encoded % x, want % x", got, c.want)
			}
			back, err := tsdb.DecodeRow(got)
			if diff := cmp.Diff([]tsdb.IDReading{c.reading}, back); err != nil || diff != "" {
				t.Errorf("decoded: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// Any value comes back bit for bit.
func TestRowRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := readings(t)
		got, err := tsdb.DecodeRow(tsdb.EncodeRow(want))
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameBits()); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// The merge rule against a map: newest wins, and the order in which Pebble
// joins operands does not matter.
func TestMergeIsAUnion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var operands [][]byte
		model := map[uint32]presage.Value{}
		for range rapid.IntRange(2, 5).Draw(t, "operands") {
			rs := readings(t)
			operands = append(operands, tsdb.EncodeRow(rs))
			for _, r := range rs {
				model[r.ID] = r.Value
			}
		}
		united := tsdb.Merge(operands...)
		got, err := tsdb.DecodeRow(united)
		if err != nil {
			t.Fatal(err)
		}
		values := map[uint32]presage.Value{}
		for _, r := range got {
			values[r.ID] = r.Value
		}
		if diff := cmp.Diff(model, values, cmpopts.EquateEmpty(), sameBits()); diff != "" || len(got) != len(model) {
			t.Fatalf("%d readings (-want +got):\n%s", len(got), diff)
		}
		if other := tsdb.MergeOlder(operands...); !bytes.Equal(united, other) {
			t.Fatalf("backwards % x, forwards % x", other, united)
		}
		cut := rapid.IntRange(1, len(operands)-1).Draw(t, "cut")
		parts := tsdb.Merge(tsdb.Merge(operands[:cut]...), tsdb.Merge(operands[cut:]...))
		if !bytes.Equal(united, parts) {
			t.Fatalf("in parts % x, at once % x", parts, united)
		}
	})
}

func readings(t *rapid.T) []tsdb.IDReading {
	number := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.IntRange(-1e7, 1e7), func(n int) float64 {
		return float64(n) / 1000
	}), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), 1 << 53, -1 << 53, 1e15 + 0.3}))
	value := rapid.OneOf(
		rapid.Map(number, presage.Number),
		rapid.Map(rapid.Bool(), presage.Bool),
		rapid.Map(rapid.String(), presage.String),
		rapid.Map(rapid.SliceOfN(number, 0, 5), presage.Array),
	)
	ids := rapid.SliceOfNDistinct(rapid.Uint32Range(1, 40), 0, 6, rapid.ID[uint32]).Draw(t, "ids")
	set := map[uint32]bool{}
	for _, id := range ids {
		set[id] = true
	}
	var out []tsdb.IDReading
	for id := uint32(1); id <= 40; id++ {
		if set[id] {
			out = append(out, tsdb.IDReading{ID: id, Value: value.Draw(t, "value")})
		}
	}
	return out
}

// sameBits compares floats bit for bit, so that NaN equals itself and -0 is not 0.
func sameBits() cmp.Option {
	return cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
}

// FuzzRow: no bytes make the decoder panic or take more than they justify, and
// whatever it accepts survives a round trip and a merge with itself.
func FuzzRow(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x0f, 1, 0x18})
	f.Add([]byte{0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0})
	f.Add(tsdb.EncodeRow([]tsdb.IDReading{
		{ID: 1, Value: presage.Number(53.2)},
		{ID: 3, Value: presage.String("ON")},
		{ID: 1000, Value: presage.Array([]float64{1, 2.5, math.NaN()})},
	}))
	f.Fuzz(func(t *testing.T, row []byte) {
		first, err := tsdb.DecodeRow(row)
		merged := tsdb.Merge(row, row)
		if err != nil {
			if _, err := tsdb.DecodeRow(merged); err == nil {
				t.Fatal("a merge made a broken row readable")
			}
			return
		}
		again, err := tsdb.DecodeRow(tsdb.EncodeRow(first))
		if diff := cmp.Diff(first, again, cmpopts.EquateEmpty(), sameBits()); err != nil || diff != "" {
			t.Fatalf("round trip: %v\n%s", err, diff)
		}
		again, err = tsdb.DecodeRow(merged)
		if diff := cmp.Diff(first, again, cmpopts.EquateEmpty(), sameBits()); err != nil || diff != "" {
			t.Fatalf("merge with itself: %v\n%s", err, diff)
		}
	})
}
