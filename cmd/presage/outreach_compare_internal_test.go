package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach/policy"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// decided is a data directory with two decisions about one car: it was asked
// in for its battery, and left alone a week later, as the cap was reached.
func decided(t *testing.T) string {
	t.Helper()
	yuan := func(fen int64) presage.Money { return presage.Money{Minor: fen, Currency: "CNY"} }
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC) // 10:00 in Shanghai
	need := func(id presage.ComponentID) []replay.Need {
		return []replay.Need{{Need: policy.Need{
			Component: id, Status: presage.StatusDue, Severity: presage.Mobility, Price: yuan(30000), Breakdown: yuan(100000),
			FailWithin: presage.FailWithin{D7: 0.1, D30: 0.5, D60: 0.8, D90: 0.9}, RemainingDays: 30, LeftShare: 0.1,
		}}}
	}
	cfg := rules.Default()
	cfg.Cap = 1
	inForce, err := rules.DocumentOf(cfg).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	ways := map[presage.Purpose]replay.Way{presage.PurposeService: {Channels: []presage.ChannelName{"sms"}}}
	told := []presage.ToldOffer{{CaseID: "c1", At: at}}
	known := map[string]replay.Known{
		"d1": {Needs: need(presage.Battery12V), Ways: ways, Zone: "Asia/Shanghai", Rules: inForce},
		"d2": {Needs: need(presage.ShockAbsorbers), Ways: ways, Zone: "Asia/Shanghai", Rules: inForce, Told: told},
	}
	dir := t.TempDir()
	store, err := sqlstore.Open(t.Context(), filepath.Join(dir, "presage.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CreateCase(t.Context(), presage.Case{
		ID: "c1", VIN: wearing, State: presage.CaseDone, Severity: presage.Mobility, OpenedAt: at,
	}, presage.CaseEvent{At: at}); err != nil {
		t.Fatal(err)
	}
	for id, d := range map[string]presage.DecisionRecord{
		"d1": {At: at, CaseID: "c1", Outcome: presage.DecisionTold},
		"d2": {At: at.AddDate(0, 0, 7), Outcome: presage.DecisionCapped},
	} {
		d.ID, d.VIN, d.CustomerID = id, wearing, "k1"
		if d.Known, err = known[id].Marshal(); err == nil {
			err = store.PutDecision(t.Context(), d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func policyFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOutreachCompare(t *testing.T) {
	t.Parallel()
	dir := decided(t)
	a, b := policyFile(t, "format: 1\ncap: {offers: 1}\n"), policyFile(t, "format: 1\ncap: {offers: 2}\n")
	args := []string{"outreach", "compare", "--data", dir, "--policy", a, "--policy", b}
	out := command(t, args...)
	for _, want := range []string{
		"2 decisions, 1 of them different under B", "2 of 2 decisions come out as they are stored",
		"2026-11-27T02:00Z", "capped", "outcome, visit_by, told_at, texts",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, string(wearing)) {
		t.Errorf("the table shows a whole VIN:\n%s", out)
	}
	if again := command(t, args...); again != out {
		t.Error("the same comparison prints something else")
	}
	var c replay.Comparison
	if err := json.Unmarshal([]byte(command(t, append(args, "--json", "--vins")...)), &c); err != nil {
		t.Fatal(err)
	}
	first := c.Rows[0]
	if first.ID != "d2" || first.VIN != wearing || first.B.Outcome != presage.DecisionTold {
		t.Errorf("the difference comes first, with its whole VIN: %+v", first)
	}
	// By hand, in fen, from the worked example of the policy: not told within 60
	// days 100,000 * 0.8; told for day 0 of a part with a tenth of its life left
	// 30,000 * 0.1 + 20,000 + 5,000.
	if first.A.Cost != 80_000 || first.B.Cost != 28_000 {
		t.Errorf("costs %d and %d, want 80000 and 28000", first.A.Cost, first.B.Cost)
	}
	if rows := strings.Count(command(t, append(args, "--csv")...), "\n"); rows != 5 {
		t.Errorf("%d lines of CSV, want a head and two a decision", rows)
	}
	// And ten percent of 30,000 off, for the first of the month alone.
	c2 := policyFile(t, "format: 1\ncap: {offers: 2}\ncoupons: [{name: spring, percent: 10, days: 30, per_month: 1}]\n")
	for _, from := range []string{"2026-11-01", "2026-11-21"} {
		out = command(t, "outreach", "compare", "--data", dir, "--policy", a, "--policy", c2, "--from", from)
		if strings.Count(out, "spring 30.00") != 1 {
			t.Errorf("one coupon is given from %s on:\n%s", from, out)
		}
	}
	if out := command(t, append(args, "--to", "2026-11-21")...); !strings.Contains(out, "1 decisions to 2026-11-21T00:00Z, 0 of") {
		t.Errorf("only the first day:\n%s", out)
	}
}

// Every fault of both files and of the flags is named at once.
func TestOutreachCompareNamesFaults(t *testing.T) {
	t.Parallel()
	dir := decided(t)
	a := policyFile(t, "format: 1\ncap: {offers: -1}\nhold_out: {share: 2}\n")
	b := policyFile(t, "format: 1\ncoupon: 1\n")
	err := run(t.Context(), []string{
		"outreach", "compare", "--data", dir, "--policy", a, "--policy", b, "--from", "yesterday",
	}, nil, newTerminal(), io.Discard)
	for _, want := range []string{a, b, "cap.offers", "hold_out.share", "coupon", "--from"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named: %v", want, err)
		}
	}
	b = policyFile(t, "format: 1\npilot: {workshops: [nowhere]}\n"+
		"costs: {visit: {minor: 1, currency: EUR}, annoyance: {minor: 1, currency: EUR}}\n")
	err = run(t.Context(), []string{"outreach", "compare", "--data", dir, "--policy", b, "--policy", b}, nil, newTerminal(), io.Discard)
	for _, want := range []string{"pilot.workshops[0]", "costs.visit.currency", "CNY"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named: %v", want, err)
		}
	}
}
