package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
)

// secretsIn reads a file that `presage vehicles provision --out` wrote.
func secretsIn(t *testing.T, name string) map[presage.VIN]presage.Secret {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v: want readable by the owner alone", info.Mode(), err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || rows[0][0] != "vin" || rows[0][1] != "secret" {
		t.Fatalf("%v, %v", rows[0], err)
	}
	out := map[presage.VIN]presage.Secret{}
	for _, row := range rows[1:] {
		out[presage.VIN(row[0])] = presage.Secret(row[1])
	}
	return out
}

// printed runs presage and returns what it printed.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	out, log := newTerminal(), newTerminal()
	if err := run(t.Context(), args, testEnv(), out, log); err != nil {
		t.Fatalf("presage %s: %v", strings.Join(args[:2], " "), err)
	}
	return out.String()
}

func login(s *service, vin presage.VIN, secret presage.Secret) (*mqtt.Publisher, error) {
	p, err := mqtt.NewPublisher(s.tb.Context(), mqtt.PublisherConfig{
		Broker: s.broker, VIN: vin, Password: secret, Attempts: 1, RetryWait: time.Millisecond, Timeout: patience,
	})
	if err == nil {
		s.tb.Cleanup(func() { _ = p.Close() })
	}
	return p, err
}

func sample(kmh int) []byte {
	return fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, time.Now().Add(-time.Minute).UnixMilli(), kmh)
}

// Ten thousand vehicles are provisioned while the service is down; it listens
// on every address without mqtt.open, one of them speaks, is revoked, is cut
// off at once, and comes back with a new secret only.
func TestFleetWithSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const fleet = 10_000
	var vins strings.Builder
	vins.WriteString("name,VIN\n")
	for n := range fleet {
		fmt.Fprintf(&vins, "car %d,%s\n", n, car(20_000+n))
	}
	file, out := filepath.Join(dir, "vins.csv"), filepath.Join(dir, "secrets.csv")
	if err := os.WriteFile(file, []byte(vins.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	began := time.Now()
	printed(t, "vehicles", "provision", "--data", data, "--set", "mqtt.secret_cost=4", "--file", file, "--out", out)
	t.Logf("%d vehicles provisioned in %v", fleet, time.Since(began).Round(time.Millisecond))
	secrets := secretsIn(t, out)
	if len(secrets) != fleet {
		t.Fatalf("%d secrets", len(secrets))
	}
	if n := strings.Count(printed(t, "vehicles", "list", "--data", data), ",true,"); n != fleet {
		t.Errorf("%d vehicles are listed with a secret", n)
	}

	s := serve(t, "--data", data, "--mqtt-addr", "0.0.0.0:0", "--set", "mqtt.secret_cost=4", "--set", "ingest.unknown=reject")
	refused(t, nil, []string{"vehicles", "list", "--data", data}, []string{"in use", "--url http://"}, nil)
	vin, other := car(20_007), car(20_008)
	secret := secrets[vin]
	p, err := login(s, vin, secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vin), sample(50)); err != nil {
		t.Fatal(err)
	}
	until(s, "/v1/vehicles?q="+string(vin), "heard", func(v presage.Vehicle) bool { return !v.LastSeen.IsZero() })
	for name, try := range map[string]struct {
		vin    presage.VIN
		secret presage.Secret
	}{
		"wrong secret": {vin, "guess"}, "another's secret": {other, secret},
		"not registered": {car(1), secret}, "anonymous": {"", ""},
	} {
		if _, err := login(s, try.vin, try.secret); !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text := printed(t, "vehicles", "revoke", "--url", s.url, string(vin)); !strings.Contains(text, "1 of 1") {
		t.Error(text)
	}
	// The connection is gone: what is published needs a new login, which is refused.
	if err := p.Publish(t.Context(), ingest.TelemetryTopic(vin), sample(51)); err == nil {
		t.Error("a revoked vehicle publishes")
	}
	if _, err := login(s, vin, secret); !errors.Is(err, presage.ErrForbidden) {
		t.Errorf("a revoked vehicle comes back: %v", err)
	}
	again := filepath.Join(dir, "again.csv")
	printed(t, "vehicles", "provision", "--url", s.url, "--out", again, string(vin))
	if _, err := login(s, vin, secretsIn(t, again)[vin]); err != nil {
		t.Errorf("with the new secret: %v", err)
	}
	if _, err := login(s, vin, secret); !errors.Is(err, presage.ErrForbidden) {
		t.Errorf("with the one before: %v", err)
	}
	rotated, err := login(s, other, secrets[other])
	if err != nil {
		t.Fatal(err)
	}
	printed(t, "vehicles", "provision", "--url", s.url, "--out", filepath.Join(dir, "rotated.csv"), string(other))
	if err := rotated.Publish(t.Context(), ingest.TelemetryTopic(other), sample(52)); err == nil {
		t.Error("a connection by the secret of before stands")
	}
	for _, path := range []string{
		"/v1/vehicles/credentials?limit=500", "/v1/vehicles/" + string(vin) + "/credentials", "/v1/vehicles?q=" + string(vin),
		"/v1/dead-letters", "/vehicles/" + string(vin), "/metrics",
	} {
		if hasSecret(pageText(s, path), secrets, secretsIn(t, again)) {
			t.Errorf("%s shows a secret", path)
		}
	}
	if hasSecret(s.log.String()+s.out.String(), secrets, secretsIn(t, again)) {
		t.Error("the log holds a secret")
	}
}

// pageText is an answer as it came.
func pageText(s *service, path string) string {
	s.tb.Helper()
	r, err := ask(s.url + path)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		s.tb.Fatalf("%s: %s, %v", path, r.Status, err)
	}
	return string(text)
}

