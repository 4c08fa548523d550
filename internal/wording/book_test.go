package wording_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"presage"
	"presage/internal/wording"
)

func load(t *testing.T) *wording.Book {
	t.Helper()
	b, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBothLanguagesTakeTheSameArguments compares the places of each text.
func TestBothLanguagesTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	b := load(t)
	places := regexp.MustCompile(`%[a-z]`)
	for _, key := range b.Keys() {
		zh, en := b.In(presage.Chinese, key), b.In(presage.English, key)
		if got, want := strings.Join(places.FindAllString(zh, -1), ""), strings.Join(places.FindAllString(en, -1), ""); got != want {
			t.Errorf("%s: zh takes %q, en %q", key, got, want)
		}
		if got, want := fields(zh), fields(en); !slices.Equal(got, want) {
			t.Errorf("%s: zh names %v, en %v", key, got, want)
		}
		if strings.Contains(en, "%%") && !places.MatchString(en) {
			t.Errorf("%s: %q is never formatted, so %%%% shows", key, en)
		}
		if zh == en && len(en) > 3 && key != "why.note" {
			t.Errorf("%s: %q in both languages", key, en)
		}
	}
}

// TestEveryKeyInUseExists reads the templates and the code of the pages.
func TestEveryKeyInUseExists(t *testing.T) {
	t.Parallel()
	b := load(t)
	fixed := regexp.MustCompile(`(?:\{\{t|\(t|\.text\() ?"([a-z0-9_.]+)"`)
	files, err := filepath.Glob("../../api/web/templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	code, err := filepath.Glob("../../api/web/*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, name := range append(files, code...) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fixed.FindAllStringSubmatch(string(raw), -1) {
			used++
			if key := m[1]; !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "_") && !b.Has(key) {
				t.Errorf("%s uses %q, which has no text", filepath.Base(name), key)
			}
		}
	}
	if used < 200 {
		t.Errorf("only %d uses found: the pattern misses them", used)
	}
}

// TestEveryWordOfTheVocabularyHasAText covers the keys that are put together at run time.
func TestEveryWordOfTheVocabularyHasAText(t *testing.T) {
	t.Parallel()
	b := load(t)
	for prefix, words := range map[string][]string{
		"status.":        {"ok", "watch", "due", "stale", "unknown"},
		"severity.":      {"comfort", "mobility", "safety"},
		"powertrain.":    {"bev", "phev", "ice"},
		"basis.":         {"measured", "survival", "clock", "learned", ""},
		"explain.basis.": {"measured", "survival", "clock", "learned", ""},
		"case.state.": {
			"open", "offered", "booked", "arrived", "done", "declined", "expired", "withheld",
			"suppressed", "superseded", "escalated", "resolved_elsewhere",
		},
		"case.waits.":    {"open", "offered", "booked", "arrived", "escalated"},
		"owner.":         {"outreach", "adviser", "workshop", "manager", ""},
		"route.":         {"ota", "mobile", "workshop", ""},
		"booking.state.": {"confirmed", "arrived", "done", "cancelled", "no_show"},
		"via.":           {"link", "reply", "api", "adviser", ""},
		"outcome.":       {"confirmed", "worn_not_due", "no_fault_found", "replaced_elsewhere", "failed"},
		"message.state.": {"planned", "sending", "sent", "delivered", "failed", "suppressed"},
		"channel.":       {"push", "sms", "call", "outbox"},
		"kind.":          {"offer", "confirmation", "reminder", "joined", "cancellation", "choose", "gone", "help", "adviser"},
		"call.":          {"reached", "no_answer", "voicemail", "wrong_number"},
		"driver.":        {"booked", "predicted", "unpredicted", "history"},
		"parts.level.":   {"depot", "region", "all"},
		"part.policy.":   {"service_level", "fill_rate", "newsvendor"},
		"accuracy.of.":   {"model", "fleet", "history", "planner"},
		"decline.":       {"not_now", "repaired", "sold", "price", "other"},
		"reason.":        letterReasons(t),
		"reason.mend.":   letterReasons(t),
		"field.": {
			"action", "who", "by", "outcome", "percent", "note", "owner", "until", "on", "text", "title", "keywords", "key", "id",
			"name", "roles", "workshops", "lang", "languages", "skills", "zone", "from_hour", "to_hour", "off_on", "csat", "nps",
			"line", "why", "minutes", "seen", "to", "part", "depot_id", "mean", "days", "preferred_channels",
		},
		"weekday.": {"0", "1", "2", "3", "4", "5", "6"},
		"life.":    {"days", "months", "years", "range_days", "range_months", "range_years"},
	} {
		for _, word := range words {
			if !b.Has(prefix + word) {
				t.Errorf("%s%s has no text", prefix, word)
			}
		}
	}
	for _, kind := range []string{"not_found", "conflict", "forbidden", "expired", "invalid", "unavailable", "internal"} {
		for _, page := range []string{"error.", "offer.error."} {
			if !b.Has(page+kind+".title") || !b.Has(page+kind+".text") {
				t.Errorf("%s%s has no page", page, kind)
			}
		}
	}
}

// letterReasons are those that the source of ingest names.
func letterReasons(t *testing.T) (reasons []string) {
	t.Helper()
	constant := regexp.MustCompile(`\bReason\w+ += "(\w+)"`)
	err := filepath.WalkDir("../../ingest", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range constant.FindAllStringSubmatch(string(source), -1) {
			reasons = append(reasons, found[1])
		}
		return err
	})
	if err != nil || len(reasons) < 20 {
		t.Fatalf("found %d reasons, %v", len(reasons), err)
	}
	return reasons
}

func TestUnknownKeyStaysReadable(t *testing.T) {
	t.Parallel()
	if got := load(t).In(presage.English, "reason.solar_flare"); got != "solar flare" {
		t.Errorf("got %q", got)
	}
}
