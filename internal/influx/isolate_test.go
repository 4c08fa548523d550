package influx_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
	"presage/internal/influx"
	"presage/internal/storetest"
)

// strict is an InfluxDB that keeps a field's first kind and nothing older than
// keeps, and tells the first fault of a request alone. Its texts are those of
// tsdb.PartialWriteError in InfluxDB 1.8.10 and 2.7.12.
type strict struct {
	two      bool
	keeps    time.Time
	limit    int               // of a text
	kinds    map[string]string // field -> type
	stored   map[string]string // "vin time field" -> value
	requests atomic.Int64
}

func (s *strict) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	if strings.HasPrefix(string(text), "#") {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.requests.Add(1)
	first := ""
	for line := range strings.Lines(string(text)) {
		if f := s.take(line); first == "" {
			first = f
		}
	}
	switch {
	case first == "":
		w.WriteHeader(http.StatusNoContent)
	case s.two:
		answer(w, http.StatusUnprocessableEntity, map[string]any{
			"code": "unprocessable entity", "message": "failure writing points to database: partial write: " + first + " dropped=1",
		})
	default:
		w.Header().Set("X-Influxdb-Error", "partial write: "+first+" dropped=1")
		answer(w, http.StatusBadRequest, map[string]any{"error": "partial write: " + first + " dropped=1"})
	}
}

// take stores a line, or turns all of it away and says why.
func (s *strict) take(text string) string {
	d := lineprotocol.NewDecoderWithBytes([]byte(text))
	if !d.Next() {
		return "unable to parse"
	}
	name, _ := d.Measurement()
	_, vin, _ := d.NextTag()
	if key, _, _ := d.NextTag(); key != nil {
		return "unable to parse: a tag too many"
	}
	var keys []string
	var values []lineprotocol.Value
	for {
		key, value, err := d.NextField()
		if key == nil || err != nil {
			break
		}
		keys, values = append(keys, string(key)), append(values, value)
	}
	at, _ := d.Time(lineprotocol.Millisecond, time.Time{})
	if at.Before(s.keeps) {
		if s.two {
			return fmt.Sprintf("dropped 1 points outside retention policy of duration 24h0m0s - oldest point %s,vin=%s at %s",
				name, vin, at)
		}
		return "points beyond retention policy"
	}
	for i, v := range values {
		kind := v.Kind().String()
		if was, ok := s.kinds[keys[i]]; ok && was != kind {
			return fmt.Sprintf("field type conflict: input field %q on measurement %q is type %s, already exists as type %s",
				keys[i], name, kind, was)
		}
		if n := len(v.String()) - 2; kind == "string" && s.limit > 0 && n > s.limit {
			return fmt.Sprintf("input field %q on measurement %q is too long, %d > %d", keys[i], name, n, s.limit)
		}
		s.kinds[keys[i]] = kind
	}
	for i, v := range values {
		s.stored[fmt.Sprint(string(vin), at.UnixMilli(), keys[i])] = v.String()
	}
	return ""
}

func openStrict(t *testing.T, s *strict) *influx.Store {
	t.Helper()
	s.kinds, s.stored = map[string]string{}, map[string]string{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	store, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Bucket: "b"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// turnedAway writes and returns the reasons by what they are told of, as "vehicle second signal".
func turnedAway(t *testing.T, s *influx.Store, samples []presage.Sample) map[string]string {
	t.Helper()
	err := s.Write(t.Context(), samples)
	if err == nil {
		return nil
	}
	var rejected *presage.RejectedError
	if !errors.As(err, &rejected) {
		t.Fatal(err)
	}
	out := map[string]string{}
	for i, s := range rejected.Samples {
		for _, r := range s.Readings {
			out[fmt.Sprintf("%s %d %s", s.VIN[13:], int(s.Time.Sub(storetest.Start()).Seconds()), r.Signal)] = rejected.ReasonOf(i)
		}
	}
	return out
}

func number(name string) presage.Reading { return storetest.Reading(name, presage.Number(1)) }
func text(name string) presage.Reading   { return storetest.Reading(name, presage.String("on")) }

const (
	conflicting = "is type string, already exists as type float"
	tooOld      = "retention policy"
)

// Each reading that is turned away tells its own reason, and everything else is stored.
func TestEachReadingTellsItsOwnReason(t *testing.T) {
	t.Parallel()
	for version, two := range map[string]bool{"1.8": false, "2.7": true} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := &strict{two: two, keeps: storetest.Start().Add(10 * time.Second), limit: 20}
			store := openStrict(t, server)
			at := func(vehicle int, second int64, rs ...presage.Reading) presage.Sample {
				return storetest.Sample(storetest.VIN(vehicle), second*1000, rs...)
			}
			if got := turnedAway(t, store, []presage.Sample{at(1, 50, number("Mode"), number("Gear"), text("Note"))}); got != nil {
				t.Fatal(got)
			}
			long := storetest.Reading("Note", presage.String(strings.Repeat("x", 21)))
			got := turnedAway(t, store, []presage.Sample{
				at(1, 60, text("Mode"), number("Speed")),    // a kind conflict
				at(2, 5, number("Speed"), number("Gear")),   // beyond the retention
				at(2, 61, number("Speed")),                  // good
				at(3, 62, text("Gear"), text("Mode"), long), // three faults in one sample
				at(3, 9, text("Mode")),                      // both: the retention comes first
				at(4, 63, text("Note"), number("Mode")),     // good
			})
			for key, part := range map[string]string{
				"0001 60 Mode": `"Mode" on measurement "telemetry" ` + conflicting,
				"0002 5 Speed": tooOld, "0002 5 Gear": tooOld, "0003 9 Mode": tooOld,
				"0003 62 Gear": `"Gear" on measurement "telemetry" ` + conflicting,
				"0003 62 Mode": `"Mode" on measurement "telemetry" ` + conflicting,
				"0003 62 Note": "too long, 21 > 20",
			} {
				if !strings.Contains(got[key], part) {
					t.Errorf("%s: %q, want %q", key, got[key], part)
				}
				for _, other := range []string{conflicting, tooOld, "too long"} {
					if !strings.Contains(part, other) && strings.Contains(got[key], other) {
						t.Errorf("%s: %q tells of another's fault", key, got[key])
					}
				}
				delete(got, key)
			}
			if len(got) > 0 {
				t.Errorf("turned away besides: %v", got)
			}
			if n := len(server.stored); n != 3+1+1+2 {
				t.Errorf("%d readings stored, want 7: %v", n, server.stored)
			}
		})
	}
}

