package main

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"presage"
)

// Simulated electric cars connect to the gateway by either edition, are
// answered, and their telemetry is there; the metrics show it.
func TestGBT32960(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir(), "--set", "gbt32960.addr=127.0.0.1:0", "--set", "ingest.formats=gbt32960")
	gateway := s.out.await(t, `GB/T 32960 (\S+)`, nil)
	for i, format := range []string{"gbt32960", "gbt32960-2025"} {
		out := newTerminal()
		if err := run(t.Context(), []string{
			"simulate", "--format", format, "--broker", gateway, "--vehicles", "10", "--pace", "1e6", "--for", "24h",
			"--seed", strconv.Itoa(i + 1),
		}, nil, out, out); err != nil {
			t.Fatal(err)
		}
		sent := regexp.MustCompile(`sent ([1-9]\d*) frames of GB/T 32960, edition`).FindStringSubmatch(out.String())
		if sent == nil {
			t.Fatal(out)
		}
		t.Logf("%s: %s frames", format, sent[1])
	}
	if vehicles := get[list[presage.Vehicle]](s, "/v1/vehicles").Items; len(vehicles) == 0 {
		t.Error("no vehicle is known")
	}
	for _, want := range []string{
		`presage_gbt32960_frames_total{command="realtime"} `, `presage_gbt32960_responses_total{flag="ok"} `,
		"presage_gbt32960_connections 0", `presage_ingest_messages_total{kind="gbt32960"} `,
	} {
		metrics := "" // the gateway may not have seen yet that the vehicles have gone
		s.eventually("in the metrics: "+want, func() bool {
			metrics = pageText(s, "/metrics")
			return strings.Contains(metrics, want)
		}, func() string { return metrics })
	}
}

func TestGBT32960IsConfiguredWrongly(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	free := []string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0"}
	refused(t, nil, append(free, "--set", "gbt32960.addr="+addr),
		[]string{addr, "gbt32960.addr", "PRESAGE_GBT32960_ADDR", "stop what uses it"}, nil)
	refused(t, nil, append(free, "--set", "gbt32960.addr=nowhere", "--set", "gbt32960.idle_timeout=1s",
		"--set", "gbt32960.max_connections=0", "--set", "gbt32960.max_frame=70000", "--set", "ingest.formats=gbt"),
		[]string{"gbt32960.addr", "gbt32960.idle_timeout", "gbt32960.max_connections", "gbt32960.max_frame", "ingest.formats"}, nil)
	refused(t, nil, []string{"simulate", "--format", "gbt32960", "--broker", "tcp://127.0.0.1:1", "--vehicles", "10", "--for", "1h"},
		[]string{"gbt32960.addr", "--broker tcp://HOST:PORT"}, nil)
}
