package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"presage"
)

// refused runs a command that must not start and checks that the error says
// all of want and none of secrets.
func refused(t *testing.T, env, args, want, secrets []string) error {
	t.Helper()
	out := newTerminal()
	err := run(t.Context(), args, env, out, out)
	if err == nil {
		t.Fatalf("presage %s: no error", strings.Join(args, " "))
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("presage %s: the error does not say %q: %v", strings.Join(args, " "), part, err)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(err.Error()+out.String(), secret) {
			t.Errorf("presage %s shows the secret %s: %v\n%s", args[0], secret, err, out)
		}
	}
	return err
}

// A port that is taken is named, with how to choose another; the data
// directory is free again after that.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr, dir := taken.Addr().String(), t.TempDir()
	_, portOnly, _ := net.SplitHostPort(addr)
	for _, err := range []error{
		refused(t, nil, []string{"serve", "--data", dir, "--mqtt-addr", "127.0.0.1:0", "--addr", addr},
			[]string{addr, "http.addr", "--addr", "PRESAGE_HTTP_ADDR", "stop what uses it"}, nil),
		refused(t, nil, []string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--mqtt-addr", addr},
			[]string{addr, portOnly, "is taken", "mqtt.addr", "PRESAGE_MQTT_ADDR"}, nil),
	} {
		if !errors.Is(err, presage.ErrConflict) {
			t.Errorf("%v is not an ErrConflict", err)
		}
	}
	serve(t, "--data", dir)
}

// A data directory in use is named with the process that uses it, which goes on.
func TestDataDirectoryInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startProcess(t, "--data", dir)
	err := refused(t, nil, []string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0"},
		[]string{dir, "in use", "process " + strconv.Itoa(first.cmd.Process.Pid), "--data"}, nil)
	if !errors.Is(err, presage.ErrConflict) {
		t.Errorf("%v is not an ErrConflict", err)
	}
	first.ready()
	if err := first.stop(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
}

// All faults of a configuration are named at once, unknown keys by their name;
// nothing is started or created.
func TestFaultyConfiguration(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(t.TempDir(), "presage.yaml")
	if err := os.WriteFile(file, []byte("influx:\n  urll: http://127.0.0.1:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"serve", "config"} {
		args := []string{command}
		if command == "serve" {
			args = append(args, "--data", dir)
		}
		refused(t, []string{"PRESAGE_FORECAST_SERVICE_LEVEL=7"}, append(args, "--set", "ingest.batch=0"),
			[]string{"2 faults", "ingest.batch", "1-100000", "forecast.service_level", "0.5-0.9999"}, nil)
		refused(t, nil, append(args, "--set", "mqtt.adress=127.0.0.1:1"),
			[]string{"mqtt.adress", "unknown key", "mqtt.addr"}, nil)
		refused(t, nil, append(args, "--config", file),
			[]string{"influx.urll", file + ":2", "unknown key", "influx.url"}, nil)
		refused(t, []string{"PRESAGE_HTTP_ADRR=127.0.0.1:1"}, args,
			[]string{"PRESAGE_HTTP_ADRR", "unknown key", "PRESAGE_HTTP_ADDR"}, nil)
		refused(t, []string{"PRESAGE_OUTREACH_KEY=too-short-to-sign"}, append(args,
			"--set", "database.url=mysql://presage:hunter2@db/x"),
			[]string{"2 faults", "outreach.key", "32 characters", "database.url", "postgres://"},
			[]string{"too-short-to-sign", "hunter2"})
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused configuration left a data directory (%v)", err)
	}
}

// `presage config` shows where each value comes from and no secret.
func TestConfigMasksSecrets(t *testing.T) {
	t.Parallel()
	out := newTerminal()
	env := []string{
		"PRESAGE_INFLUX_TOKEN=token-4711", "PRESAGE_HTTP_ADMIN_KEY=admin-key-of-16-chars",
		"PRESAGE_OUTREACH_KEY=a-signing-key-of-32-characters-or-more", "PRESAGE_TWILIO_AUTH_TOKEN=twilio-4711",
		"PRESAGE_DATABASE_URL=postgres://presage:hunter2@db/presage", "PRESAGE_MQTT_PASSWORD=mqtt-4711",
	}
	args := []string{"config", "--set", "mqtt.broker=mqtts://presage:hunter3@broker:8883"}
	if err := run(t.Context(), args, env, out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`token: "***" # PRESAGE_INFLUX_TOKEN`, `admin_key: "***" # PRESAGE_HTTP_ADMIN_KEY`,
		`key: "***" # PRESAGE_OUTREACH_KEY`, `auth_token: "***" # PRESAGE_TWILIO_AUTH_TOKEN`,
		`url: "postgres://presage:***@db/presage" # PRESAGE_DATABASE_URL`, `password: "***" # PRESAGE_MQTT_PASSWORD`,
		`broker: "mqtts://presage:***@broker:8883" # --set mqtt.broker`,
	} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the configuration does not show %s", line)
		}
	}
	for _, secret := range []string{
		"4711", "admin-key-of-16-chars", "a-signing-key-of-32-characters-or-more", "hunter2", "hunter3",
	} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s stands in:\n%s", secret, out)
		}
	}
}

// A broker that does not answer is told by /readyz, to who shows the key with its
// address, and by the log; the password of its address stands in neither, nor on the terminal.
func TestAbsentBroker(t *testing.T) {
	t.Parallel()
	const secret = "hunter4-of-the-broker"
	addr := freeAddr(t)
	s := launch(t, "--data", t.TempDir(), "--set", "mqtt.broker=mqtt://gateway:"+secret+"@"+addr)
	if s.broker != "mqtt://gateway:***@"+addr {
		t.Errorf("announced %s", s.broker)
	}
	s.eventually("logged", func() bool { return strings.Contains(s.log.String(), "mqtt: no connection") }, s.log.String)
	r, err := ask(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), addr) ||
		!strings.Contains(string(body), `"mqtt","ready":false,"reason":"does not work: the log says why"`) {
		t.Errorf("/readyz: %s %s (%v), want 503 and for who shows the key the broker's address", r.Status, body, err)
	}
	if text := s.out.String() + s.log.String() + string(body); strings.Contains(text, secret) {
		t.Errorf("the password stands in: %s", text)
	}
}