// A fault of the whole fleet costs a few requests, not some for each sample.
func TestManyFaultsAreFoundInFewRequests(t *testing.T) {
	t.Parallel()
	server := &strict{keeps: storetest.Start().Add(1000 * time.Second)}
	store := openStrict(t, server)
	if got := turnedAway(t, store, []presage.Sample{storetest.Sample(storetest.VIN(1), 1_000_000, number("Mode"))}); got != nil {
		t.Fatal(got)
	}
	server.requests.Store(0)
	var samples []presage.Sample
	for i := range 2000 { // the first thousand are beyond the retention
		samples = append(samples, storetest.Sample(storetest.VIN(i%100), int64(i)*1000, text("Mode"), number("Speed")))
	}
	got := turnedAway(t, store, samples)
	old, conflicts := 0, 0
	for _, why := range got {
		if strings.Contains(why, tooOld) {
			old++
		}
		if strings.Contains(why, conflicting) {
			conflicts++
		}
	}
	if old != 2000 || conflicts != 1000 || len(got) != 3000 {
		t.Errorf("%d too old, %d conflicts of %d; want 2000 and 1000 of 3000", old, conflicts, len(got))
	}
	if n := server.requests.Load(); n > 20 { // 1, 1 + log2 2000 = 11, 1, 2, 1
		t.Errorf("%d requests, want 20 at the most", n)
	}
}

// One vehicle that invents faults without end costs a bounded number of
// requests, and costs nobody else a reading.
func TestFaultsWithoutEndStayTheirVehicles(t *testing.T) {
	t.Parallel()
	server := &strict{}
	store := openStrict(t, server)
	var first, second []presage.Reading
	for i := range 3000 {
		first = append(first, number(fmt.Sprintf("My.%d", i)))
		second = append(second, text(fmt.Sprintf("My.%d", i)))
	}
	if got := turnedAway(t, store, []presage.Sample{storetest.Sample(storetest.VIN(7), 0, first...)}); got != nil {
		t.Fatal(got)
	}
	samples := []presage.Sample{storetest.Sample(storetest.VIN(7), 1, second...)}
	var want []string
	for i := range 200 {
		s := storetest.Sample(storetest.VIN(100+i), int64(i), number("Vehicle.Speed"))
		samples, want = append(samples, s), append(want, fmt.Sprint(string(s.VIN), s.Time.UnixMilli(), "Vehicle.Speed"))
	}
	server.requests.Store(0)
	got := turnedAway(t, store, samples)
	for key := range got {
		if !strings.HasPrefix(key, "0007 ") {
			t.Errorf("%s is turned away: %s", key, got[key])
		}
	}
	if len(got) != len(second) {
		t.Errorf("%d readings turned away, want %d", len(got), len(second))
	}
	for _, key := range want {
		if _, ok := server.stored[key]; !ok {
			t.Errorf("%s is not stored", key)
		}
	}
	if n := server.requests.Load(); n > 500+3+2*8 { // the bound, and the halving of 201 vehicles
		t.Errorf("%d requests", n)
	}
	if diff := cmp.Diff(true, strings.Contains(got["0007 0 My.2999"], "too many faults")); diff != "" {
		t.Errorf("the shared reason: %q", got["0007 0 My.2999"])
	}
}
