package tsdb_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// Any samples come back as they were, those too that no store takes.
func TestBatchRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want []presage.Sample
		for range rapid.IntRange(0, 5).Draw(t, "samples") {
			s := presage.Sample{
				VIN: presage.VIN(rapid.SampledFrom([]string{"", "SHORT", string(storetest.VIN(1))}).Draw(t, "vin")),
				Time: time.Unix(rapid.Int64Range(-1<<52, 1<<52).Draw(t, "s"),
					rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC(),
			}
			for _, r := range readings(t) {
				s.Readings = append(s.Readings, presage.Reading{Signal: strings.Repeat("x", int(r.ID)-1), Value: r.Value})
			}
			want = append(want, s)
		}
		got, err := tsdb.DecodeBatch(tsdb.AppendBatch(nil, want))
		byName := cmpopts.SortSlices(func(a, b presage.Reading) bool { return a.Signal < b.Signal })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameBits(), byName); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// The bytes are worked out by hand from the format in the package comment.
func TestBatchBytes(t *testing.T) {
	t.Parallel()
	got := tsdb.AppendBatch(nil, []presage.Sample{{
		VIN: "V", Time: time.Unix(-2, 5), Readings: []presage.Reading{storetest.Reading("A", presage.Number(5))},
	}})
	want := []byte{1, 1, 1, 'A', 1, 1, 'V', 3, 5, 2, 0x11, 0x0a}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A batch cut anywhere is an error, and what is before the cut is there.
func TestBatchCut(t *testing.T) {
	t.Parallel()
	vin := storetest.VIN(1)
	all := []presage.Sample{
		storetest.Sample(vin, 0, storetest.Reading("A", presage.Number(1))),
		storetest.Sample(vin, 1, storetest.Reading("A", presage.String("text"))),
	}
	whole := tsdb.AppendBatch(nil, all)
	for n := range whole {
		got, err := tsdb.DecodeBatch(whole[:n])
		if !errors.Is(err, tsdb.ErrCorrupt) {
			t.Fatalf("cut at %d: %v", n, err)
		}
		if diff := cmp.Diff(all[:len(got)], got, cmpopts.EquateEmpty()); diff != "" || len(got) > 1 {
			t.Fatalf("cut at %d: %s", n, diff)
		}
	}
	whole[len(whole)-6] |= 0x0f // the tag of the second row's reading
	got, err := tsdb.DecodeBatch(whole)
	if err == nil || len(got) != 1 || !strings.Contains(err.Error(), vin.Masked()) ||
		!strings.Contains(err.Error(), "2024-11-21T07:16:30.124Z") || strings.Contains(err.Error(), string(vin)) {
		t.Errorf("%d samples, %v: must name the masked vehicle and the time", len(got), err)
	}
}

// FuzzBatch: no bytes make the decoder panic or take more than they justify.
func FuzzBatch(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{1, 0, 0xff, 0xff, 0xff, 0xff, 0x07})
	f.Add(tsdb.AppendBatch(nil, []presage.Sample{storetest.Sample(storetest.VIN(3), 7,
		storetest.Reading("A", presage.Number(53.2)), storetest.Reading("B", presage.String("ON")),
		storetest.Reading("C", presage.Array([]float64{1, 2.5, math.NaN()})))}))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := tsdb.DecodeBatch(b)
		if err != nil && !errors.Is(err, tsdb.ErrCorrupt) {
			t.Fatalf("%v is not an ErrCorrupt", err)
		}
		again, err := tsdb.DecodeBatch(tsdb.AppendBatch(nil, first))
		if diff := cmp.Diff(byName(first), byName(again), cmpopts.EquateEmpty(), sameBits()); err != nil || diff != "" {
			t.Fatalf("round trip: %v\n%s", err, diff)
		}
	})
}

// byName is each sample's identity and its readings, of which the last of a name counts.
func byName(samples []presage.Sample) (out []map[string]any) {
	for _, s := range samples {
		m := map[string]any{"": [2]any{s.VIN, s.Time}}
		for _, r := range s.Readings {
			m["/"+r.Signal] = r.Value
		}
		out = append(out, m)
	}
	return out
}
