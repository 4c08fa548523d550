package main

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"presage"
)

// near compares figures of arithmetic by hand.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

// runs are made up so that every figure can be worked out: in three rounds
// Presage takes 2, 4 and 3 s of CPU for 100,000 messages, Telegraf always 6 s.
func runs() []result {
	var out []result
	for round, cpu := range []float64{2, 4, 3} {
		single := result{Feed: held, Batch: 1, Messages: 100_000, Samples: 100_000, Rows: 100_000, StoreCPU: 5}
		own, other, floor := single, single, single
		own.Consumer, own.CPU, own.Stored, own.Peak = service, cpu, 10, int64(round)<<20
		other.Consumer, other.CPU, other.Stored = telegraf, 6, 25
		floor.Consumer, floor.CPU, floor.Stored, floor.Rows = bare, 1, 5, 0
		ten := own
		ten.Batch, ten.Samples, ten.Rows = 10, 1_000_000, 1_000_000
		out = append(out, floor, other, own, ten)
	}
	return out
}

func TestMediansOfRounds(t *testing.T) {
	t.Parallel()
	s, ok := find(summarise(runs()), service, held, true)
	if !ok {
		t.Fatal("no summary")
	}
	near(t, "CPU a message", s.PerMessage, 30)     // 3 s / 100,000
	near(t, "spread of CPU", s.CPUSpread, 2.0/3)   // (40 - 20)/30
	near(t, "messages a second", s.Rate, 10_000)   // 100,000 / 10 s
	near(t, "spread of rates", s.RateSpread, 0)    //
	near(t, "InfluxDB's cores", s.StoreCores, 0.5) // 5 s / 10 s
	near(t, "InfluxDB a sample", s.StorePerSample, 50)
	near(t, "peak", s.Peak, 2<<20)
	if s.Missing != 0 || s.Rows != 100_000 {
		t.Errorf("%d rows, %d missing", s.Rows, s.Missing)
	}
}

func TestTargetsAreJudged(t *testing.T) {
	t.Parallel()
	got := map[string]target{}
	for _, g := range judge(summarise(runs())) {
		got[g.Name] = g
	}
	for name, want := range map[string]struct {
		value float64
		held  bool
	}{
		"CPU a message, presage/telegraf, held":                          {30.0 / 60, false}, // wants 0.4
		"messages a second, presage/telegraf, held":                      {2.5, true},        // 10,000 / 4,000
		"CPU a message, presage - bare paho, held":                       {30 - 10, false},   // wants 8
		"CPU a sample, presage in batches/telegraf in single ones, held": {3.0 / 60, true},   // wants 0.2
	} {
		g, ok := got[name]
		if !ok || g.Held != want.held {
			t.Errorf("%s: %+v", name, g)
		}
		near(t, name, g.Value, want.value)
	}
	if len(got) != 4 {
		t.Errorf("%d targets, want 4: there are no live runs and no batches of Telegraf", len(got))
	}
}

// By hand: 300,000 messages in 5 s are 60,000 a second, 6 s of CPU are 20 us a message.
func TestTargetsOfTheDoorAreJudged(t *testing.T) {
	t.Parallel()
	run := result{Consumer: embedded, Batch: 1, Messages: 300_000, Samples: 300_000, Rows: 300_000, CPU: 6, Stored: 5}
	run.Feed = busy
	slow := run
	slow.Feed, slow.Stored = quiet, 20
	got := judge(summarise([]result{run, slow}))
	if len(got) != 3 {
		t.Fatalf("%d targets, want 3: %+v", len(got), got)
	}
	for i, want := range []struct {
		value float64
		held  bool
	}{{60_000, true}, {20, false}, {15_000, false}} {
		near(t, got[i].Name, got[i].Value, want.value)
		if got[i].Held != want.held {
			t.Errorf("%+v", got[i])
		}
	}
}

func TestKindsOfARound(t *testing.T) {
	t.Parallel()
	c := compareCommand{
		Messages: 10, BatchOf: 10, Batches: 5, Embedded: 500, Vehicles: 3, Feeds: []string{held, live}, External: true,
		Clients: []string{"100x10", "1000x1"},
	}
	// Bare and Presage, single and batches, held and live; of the embedded door
	// each crowd, and batches of the first.
	all := c.kinds()
	if len(all) != 8+3 {
		t.Fatalf("%d kinds: %+v", len(all), all)
	}
	last := all[len(all)-1].load
	if last.messages != 1000 || last.vehicles != 1000 || last.connections != 1000 || last.window != 1 || !last.ownVINs {
		t.Errorf("%+v", last) // each client sends one message at least
	}
	c.External = false
	if all := c.kinds(); len(all) != 3 {
		t.Errorf("%d kinds without other servers", len(all))
	}
}

func TestTheTableShowsEveryKindAndVerdict(t *testing.T) {
	t.Parallel()
	r := newReport(compareCommand{Rounds: 3}, runs())
	var text strings.Builder
	if err := r.print(&text); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{bare, telegraf, service, "held  ", "missed", "30.0", "10000"} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("no %q in\n%s", word, &text)
		}
	}
	if err := writeJSON(filepath.Join(t.TempDir(), "no", "such"), r); err == nil {
		t.Error("a file in no directory was written")
	}
}

func TestMissingRowsAreAnError(t *testing.T) {
	t.Parallel()
	all := runs()
	if err := lost(all); err != nil {
		t.Errorf("nothing is missing: %v", err)
	}
	all[2].Rows--
	if err := lost(all); err == nil || !strings.Contains(err.Error(), "99999 of 100000") {
		t.Errorf("%v", err)
	}
}

func TestTelegrafsConfiguration(t *testing.T) {
	t.Parallel()
	text, err := telegrafConfig("tcp://127.0.0.1:1", "http://127.0.0.1:2", "db/autogen", true)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`servers = ["tcp://127.0.0.1:1"]`, `urls = ["http://127.0.0.1:2"]`, `bucket = "db/autogen"`, "qos = 1\n",
		"metric_batch_size = 5000\n", `flush_interval = "1s"`, "max_undelivered_messages = 20000\n",
		`json_query = "samples"`, `client_id = "consumer"`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
	single, err := telegrafConfig("a", "b", "c", false)
	if err != nil || strings.Contains(single, "json_query") {
		t.Errorf("%v, %s", err, single)
	}
}

func TestFlagsOutOfRange(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"compare --rounds 0", "compare --messages=-1", "compare --window 70000", "compare --batch-of 0",
		"compare --clients 10", "compare --clients 0x1", "compare --clients 1x70000", "load --vehicles 0", "load --vehicles 70000", "load --every 0s",
		"load --every 10s --duration 1s",
	} {
		var out strings.Builder
		if err := run(t.Context(), strings.Fields(args), &out, &out); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", args, err)
		}
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"compare", "--presage-bin", "/nowhere/presage"}, &out, &out); !errors.Is(err, presage.ErrNotFound) {
		t.Errorf("no binary: %v", err)
	}
	if err := run(t.Context(), []string{"compare", "--show-config"}, &out, &out); err != nil ||
		!strings.Contains(out.String(), "[[inputs.mqtt_consumer]]") {
		t.Errorf("--show-config: %v, %s", err, &out)
	}
}
