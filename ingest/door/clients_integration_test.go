//go:build integration

package door_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"presage"
	"presage/ingest/door"
)

// clientFolder is where scripts/mqtt-clients.sh has put other makers' clients.
func clientFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PRESAGE_MQTT_CLIENTS")
	if dir == "" {
		t.Skip("PRESAGE_MQTT_CLIENTS is not set: make integration sets it")
	}
	return dir
}

// program runs a client to its end.
func program(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", filepath.Base(name), err, out)
	}
}

// clientFiles are the authority, a certificate for the vehicle and its key.
func clientFiles(t *testing.T, a *authority, ca string, vin presage.VIN) []string {
	t.Helper()
	c := &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	commonName(string(vin))(c)
	signed, key := a.sign(c)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := []string{ca, filepath.Join(dir, "client.pem"), filepath.Join(dir, "client-key.pem")}
	for i, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: signed.Raw}, {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(files[i+1], pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// Clients of other makers, each version of the protocol, TCP and websockets,
// plain and with client certificates, any client ID, QoS 0, 1 and 2.
func TestClientsOfOtherMakers(t *testing.T) {
	t.Parallel()
	dir := clientFolder(t)
	a := newAuthority(t)
	_, _, ca := a.files(t.TempDir())
	for _, secured := range []bool{false, true} {
		for _, version := range []string{"3", "4", "5"} {
			for _, transport := range []string{"tcp", "ws"} {
				name := fmt.Sprintf("MQTT %s over %s, TLS %v", version, transport, secured)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					m := newMemory()
					s := startDoor(t, m, func(c *door.Config) {
						if secured {
							c.Open = false
							c.TLS.Cert, c.TLS.Key, c.TLS.ClientCA = a.files(t.TempDir())
						}
					})
					at := visit{url: s.URL(), version: version}
					if transport == "ws" {
						at.url = strings.NewReplacer("mqtts://", "wss://", "tcp://", "ws://").Replace(at.url)
					}
					if secured {
						at.files = clientFiles(t, a, ca, vinA)
					}
					for _, client := range clients(t, dir, at) {
						before := m.readings(vinA)
						program(t, client.env, client.name, client.args...)
						m.until(t, client.name, func() bool { return m.readings(vinA) == before+3 })
					}
				})
			}
		}
	}
}

type client struct {
	name string
	args []string
	env  []string
}

// visit is how a client comes.
type visit struct {
	url, version string
	files        []string // authority, certificate, key; none without TLS
}

// clients are those on this machine.
func clients(t *testing.T, dir string, at visit) (out []client) {
	t.Helper()
	id := "89860000000000123456" // as a SIM card's number
	if at.files != nil {
		id = "4f2c8e6b9d1a4c7e8b3f5a6d7c8e9f01"
	}
	args := append([]string{at.url, string(vinA), id, at.version}, at.files...)
	if python, err := exec.LookPath("python3"); err == nil && exists(dir, "python") {
		out = append(out, client{
			python, append([]string{"testdata/clients/paho_client.py"}, args...),
			[]string{"PYTHONPATH=" + filepath.Join(dir, "python")},
		})
	} else {
		t.Log("paho-mqtt is not here")
	}
	if node, err := exec.LookPath("node"); err == nil && exists(dir, "node_modules") {
		module := filepath.Join(dir, "node_modules", "mqtt")
		out = append(out, client{node, append([]string{"testdata/clients/mqttjs_client.mjs", module}, args...), nil})
	} else {
		t.Log("MQTT.js is not here")
	}
	return out
}

func exists(parts ...string) bool {
	_, err := os.Stat(filepath.Join(parts...))
	return err == nil
}

// mosquitto_pub publishes with each version and QoS; mosquitto_sub receives a
// command.
func TestMosquittosClients(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mosquitto_pub", "mosquitto_sub"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("PRESAGE_INTEGRATION") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	d, m := newDesk(), newMemory()
	s := startDoor(t, m, withDesk(d))
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL(), "tcp://"), ":")
	common := []string{"-h", "127.0.0.1", "-p", port, "-u", string(vinA), "-P", "x"}
	for i, version := range []string{"mqttv31", "mqttv311", "mqttv5"} {
		for qos := range 3 {
			program(t, nil, "mosquitto_pub", append(slices.Clone(common), "-V", version, "-q", fmt.Sprint(qos), "-i", "x",
				"-t", "presage/v1/"+string(vinA)+"/telemetry", "-m", string(sample(3*i+qos)))...)
		}
	}
	m.until(t, "nine readings", func() bool { return m.readings(vinA) == 9 })
	d.add(command(vinA, 1))
	program(t, nil, "mosquitto_sub", append(slices.Clone(common), "-q", "1", "-C", "1", "-W", "30", "-t", topicOf(vinA))...)
	m.until(t, "the command's PUBACK", func() bool { return d.open(vinA) == 0 })
}
