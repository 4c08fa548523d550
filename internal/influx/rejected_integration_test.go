//go:build integration

package influx_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/storetest"
)

// A signal that changes its kind is turned away reading by reading, with the
// VIN masked in the reason, and everything around it is stored.
func TestTypeConflict(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, typeConflict)
}

func typeConflict(t *testing.T, server influxtest.Server) {
	t.Helper()
	s := open(t, server.Config())
	number := storetest.Reading("Kind", presage.Number(1))
	text := storetest.Reading("Kind", presage.String("one"))
	other := storetest.Reading("Other", presage.Bool(true))
	vin := storetest.VIN(1)
	if err := s.Write(t.Context(), []presage.Sample{storetest.Sample(vin, 0, number)}); err != nil {
		t.Fatal(err)
	}
	var samples, want, wantRejected []presage.Sample
	want = append(want, storetest.Sample(vin, 0, number))
	for i := int64(1); i <= 100; i++ {
		if i%40 == 0 {
			samples = append(samples, storetest.Sample(vin, i, text, other))
			want = append(want, storetest.Sample(vin, i, other))
			wantRejected = append(wantRejected, storetest.Sample(vin, i, text))
			continue
		}
		samples = append(samples, storetest.Sample(vin, i, number, other))
		want = append(want, storetest.Sample(vin, i, number, other))
	}
	err := s.Write(t.Context(), samples)
	var rejected *influx.RejectedError
	if !errors.As(err, &rejected) || !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("Write: %v; want a RejectedError", err)
	}
	if diff := cmp.Diff(wantRejected, rejected.Samples); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if !strings.Contains(rejected.Reason, "field type conflict") || strings.Contains(rejected.Reason, string(vin)) {
		t.Errorf("reason %q must be the server's, without the VIN", rejected.Reason)
	}
	got := storetest.Collect(t, s.Scan(t.Context(), vin, storetest.Start(), storetest.Start().Add(time.Hour)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A missing database is found when the store is opened, and named.
func TestMissingBucket(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, server influxtest.Server) {
		t.Helper()
		c, advice := server.Config(), `CREATE DATABASE "nosuch"`
		c.Bucket = "nosuch/autogen"
		if server.Two {
			c.Bucket, advice = "nosuch", "influx bucket create --name nosuch --org presage"
		}
		_, err := influx.Open(t.Context(), c)
		if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), advice) {
			t.Errorf("Open: %v; want ErrUnavailable that says %s", err, advice)
		}
	})
}

// A wrong token and an organisation that is not there are told apart, and told
// when the store is opened.
func TestWrongTokenAndOrganisation(t *testing.T) {
	t.Parallel()
	server := influxtest.Start2(t)
	for name, c := range map[string]struct {
		change func(c *influx.Config)
		says   string
	}{
		"no token":    {func(c *influx.Config) { c.Token = "" }, "influx.token"},
		"wrong token": {func(c *influx.Config) { c.Token = "another" }, "influx.token"},
		"wrong org":   {func(c *influx.Config) { c.Org = "nobodys" }, "--org nobodys"},
	} {
		config := server.Config()
		c.change(&config)
		_, err := influx.Open(t.Context(), config)
		if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want ErrUnavailable that names %s", name, err, c.says)
		}
		if text := string(config.Token); text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the error shows the token", name)
		}
	}
}

// What was acknowledged outlives a killed server, and writes go on when it is back.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, serverRestart)
}

func serverRestart(t *testing.T, server influxtest.Server) {
	t.Helper()
	s := open(t, server.Config())
	a := storetest.Sample(storetest.VIN(1), 0, storetest.Reading("A", presage.Number(1)))
	b := storetest.Sample(storetest.VIN(1), 1, storetest.Reading("A", presage.Number(2)))
	if err := s.Write(t.Context(), []presage.Sample{a}); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if err := s.Write(t.Context(), []presage.Sample{b}); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("Write to a dead server: %v; want ErrUnavailable", err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("Ready of a dead server: %v; want ErrUnavailable", err)
	}
	server.Again(t)
	if err := s.Write(t.Context(), []presage.Sample{b}); err != nil {
		t.Fatal(err)
	}
	got := storetest.Collect(t, s.Scan(t.Context(), a.VIN, storetest.Start(), storetest.Start().Add(time.Hour)))
	if diff := cmp.Diff([]presage.Sample{a, b}, got); diff != "" {
		t.Errorf("after the restart (-want +got):\n%s", diff)
	}
}

// Two readings that are refused for different reasons in one write tell each
// its own, and what is good between them is stored.
func TestRefusalsOfOneWriteTellTheirOwnReasons(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, server influxtest.Server) {
		t.Helper()
		c := server.Config()
		c.Bucket = server.NewBucket(t, "short", 24*time.Hour)
		s := open(t, c)
		now := time.Now().UTC().Truncate(time.Second)
		at := func(vehicle int, ago time.Duration, rs ...presage.Reading) presage.Sample {
			return presage.Sample{VIN: storetest.VIN(vehicle), Time: now.Add(-ago), Readings: rs}
		}
		if err := s.Write(t.Context(), []presage.Sample{at(1, time.Minute, number("My.Mode"), number("Gear"))}); err != nil {
			t.Fatal(err)
		}
		long := storetest.Reading("Note", presage.String(strings.Repeat("x", 1<<20+1)))
		err := s.Write(t.Context(), []presage.Sample{
			at(1, 0, text("My.Mode"), number("Speed")),
			at(2, 100*24*time.Hour, number("Speed")),
			at(3, 0, number("Speed")),
			at(4, 0, storetest.Reading("Gear", presage.Bool(true)), text("My.Mode")),
			at(5, 0, long, number("Speed")),
		})
		var rejected *presage.RejectedError
		if !errors.As(err, &rejected) {
			t.Fatalf("Write: %v; want a RejectedError", err)
		}
		got := map[string]string{}
		for i, s := range rejected.Samples {
			for _, r := range s.Readings {
				got[string(s.VIN[13:])+" "+r.Signal] = rejected.ReasonOf(i)
			}
		}
		want := map[string]string{
			"0001 My.Mode": `"My.Mode" on measurement "telemetry" is type string, already exists as type float`,
			"0004 My.Mode": `"My.Mode" on measurement "telemetry" is type string, already exists as type float`,
			"0004 Gear":    `"Gear" on measurement "telemetry" is type boolean, already exists as type float`,
			"0002 Speed":   "retention policy",
		}
		if server.Two {
			want["0005 Note"] = "too long, 1048577 > 1048576" // 1.8 takes it
		}
		for key, part := range want {
			if !strings.Contains(got[key], part) ||
				strings.Contains(got[key], "retention") != strings.Contains(part, "retention") {
				t.Errorf("%s: %q, want %q alone", key, got[key], part)
			}
		}
		if len(got) != len(want) {
			t.Errorf("turned away %v, want %d", got, len(want))
		}
		for _, vehicle := range []int{1, 3, 5} {
			rows := storetest.Collect(t, s.Scan(t.Context(), storetest.VIN(vehicle), now, now.Add(time.Second), "Speed"))
			if len(rows) != 1 {
				t.Errorf("vehicle %d: %d good rows, want 1", vehicle, len(rows))
			}
		}
	})
}
