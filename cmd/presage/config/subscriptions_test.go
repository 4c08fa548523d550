package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage/cmd/presage/config"
)

func receivers(t *testing.T, text string) config.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "subscriptions.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Config{Subscriptions: file}
}

func TestReceiversOfAFile(t *testing.T) {
	t.Parallel()
	got, err := receivers(t, `
- id: dms-1
  url: https://dms.example/presage
  system: dms-1
  types: [presage.booking.sold]
  secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
- {id: crm, url: "http://127.0.0.1:8099/x", secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw], active: false}
`).Receivers()
	if err != nil || len(got) != 2 || !got[0].Active || got[1].Active || got[0].System != "dms-1" ||
		len(got[0].Types) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if none, err := (config.Config{}).Receivers(); len(none) > 0 || err != nil {
		t.Errorf("without a file: %v, %v", none, err)
	}
	if none, err := receivers(t, "").Receivers(); len(none) > 0 || err != nil {
		t.Errorf("of an empty file: %v, %v", none, err)
	}
}

// All faults of the file are named at once, and no secret.
func TestFaultsOfReceivers(t *testing.T) {
	t.Parallel()
	_, err := receivers(t, `
- {id: dms-1, url: "http://dms.example/presage", secrets: [whsec_short]}
- {id: dms-1, url: "https://dms.example/presage", types: [presage.lunch]}
`).Receivers()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{"entry 1", "url", "entry 2", "one entry for each", "presage.lunch", "secrets"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not named: %v", part, err)
		}
	}
	if strings.Contains(err.Error(), "whsec_short") {
		t.Errorf("a secret is shown: %v", err)
	}
	_, err = receivers(t, "- {id: a, colour: red}").Receivers()
	if err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("an unknown field: %v", err)
	}
	if _, err := (config.Config{Subscriptions: filepath.Join(t.TempDir(), "none.yaml")}).Receivers(); err == nil {
		t.Error("a file that is not there is accepted")
	}
}
