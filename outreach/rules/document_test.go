package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/rules"
)

// What configuration says comes back from its document, field by field.
func TestDocumentHoldsTheConfiguration(t *testing.T) {
	t.Parallel()
	c := rules.Default()
	c.Pilot, c.Cap, c.Manager, c.QuietFrom = []string{"w1"}, 7, 90*time.Minute, 20
	raw, err := rules.DocumentOf(c).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	d, err := rules.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, d.Over(c)); diff != "" {
		t.Errorf("over itself (-want +got):\n%s", diff)
	}
	other := rules.Default()
	other.Pilot = []string{}
	if diff := cmp.Diff(c, d.Over(other)); diff != "" {
		t.Errorf("over another (-want +got):\n%s", diff)
	}
}

func TestReadLeavesOutWhatIsDefault(t *testing.T) {
	t.Parallel()
	d, err := rules.Read([]byte("format: 1\nquiet_hours: {from: 22}\noffer: {valid: 36h}\nhold_out: {share: 0.1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := rules.DefaultDocument()
	want.Quiet.From, want.Offer.Valid, want.HoldOut.Share = 22, rules.Span(36*time.Hour), 0.1
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What coupons leave out is stored as absent, and a fault of a rule against the
// catalogue is named by its field.
func TestReadCoupons(t *testing.T) {
	t.Parallel()
	d, err := rules.Read([]byte("format: 1\ncoupons:\n- {name: a, components: [brakes, gone], severity: [], workshops: [w9], " +
		"amount: {minor: 500, currency: EUR}, days: 30, again: 365d, leave_out: 0.5}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []rules.CouponRule{{
		Name: "a", Components: []presage.ComponentID{"brakes", "gone"}, Workshops: []string{"w9"},
		Amount: presage.Money{Minor: 500, Currency: "EUR"}, Days: 30, Again: rules.Span(365 * 24 * time.Hour), LeaveOut: 0.5,
	}}
	if diff := cmp.Diff(want, d.Coupons); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	cat := &presage.Catalogue{
		Components: []presage.Component{{ID: "brakes", Severity: presage.Safety}},
		Jobs:       []presage.Job{{Code: "j", Price: presage.Money{Minor: 1, Currency: "CNY"}}},
	}
	err = d.CouponsFit(cat, []string{"w1"})
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("%v, want ErrInvalid", err)
	}
	for _, field := range []string{"components[0]", "components[1]", "workshops[0]", "amount.currency"} {
		if !strings.Contains(err.Error(), "coupons[0]."+field) {
			t.Errorf("%s is not named in:\n%v", field, err)
		}
	}
}

func TestReadDaysOfQuietHours(t *testing.T) {
	t.Parallel()
	d, err := rules.Read([]byte("format: 1\nquiet_hours:\n  holidays: {public: false, add: [CN 2026-12-25], " +
		"remove: [DE 2026-12-24/2026-12-26]}\n  elsewhere: [US]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Quiet{From: 21, To: 8, Elsewhere: []string{"US"}, Holidays: rules.Holidays{
		Add: []string{"CN 2026-12-25"}, Remove: []string{"DE 2026-12-24/2026-12-26"},
	}}
	if diff := cmp.Diff(want, d.Quiet); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	christmas := time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC)
	h := rules.Holidays{Public: true, Add: []string{"CN 2026-12-25", "DE 2026-12-25"}, Remove: want.Holidays.Remove}
	for country, want := range map[string][2]bool{"CN": {true, true}, "DE": {false, true}, "US": {false, false}} {
		holiday, said := h.Said(country, christmas)
		if [2]bool{holiday, said} != want {
			t.Errorf("%s: holiday, said: %v, %v; want %v", country, holiday, said, want)
		}
	}
	if holiday, said := d.Quiet.Holidays.Said("US", christmas); holiday || !said {
		t.Error("without public holidays the calendar is asked")
	}
}

func TestReadNamesEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document string
		fields   []string
	}{
		"days": {
			"format: 1\nquiet_hours: {holidays: {public: maybe, add: [CN 2026-02-30, cn 2026-02-20, CN, CN 2026-02-20/2026-02-19, " +
				"CN 2026-01-01/2026-02-01], remove: [2026-12-24]}, elsewhere: [China]}\n",
			[]string{
				"quiet_hours.holidays.public", "quiet_hours.holidays.add[0]", "quiet_hours.holidays.add[1]",
				"quiet_hours.holidays.add[2]", "quiet_hours.holidays.add[3]", "quiet_hours.holidays.add[4]",
				"quiet_hours.holidays.remove[0]", "quiet_hours.elsewhere[0]",
			},
		},
		"several": {
			"costs: {visit: {minor: -1, currency: yuan}, horizon_days: 0}\nhold_out: {share: 0.9, experiment: ''}\n" +
				"cap: {offers: 2.5, within: soon}\nquiet: {from: 21}\nsla: {call_safety: 2d, call: 0}\npilot: {workshops: [a, a]}\n",
			[]string{
				"cap.offers", "cap.within", "quiet", "format", "costs.visit.minor", "costs.visit.currency",
				"costs.annoyance.currency", "costs.horizon_days", "hold_out.share", "hold_out.experiment",
				"pilot.workshops[1]", "sla.call_safety", "sla.call",
			},
		},
		"coupons": {
			"format: 1\ncoupons:\n- {name: a, severity: [safety], percent: 10, days: 30}\n- {name: a, percent: 10, " +
				"amount: {minor: 5, currency: CNY}, days: 0}\n- {name: b, days: 3, leave_out: 1, per_month: -1, again: -1h}\n",
			[]string{
				"coupons[0].severity[0]", "coupons[1].name", "coupons[1]:", "coupons[1].days", "coupons[2]:",
				"coupons[2].leave_out", "coupons[2].per_month", "coupons[2].again",
			},
		},
		"wrong kinds": {
			"format: 1\ncap: 3\npilot: {workshops: w1}\nhold_out: {experiment: 7}\noffer: {slots: three}\n",
			[]string{"cap", "pilot.workshops", "hold_out.experiment", "offer.slots"},
		},
		"no document": {"", []string{"invalid policy"}},
		"no mapping":  {"- 1\n", []string{"policy", "format"}},
		"two":         {"format: 1\n---\nformat: 1\n", []string{"invalid policy"}},
		"repeated":    {"format: 1\nformat: 1\n", []string{"invalid policy"}},
		"too long":    {"format: 1\n#" + strings.Repeat("x", 300_000), []string{"invalid policy"}},
	} {
		_, err := rules.Read([]byte(c.document))
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		for _, field := range c.fields {
			if !strings.Contains("\n"+err.Error(), "\n"+field) {
				t.Errorf("%s: %q is not named in:\n%v", name, field, err)
			}
		}
		if name == "wrong kinds" && len(lines) != len(c.fields) {
			t.Errorf("%s: %d faults, want %d:\n%v", name, len(lines), len(c.fields), err)
		}
	}
}

