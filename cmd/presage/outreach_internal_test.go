package main

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach/policy"
)

// A case whose stored outcome was changed by hand is told by what differs; one
// that was not replays to the byte; an alert's has nothing to compute.
func TestOutreachReplay(t *testing.T) {
	t.Parallel()
	yuan := func(fen int64) presage.Money { return presage.Money{Minor: fen, Currency: "CNY"} }
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	d, err := policy.Decide(policy.Input{
		VIN: wearing, At: at, Parameters: policy.Parameters{VisitCost: yuan(15000), Annoyance: yuan(500), HorizonDays: 60},
		EarliestDay: 2, Needs: []policy.Need{{
			Component: presage.BrakePadsFront, Status: presage.StatusDue, Severity: presage.Safety, Price: yuan(68000),
			Breakdown: yuan(900000), FailWithin: presage.FailWithin{D7: 0.1, D30: 0.5, D60: 0.8, D90: 0.9}, LeftShare: 0.1,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	d.Severity = presage.Comfort
	changed, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store, err := sqlstore.Open(t.Context(), filepath.Join(dir, "presage.db"))
	if err != nil {
		t.Fatal(err)
	}
	for id, decision := range map[string]json.RawMessage{
		"kept": kept, "changed": changed, "alert": json.RawMessage(`{"policy":"watch/1","alert":{"rule":"insulation_lost"}}`),
	} {
		err := store.CreateCase(t.Context(), presage.Case{
			ID: id, VIN: wearing, State: presage.CaseDone, Severity: presage.Safety, OpenedAt: at, Decision: decision,
		}, presage.CaseEvent{At: at})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if out := command(t, "outreach", "replay", "--data", dir, "--case", "kept"); !strings.Contains(out, "the same to the byte") {
		t.Errorf("kept: %s", out)
	}
	if out := command(t, "outreach", "replay", "--data", dir, "--case", "alert"); !strings.Contains(out, "watch rule insulation_lost") {
		t.Errorf("alert: %s", out)
	}
	for id, want := range map[string]struct {
		kind error
		says string
	}{
		"changed": {presage.ErrConflict, "severity: stored comfort, now safety"}, "nobody": {presage.ErrNotFound, "nobody"},
	} {
		args := []string{"outreach", "replay", "--data", dir, "--case", id}
		err := run(t.Context(), args, nil, newTerminal(), io.Discard)
		if !errors.Is(err, want.kind) || !strings.Contains(err.Error(), want.says) {
			t.Errorf("%s: %v, want %v that says %q", id, err, want.kind, want.says)
		}
	}
}