func hasSecret(text string, files ...map[presage.VIN]presage.Secret) bool {
	for _, secrets := range files {
		for _, secret := range secrets {
			if strings.Contains(text, secret.Reveal()) {
				return true
			}
		}
	}
	return false
}

func TestBadListChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, out := filepath.Join(dir, "vins.csv"), filepath.Join(dir, "secrets.csv")
	text := "# ours\n" + string(car(1)) + "\nSHORT\n\n" + string(car(1)) + "\nLPSCAROOON0000101\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, nil, []string{"vehicles", "provision", "--data", filepath.Join(dir, "data"), "--file", file, "--out", out},
		[]string{"vins.csv:3", "5 characters", "vins.csv:5", "same VIN as at", "vins.csv:2", "vins.csv:6", "'O'"}, []string{string(car(1))})
	if _, err := os.Stat(out); err == nil {
		t.Error("a file for secrets was made")
	}
	if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, nil, []string{"vehicles", "provision", "--data", filepath.Join(dir, "data"), "--out", out, string(car(1))},
		[]string{"--out", "it exists"}, nil)
	refused(t, nil, []string{"vehicles", "revoke", "--data", filepath.Join(dir, "data"), string(car(1))}, []string{"not found"}, nil)
	refused(t, nil, []string{"vehicles", "list", "--url", "http://127.0.0.1:1"}, []string{"no service answers", "--url"}, nil)
}

// What an unknown vehicle sends is kept, bounded, and goes in by itself once it
// is registered.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir(), "--set", "ingest.unknown=quarantine", "--set", "ingest.held_per_vehicle=3")
	vin, never := car(7), car(8)
	for _, v := range []presage.VIN{vin, never} {
		p, err := login(s, v, "")
		if err != nil {
			t.Fatal(err)
		}
		for n := range 5 {
			text := fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, time.Now().Add(-time.Hour).UnixMilli()+int64(n), n)
			if err := p.Publish(t.Context(), ingest.TelemetryTopic(v), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	until(s, "/v1/vehicles/held", "three are kept, two are not, however often the broker repeats them", func(h presage.HeldLetters) bool {
		return h.VIN == vin && h.Kept == 3 && h.TurnedAway >= 2
	})
	if vs := get[list[presage.Vehicle]](s, "/v1/vehicles").Items; len(vs) != 0 {
		t.Errorf("an unknown vehicle was registered: %d", len(vs))
	}
	send[map[string]int](s, http.MethodPut, "/v1/fleet", map[string]any{
		"vehicles": []map[string]any{{"vin": vin, "powertrain": "bev"}},
	})
	until(s, "/v1/vehicles", "its rows are stored", func(v presage.Vehicle) bool {
		return v.VIN == vin && !v.LastSeen.IsZero()
	})
	until(s, "/v1/vehicles/held", "nothing is held of it any more", func(h presage.HeldLetters) bool {
		return h.VIN == vin && h.Kept == 0
	})
	if n := get[letterPage](s, "/v1/dead-letters").Counts[ingest.ReasonUnknownVehicle]; n != 3 {
		t.Errorf("%d letters are open, want the other vehicle's 3", n)
	}
	printed(t, "vehicles", "provision", "--url", s.url, "--out", filepath.Join(t.TempDir(), "s.csv"), string(never))
	until(s, "/v1/vehicles", "registered by its secret", func(v presage.Vehicle) bool {
		return v.VIN == never && !v.LastSeen.IsZero()
	})
}
