package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"presage"
)

// The fleet that the README tells a newcomer to register.
func TestTheExampleFleetIsAccepted(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/fleet.json")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, embedded(t).args...)
	counts := send[map[string]any](s, http.MethodPut, "/v1/fleet", json.RawMessage(text))
	if counts["vehicles"] != 1. || counts["workshops"] != 1. || counts["stock"] != 1. {
		t.Errorf("registered %v", counts)
	}
	until(s, "/v1/vehicles", "the example's vehicle is registered",
		func(v presage.Vehicle) bool { return v.Model == "Leon" && !v.AutoRegistered })
}

func TestHelpInEveryForm(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"help"}, {"--help"}} {
		if got := command(t, args...); !strings.Contains(got, "serve") {
			t.Errorf("presage %v printed %q", args, got)
		}
	}
	if got := command(t, "--version"); !strings.HasPrefix(got, "presage ") {
		t.Errorf("--version printed %q", got)
	}
}
