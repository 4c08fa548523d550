package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage/cmd/presage/config"
)

func printed(t *testing.T, e *config.Effective) string {
	t.Helper()
	var out bytes.Buffer
	if err := e.Print(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPrintShowsValuesAndTheirOrigin(t *testing.T) {
	t.Parallel()
	e, err := config.Load(t.Context(), nil,
		[]string{"PRESAGE_DATABASE_URL=postgres://app:hunter2hunter2@db/presage?sslmode=require"},
		map[string]string{"http.admin_key": "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	got := printed(t, e)
	for _, want := range []string{
		"data_dir: \"presage-data\" # default\nhttp:\n  addr: \"127.0.0.1:8080\" # default\n",
		"  admin_key: \"***\" # --set http.admin_key\n",
		"  url: \"postgres://app:***@db/presage?sslmode=require\" # PRESAGE_DATABASE_URL\n",
		"  linger: \"200µs\" # default\n", "  channels: [\"outbox\"] # default\n", "  score_at: \"02:00\" # default\n",
		"  horizon_days: 30 # default\n", "  auto_order: false # default\n", "  token: \"\" # default\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "#"); n != len(config.Keys()) {
		t.Errorf("%d lines of %d keys", n, len(config.Keys()))
	}
}

func TestWhatIsPrintedLoadsAsTheSame(t *testing.T) {
	t.Parallel()
	e, err := config.Load(t.Context(), nil, nil, map[string]string{
		"outreach.channels": "outbox", "outreach.brand": "普瑞服务", "log.format": "json", "data_dir": `C:\odd: "dir" # 1`, "ingest.linger": "1.5s",
		"outreach.hold_out": "0.125", "mqtt.username": "true", "schedule.zone": "Asia/Shanghai", "mqtt.addr": "0.0.0.0:1883",
		"database.url": "postgres://db/presage?a=1&sslmode=disable",
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := config.Load(t.Context(), []string{file(t, "printed.yaml", printed(t, e))}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e.Config, again.Config); diff != "" {
		t.Error(diff)
	}
}

func TestAPrintedSecretIsRefused(t *testing.T) {
	t.Parallel()
	e, err := config.Load(t.Context(), nil, nil, map[string]string{
		"twilio.auth_token": "verysecret", "mqtt.broker": "mqtt://u:p@h:1883",
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = config.Load(t.Context(), []string{file(t, "printed.yaml", printed(t, e))}, nil, nil)
	for _, key := range []string{"twilio.auth_token", "mqtt.broker"} {
		if err == nil || !strings.Contains(err.Error(), key+" (") {
			t.Errorf("%s was taken masked: %v", key, err)
		}
	}
}

// A secret is put at every place that may hold one, with values that are
// right and wrong, and must be neither in the print, nor in a fault.
func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	secretKeys := []string{"http.admin_key", "mqtt.password", "influx.token", "outreach.key", "twilio.auth_token", "fcm.credentials", "webhook.sms.secrets", "webhook.sms.key_secret"}
	addresses := map[string][]string{
		"database.url": {
			"postgres://u:SECRET@h/d", "postgres://h/d?user=u&password=SECRET", "host=h password=SECRET", "postgres://u:SECRET",
			"mysql://u:SECRET@h/d", "SECRET@h",
		},
		"mqtt.broker":     {"mqtts://u:SECRET@h:1", "mqtt://TOKEN@h:1", "ftp://u:SECRET@h"},
		"influx.url":      {"http://u:SECRET@h", "http://h?token=SECRET", "http//u:SECRET@h"},
		"fcm.base_url":    {"https://u:SECRET@h", "u:SECRET@h"},
		"twilio.base_url": {"https://u:SECRET@h", "u:SECRET@h"},
		"http.public_url": {"https://u:SECRET@h", "ftp://u:SECRET@h"},
		"log.level":       {"x://u:SECRET@h"}, "data_dir": {"postgres://u:SECRET@h/d"}, "ingest.batch": {"a://b:SECRET@c"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		secret := "s3" + rapid.StringMatching(`[A-Za-z0-9@:/?#%!.*]{10,40}`).Draw(rt, "secret") + "t3"
		flags := map[string]string{}
		for _, key := range secretKeys {
			if rapid.Bool().Draw(rt, key) {
				flags[key] = secret
			}
		}
		for key, forms := range addresses {
			if i := rapid.IntRange(-2, len(forms)-1).Draw(rt, key); i >= 0 {
				flags[key] = strings.ReplaceAll(forms[i], "SECRET", secret)
				// A colon in a user name ends it.
				flags[key] = strings.ReplaceAll(flags[key], "TOKEN", strings.ReplaceAll(secret, ":", ""))
			}
		}
		var shown string
		if e, err := config.Load(t.Context(), nil, nil, flags); err != nil {
			shown = err.Error()
		} else {
			shown = printed(t, e)
		}
		if strings.Contains(shown, secret) || strings.Contains(shown, strings.ReplaceAll(secret, ":", "")) {
			rt.Fatalf("the secret %q of %v is in\n%s", secret, flags, shown)
		}
	})
}

func TestSigningKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.DataDir = t.TempDir()
	first, err := c.SigningKey()
	if err != nil || len(first.Reveal()) != 64 {
		t.Fatalf("a key of %d characters, %v", len(first.Reveal()), err)
	}
	second, err := c.SigningKey()
	if err != nil || second != first {
		t.Errorf("the second call gives another key, %v", err)
	}
	info, err := os.Stat(filepath.Join(c.DataDir, "outreach.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: want readable by the owner alone", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(c.DataDir, "outreach.key"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SigningKey(); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("half a key: %v", err)
	}
	c.Outreach.Key = "from the configuration, whatever the file says"
	if key, err := c.SigningKey(); err != nil || key != c.Outreach.Key {
		t.Errorf("%v", err)
	}
}
