package main

import (
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest/gbt32960/frame"
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

// terminal32960 is a connection to the gateway.
type terminal32960 struct {
	t  *testing.T
	nc net.Conn
}

func dial32960(t *testing.T, s *service) terminal32960 {
	t.Helper()
	addr := strings.TrimPrefix(s.out.await(t, `GB/T 32960 (\S+)`, nil), "tcp://")
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	return terminal32960{t, nc}
}

// ask sends a frame of 2016 and returns the flag of its answer.
func (c terminal32960) ask(vin presage.VIN, command frame.Command, data []byte) frame.Flag {
	c.t.Helper()
	at := frame.Clock(time.Now())
	_, err := c.nc.Write(frame.Frame{
		Version: frame.V2016, Command: command, Flag: frame.IsCommand, VIN: string(vin), Encryption: frame.NoEncryption,
		Data: append(at[:], data...),
	}.Append(nil))
	if err != nil {
		c.t.Fatal(err)
	}
	_ = c.nc.SetReadDeadline(time.Now().Add(patience))
	answer := make([]byte, 256)
	n, err := c.nc.Read(answer)
	if err != nil || n < 4 {
		c.t.Fatalf("no answer to %v: %v", command, err)
	}
	return frame.Flag(answer[3])
}

func (c terminal32960) login(vin presage.VIN) frame.Flag {
	c.t.Helper()
	return c.ask(vin, frame.Login, make([]byte, 26))
}

// engine is a real-time frame's data: a running engine.
func engine() []byte { return []byte{0x04, 1, 0, 100, 0xFF, 0xFF} }

// A VIN that is revoked by the API comes in by no door: its connection is cut,
// its login refused and nothing of it stored, until it has new credentials.
func TestRevokedAtTheGateway(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--data", data, "--set", "mqtt.open=false", "--set", "mqtt.secret_cost=4", "--set", "gbt32960.addr=127.0.0.1:0")
	vin := car(31)
	provision := func() {
		send[any](s, http.MethodPost, "/v1/vehicles/credentials", map[string]any{"vins": []presage.VIN{vin}})
	}
	provision()
	standing := dial32960(t, s)
	if flag := standing.login(vin); flag != frame.OK {
		t.Fatalf("provisioned: %d", flag)
	}
	loggedIn := get[presage.Vehicle](s, "/v1/vehicles/"+string(vin)).LastSeen
	send[any](s, http.MethodDelete, "/v1/vehicles/"+string(vin)+"/credentials", nil)
	if n, err := standing.nc.Read(make([]byte, 1)); err == nil {
		t.Errorf("the connection stands: %d", n)
	}
	c := dial32960(t, s)
	if flag := c.login(vin); flag == frame.OK {
		t.Error("a revoked vehicle logs in")
	}
	if flag := c.ask(vin, frame.Realtime, engine()); flag == frame.OK {
		t.Error("a revoked vehicle's data are taken")
	}
	if v := get[presage.Vehicle](s, "/v1/vehicles/"+string(vin)); v.LastSeen.After(loggedIn) {
		t.Error("what it sent after the revocation was taken for a sign of life")
	}
	provision()
	if flag := c.login(vin); flag != frame.OK {
		t.Errorf("provisioned again: %d", flag)
	}
}

// A VIN that nobody knows is registered, refused or put aside as configured, as
// by every other door; a second login leaves the first.
func TestStrangersAtTheGateway(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]struct {
		flag       frame.Flag
		registered int
		letter     bool
	}{
		"register": {frame.OK, 1, false}, "reject": {frame.Failed, 0, true}, "quarantine": {frame.OK, 0, true},
	} {
		s := serve(t, "--data", t.TempDir(), "--set", "mqtt.open=false", "--set", "ingest.unknown="+policy,
			"--set", "gbt32960.addr=127.0.0.1:0")
		first, second := dial32960(t, s), dial32960(t, s)
		for _, c := range []terminal32960{first, second, first} {
			if flag := c.login(car(41)); flag != want.flag {
				t.Errorf("%s: login with flag %d, want %d", policy, flag, want.flag)
			}
			if flag := c.ask(car(41), frame.Realtime, engine()); flag != want.flag {
				t.Errorf("%s: data with flag %d, want %d", policy, flag, want.flag)
			}
		}
		if n := len(get[list[presage.Vehicle]](s, "/v1/vehicles").Items); n != want.registered {
			t.Errorf("%s: %d vehicles are registered, want %d", policy, n, want.registered)
		}
		if n := len(get[list[any]](s, "/v1/dead-letters").Items); n > 0 != want.letter {
			t.Errorf("%s: %d dead letters", policy, n)
		}
	}
}

// A gateway that others reach is behind TLS, an allow-list or a spelled-out word.
func TestGatewayReachableFromOutside(t *testing.T) {
	t.Parallel()
	base := []string{"serve", "--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0", "--data", t.TempDir(), "--set", "gbt32960.addr=0.0.0.0:0"}
	refused(t, nil, base, []string{"gbt32960.addr", "gbt32960.tls_cert", "gbt32960.allow", "--insecure"}, nil)
	refused(t, nil, append(base, "--set", "gbt32960.allow=0.0.0.0/0"), []string{"gbt32960.allow", "everybody"}, nil)
	refused(t, nil, append(base, "--set", "gbt32960.allow=10.0.0.0/33"), []string{"gbt32960.allow", "10.20.0.0/16"}, nil)
	refused(t, nil, append(base, "--set", "gbt32960.tls_cert=c.pem"), []string{"gbt32960.tls_key"}, nil)
	s := serve(t, "--data", t.TempDir(), "--set", "gbt32960.addr=0.0.0.0:0", "--set", "gbt32960.allow=127.0.0.1,10.0.0.0/8")
	addr := strings.TrimPrefix(s.out.await(t, `GB/T 32960 (\S+)`, nil), "tcp://")
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if flag := (terminal32960{t, nc}).login(car(51)); flag != frame.OK {
		t.Errorf("from an allowed network: %d", flag)
	}
}
