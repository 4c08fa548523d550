package frame_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/ingest/gbt32960/frame"
)

// pieces feeds the portions and tells what came out: the names of frames, and
// why other bytes were none.
func pieces(tb testing.TB, s *frame.Splitter, portions ...[]byte) []string {
	tb.Helper()
	names := samples(tb)
	var out []string
	for _, portion := range portions {
		_, _ = s.Write(portion)
		for {
			p, ok := s.Next()
			if !ok {
				break
			}
			word := p.Why
			for name, raw := range names {
				if p.Why == "" && bytes.Equal(raw, p.Raw) {
					word = name
				}
			}
			if p.Why == "" && word == "" {
				word = "unknown frame"
			}
			out = append(out, word)
		}
	}
	return out
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	all := samples(t)
	a, b := all["login_2016"], all["vehicle_invalid_signed_2025"]
	spoilt := bytes.Clone(b)
	spoilt[len(spoilt)-1]++
	long := bytes.Clone(a)
	long[22] = 0xFF // 65,382 bytes of data
	for name, tt := range map[string]struct {
		portions [][]byte
		want     []string
	}{
		"one":            {[][]byte{a}, []string{"login_2016"}},
		"merged":         {[][]byte{slices.Concat(a, b, a)}, []string{"login_2016", "vehicle_invalid_signed_2025", "login_2016"}},
		"noise first":    {[][]byte{slices.Concat([]byte("GET / HTTP/1.1\r\n\r\n"), a)}, []string{"noise", "login_2016"}},
		"noise between":  {[][]byte{slices.Concat(a, []byte{0, 1, '#', '$', 2}, b)}, []string{"login_2016", "noise", "vehicle_invalid_signed_2025"}},
		"three marks":    {[][]byte{slices.Concat([]byte("#"), a)}, []string{"noise", "login_2016"}},
		"wrong check":    {[][]byte{slices.Concat(spoilt, a)}, []string{"check", "login_2016"}},
		"wrong length":   {[][]byte{slices.Concat(long, b)}, []string{"length", "vehicle_invalid_signed_2025"}},
		"cut off":        {[][]byte{slices.Concat(b[:100], b)}, []string{"check", "vehicle_invalid_signed_2025"}},
		"cut in header":  {[][]byte{slices.Concat(a[:10], b)}, []string{"noise", "vehicle_invalid_signed_2025"}},
		"mark at an end": {[][]byte{[]byte("##"), a[2:]}, []string{"login_2016"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := frame.Splitter{Max: 1000}
			if diff := cmp.Diff(tt.want, pieces(t, &s, tt.portions...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever the portions, the frames are the same; noise may be cut differently.
func TestSplitterTakesAnyPortions(t *testing.T) {
	t.Parallel()
	all := samples(t)
	stream := slices.Concat(all["login_2025"], []byte("noise $$ ## noise"), all["bus_braking_2016"], all["logout_2025"])
	for size := 1; size < 64; size++ {
		var s frame.Splitter
		got := pieces(t, &s, slices.Collect(slices.Chunk(stream, size))...)
		got = slices.DeleteFunc(got, func(word string) bool { return word == "noise" })
		if diff := cmp.Diff([]string{"login_2025", "bus_braking_2016", "logout_2025"}, got); diff != "" {
			t.Fatal(size, diff)
		}
		if s.Pending() != 0 {
			t.Fatalf("portions of %d: %d bytes are left", size, s.Pending())
		}
	}
}

// A frame that never ends hides others behind it until it is given up.
func TestSplitterGivesUp(t *testing.T) {
	t.Parallel()
	all := samples(t)
	endless := bytes.Clone(all["login_2016"])
	endless[22] = 0x40
	var s frame.Splitter
	if got := pieces(t, &s, slices.Concat(endless, all["logout_2016"])); got != nil {
		t.Fatal(got)
	}
	s.GiveUp()
	if diff := cmp.Diff([]string{"length", "logout_2016"}, pieces(t, &s, nil)); diff != "" {
		t.Error(diff)
	}
	s.GiveUp() // nothing waits
	if diff := cmp.Diff([]string{"login_2025"}, pieces(t, &s, all["login_2025"])); diff != "" {
		t.Error(diff)
	}
}

// What looks like many frames with wrong check bytes is yielded in portions of
// 16, so that what one piece costs is bounded. Nothing of it is lost.
func TestSplitterBoundsWrongChecks(t *testing.T) {
	t.Parallel()
	spoilt := frame.Frame{Version: frame.V2016, Command: frame.Heartbeat, Flag: frame.IsCommand, Encryption: 1}.Append(nil)
	spoilt[len(spoilt)-1]++
	good := samples(t)["login_2016"]
	var s frame.Splitter
	_, _ = s.Write(append(bytes.Repeat(spoilt, 40), good...))
	var got []int
	for {
		p, ok := s.Next()
		if !ok {
			break
		}
		got = append(got, len(p.Raw))
		if want := p.Frame.VIN == ""; (p.Why == frame.WhyCheck) != want {
			t.Errorf("a piece of %d bytes: %q", len(p.Raw), p.Why)
		}
	}
	if diff := cmp.Diff([]int{16 * len(spoilt), 16 * len(spoilt), 8 * len(spoilt), len(good)}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, raw := range samples(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := frame.Parse(b)
		if err == nil && !bytes.Equal(got.Append(nil), b) {
			t.Fatalf("% x became % x", b, got.Append(nil))
		}
	})
}

// Nothing of a stream is lost, and what is not a frame is said to be none.
func FuzzSplitter(f *testing.F) {
	for _, raw := range samples(f) {
		f.Add(slices.Concat([]byte("##"), raw, raw[1:], raw), uint8(7), false)
		f.Add(slices.Concat(raw[:len(raw)/2], raw), uint8(255), true)
	}
	f.Fuzz(func(t *testing.T, stream []byte, size uint8, giveUp bool) {
		s := frame.Splitter{Max: 2000}
		var seen []byte
		take := func() {
			for {
				p, ok := s.Next()
				if !ok {
					return
				}
				if len(p.Raw) == 0 {
					t.Fatal("an empty piece")
				}
				if _, err := frame.Parse(p.Raw); p.Why == "" && err != nil {
					t.Fatal(err)
				}
				seen = append(seen, p.Raw...)
			}
		}
		for portion := range slices.Chunk(stream, max(1, int(size))) {
			_, _ = s.Write(portion)
			take()
			if giveUp {
				s.GiveUp()
				take()
			}
		}
		for s.Pending() > 0 {
			before := s.Pending()
			s.GiveUp()
			take()
			if s.Pending() >= before {
				t.Fatalf("%d bytes stay", before)
			}
		}
		if !bytes.Equal(seen, stream) {
			t.Fatalf("% x came out as % x", stream, seen)
		}
	})
}
