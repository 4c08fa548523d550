package outreach_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"presage"
	"presage/internal/wording"
	"presage/outreach"
	"presage/outreach/decide"
)

// TestScenarios plays every script of testdata; testdata/README.md says what
// each specifies and how the lines read.
func TestScenarios(t *testing.T) {
	t.Parallel()
	playAll(t, openStore)
}

// playAll plays every script, each on a store of its own.
func playAll(t *testing.T, open func(*testing.T) sqlStore) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			play(t, file, open(t))
		})
	}
}

// scenario is one script's world: the real rooms on the real store, phones that
// keep what they receive, and a clock that only the script moves.
type scenario struct {
	t         *testing.T
	cat       *presage.Catalogue
	texts     *wording.Texts
	store     sqlStore
	now       time.Time
	zone      *time.Location // of the script's times
	cfg       outreach.Config
	lines     map[presage.ChannelName]line
	names     []presage.ChannelName // of the channels, as configured
	svc       *outreach.Service     // nil until it is used, and after a change of its configuration
	down      bool                  // no process runs
	inbox     inbox
	customers map[string]presage.Customer // as their registry knows them
	workshops map[string]presage.Workshop
	cars      map[string]presage.Vehicle
	alerts    map[string]presage.Alert // by car and rule
	sightings seenCars
	tabs      map[string]presage.OfferView
	calendars map[string]string // by car, as last looked at
	stands    map[presage.VIN]stand
	report    decide.Report
}

// verb does one line of a script.
type verb func(*scenario, *step)

func verbs() map[string]verb {
	all := map[string]verb{"expect": (*scenario).expect}
	maps.Copy(all, worldVerbs())
	maps.Copy(all, timeVerbs())
	maps.Copy(all, actVerbs())
	return all
}

func play(t *testing.T, file string, store sqlStore) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) > 0 {
		t.Fatalf("%s: a script is the text before any file", file)
	}
	d, err := data()
	if err != nil {
		t.Fatal(err)
	}
	cat := *d.catalogue // its recalls are the script's own
	cat.RecallBook = func(id string) (presage.Recall, error) { return store.Recall(t.Context(), id) }
	s := &scenario{
		t: t, cat: &cat, texts: d.texts, store: store, zone: time.UTC, cfg: quietAfterwards(),
		lines: map[presage.ChannelName]line{}, customers: map[string]presage.Customer{},
		workshops: map[string]presage.Workshop{}, cars: map[string]presage.Vehicle{},
		alerts: map[string]presage.Alert{}, sightings: seenCars{}, tabs: map[string]presage.OfferView{},
		calendars: map[string]string{}, stands: map[presage.VIN]stand{},
	}
	s.cfg.BaseURL = "https://s.example"
	known := verbs()
	for i, text := range strings.Split(string(a.Comment), "\n") {
		st, ok := newStep(t, fmt.Sprintf("%s:%d", file, i+1), text)
		if !ok {
			continue
		}
		name := st.word("verb")
		do := known[name]
		if do == nil {
			st.fatalf("unknown verb %q, want one of %v", name, slices.Sorted(maps.Keys(known)))
		}
		if s.now.IsZero() && name != "clock" {
			st.fatalf("a script starts with its clock")
		}
		do(s, st)
		st.done()
	}
	if rest := s.inbox.rest("", ""); len(rest) > 0 {
		t.Fatalf("%s: texts that no line expects:\n%s", file, s.list(rest))
	}
}

// service is outreach as the script configured it.
func (s *scenario) service(st *step) *outreach.Service {
	if s.svc != nil {
		return s.svc
	}
	if len(s.names) == 0 {
		s.open(st, presage.ChannelSMS)
	}
	var channels []outreach.Channel
	for _, name := range s.names {
		channels = append(channels, s.lines[name])
	}
	svc, err := outreach.New(s.cfg, outreach.Deps{
		Store: s.store, Catalogue: s.cat, Channels: channels, Key: signingKey,
		Now: func() time.Time { return s.now }, Texts: s.texts, Whereabouts: s.whereabouts, Telemetry: s.sightings,
	})
	st.must(err)
	s.svc = svc
	return svc
}

// run is what the processes do at this moment: send what is due, look at deadlines.
func (s *scenario) run(st *step) {
	if s.down {
		return
	}
	svc, ctx := s.service(st), s.t.Context()
	_, err := svc.SendDue(ctx)
	st.must(err)
	_, err = svc.Sweep(ctx)
	st.must(err)
	_, err = svc.SendDue(ctx)
	st.must(err)
}

// Every script is in the table of testdata/README.md under the words it begins with.
func TestScenariosAreListed(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(text), "\nclock ")
		story := strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(head, "#"), "\n#", ""))
		row := fmt.Sprintf("| `%s` | %s |\n", strings.TrimSuffix(filepath.Base(file), ".txtar"), story)
		if !strings.Contains(string(table), row) {
			t.Errorf("testdata/README.md lacks this row:\n%s", row)
		}
	}
}