// A span is written as it is read.
func TestSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30d": 720 * time.Hour, "36h": 36 * time.Hour, "15m": 15 * time.Minute, "0": 0, "90s": 90 * time.Second,
	} {
		s, err := rules.ParseSpan(text)
		if err != nil || time.Duration(s) != want {
			t.Errorf("%s: %v, %v; want %v", text, time.Duration(s), err, want)
		}
	}
	for _, text := range []string{"", "-1h", "d", "1.5d", "soon"} {
		if s, err := rules.ParseSpan(text); err == nil {
			t.Errorf("%q is read as %v, want a fault", text, s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rules.Span(rapid.Int64Range(0, int64(60_000*time.Hour)).Draw(t, "span"))
		again, err := rules.ParseSpan(s.String())
		if err != nil || again != s {
			t.Fatalf("%v is written %q and read as %v: %v", time.Duration(s), s, time.Duration(again), err)
		}
	})
}

func FuzzRead(f *testing.F) {
	raw, err := rules.DefaultDocument().Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(raw))
	f.Add([]byte("format: 1\ncap: {offers: 3, within: 30d}\n"))
	f.Add([]byte("format: 1\ncoupons: [{name: a, percent: 10, days: 30, components: [], amount: {}}]\n"))
	f.Add([]byte("a: &a [*a]\n? {b: 1}\n: 2\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := rules.Read(raw)
		if err != nil {
			return
		}
		stored, err := d.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := rules.Read(stored)
		if diff := cmp.Diff(d, again); err != nil || diff != "" {
			t.Fatalf("what is stored is not read: %v\n%s", err, diff)
		}
	})
}
