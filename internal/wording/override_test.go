package wording_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"presage"
	"presage/internal/wording"
	"presage/models"
)

func samples(t *testing.T) []wording.Sample {
	t.Helper()
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	sender := presage.Text{ZH: "诺维克服务", EN: "Norvik Service"}
	return append(wording.Samples(cat, presage.Chinese, sender), wording.Samples(cat, presage.English, sender)...)
}

// Our own messages keep the rules that an operator's have to keep.
func TestOwnMessagesHaveNoFault(t *testing.T) {
	t.Parallel()
	ours, err := os.ReadFile("messages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range errorsOf(load(t).Override(fstest.MapFS{"ours.yaml": {Data: ours}}, samples(t))) {
		t.Error(f)
	}
}

func errorsOf(_ *wording.Book, faults []wording.Fault) []wording.Fault { return faults }

func TestFaultsOfTexts(t *testing.T) {
	t.Parallel()
	all := samples(t)
	const zh = "  zh: '【{{.Sender}}】您好'\n"
	for name, tc := range map[string]struct {
		text string
		want []string // each in one fault, in this order
	}{
		"nothing": {"# only a comment\n", nil},
		"one text in place of ours": {
			"message.text.help:\n  zh: '【{{.Sender}}】您的页面 {{.Link}}'\n  en: '{{.Sender}}: your page: {{.Link}}'\n", nil,
		},
		"not YAML":         {"message.text.help: {zh: 'x\n", []string{"a.yaml: "}},
		"not keys":         {"- zh\n", []string{"a.yaml:1: want keys"}},
		"unknown key":      {"message.text.offr: {zh: a, en: b}\n", []string{"a.yaml:1: message.text.offr: unknown key"}},
		"no message's key": {"offer.title: {zh: a, en: b}\n", []string{"offer.title: unknown key"}},
		"duplicate key": {
			"message.title.help: {zh: a, en: b}\nmessage.title.help: {zh: a, en: b}\n", []string{"a.yaml:2: message.title.help: duplicate"},
		},
		"a language is missing": {"\nmessage.title.help: {zh: 帮助}\n", []string{"a.yaml:2: message.title.help en: the language is missing"}},
		"unknown language": {
			"message.title.help: {zh: 帮助, en: Help, de: Hilfe}\n", []string{"message.title.help de: unknown language"},
		},
		"unknown variables": {
			"message.title.help:\n  zh: '{{.Karte}}'\n  en: 'Help {{.Car}} {{.Prise}}'\n",
			[]string{"a.yaml:2: message.title.help zh: unknown variable .Karte", "a.yaml:3: message.title.help en: unknown variable .Prise"},
		},
		"not a template":   {"message.title.help: {zh: 帮助, en: 'Help {{if}}'}\n", []string{"message.title.help en: not a template"}},
		"cannot be filled": {"message.title.help: {zh: 帮助, en: '{{index .Slots 9}}'}\n", []string{"en: cannot be filled"}},
		"cannot be filled with the day on which we ask again": {
			"message.title.later: {zh: 好的, en: 'Later{{with .Again}}{{index . 99}}{{end}}'}\n", []string{"en: cannot be filled"},
		},
		"cannot be filled without a day": {
			"message.title.later: {zh: 好的, en: 'Later{{if not .Again}}{{index .Again 0}}{{end}}'}\n",
			[]string{"en: cannot be filled"},
		},
		"an offer without its link and stop": {
			"message.text.offer:\n  zh: '【{{.Sender}}】{{.Link}} 拒收请回复R'\n  en: '{{.Sender}}: hello'\n",
			[]string{"a.yaml:3: message.text.offer en: must hold {{.Link}}", "a.yaml:3: message.text.offer en: must say how to stop"},
		},
		"a confirmation without time and place": {
			"message.text.confirmation:\n  zh: '【{{.Sender}}】{{.Time}}{{.Workshop}} {{.Link}}'\n  en: '{{.Sender}}: booked {{.Link}}'\n",
			[]string{"en: must hold {{.Time}}", "en: must hold {{.Workshop}}"},
		},
		"a push needs no link": {"message.push.offer: {zh: 请选时间, en: Choose a time}\n", nil},
		"too long": {
			"message.text.help:\n" + zh[:len(zh)-2] + " {{.Link}}'\n  en: '{{.Sender}} {{.Link}} " + strings.Repeat("long ", 90) + "'\n",
			[]string{"message.text.help en: 4 SMS parts"},
		},
		"a second signature": {"message.text.adviser:\n  zh: '【{{.Sender}}】【您好】'\n  en: '{{.Sender}}: hello'\n", []string{"zh: must begin or end with"}},
		"signed at the end":  {"message.text.adviser:\n  zh: '您好【{{.Sender}}】'\n  en: '{{.Sender}}: hello'\n", nil},
		"signed in a push":   {"message.push.adviser:\n  zh: '【{{.Sender}}】您好'\n  en: 'hello'\n", []string{"zh: must not hold 【】"}},
		"nobody signs":       {"message.text.adviser:\n" + zh + "  en: 'hello'\n", []string{"en: must hold {{.Sender}}"}},
		"an e-mail without link and sender": {
			"message.email.offer: {zh: '{{.Link}} {{.Sender}}', en: 'Hello'}\n",
			[]string{"message.email.offer en: must hold {{.Link}}", "message.email.offer en: must hold {{.Sender}}"},
		},
		"every fault is told": {"a: b\nmessage.title.help: {zh: a}\nmessage.title.gone: {zh: a, en: '{{.X}}'}\n", []string{":1: a", ":2: ", ":3: "}},
	} {
		book, faults := load(t).Override(fstest.MapFS{"a.yaml": {Data: []byte(tc.text)}, "note.txt": {Data: []byte("no text")}}, all)
		if len(faults) != len(tc.want) || (book == nil) != (len(faults) > 0) {
			t.Errorf("%s: %d faults, want %d: %v", name, len(faults), len(tc.want), faults)
			continue
		}
		for i, want := range tc.want {
			if got := faults[i].String(); !strings.Contains(got, want) || !errors.Is(faults[i].Err(), presage.ErrInvalid) {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// A folder is taken over whole or not at all, at the start and later.
func TestTextsAreTakenOverWhole(t *testing.T) {
	t.Parallel()
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	dir, sender := t.TempDir(), presage.Text{ZH: "诺维克", EN: "Norvik"}
	put := func(file, text string) {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a.yaml", "message.title.help: {zh: 帮忙, en: How to answer}\n")
	texts, err := wording.OpenTexts(dir, cat, sender)
	if err != nil {
		t.Fatal(err)
	}
	title := func() string {
		got, err := texts.Write(wording.Help, offer(presage.English))
		if err != nil {
			t.Fatal(err)
		}
		return got.Title
	}
	if got := title(); got != "How to answer" {
		t.Errorf("title %q", got)
	}
	put("a.yaml", "message.title.help: {zh: 帮忙, en: Ways to answer}\n")
	put("b.yaml", "message.title.gone: {zh: 没有了}\n")
	if faults := texts.Reload(); len(faults) != 1 || title() != "How to answer" {
		t.Errorf("faults %v, title %q", faults, title())
	}
	if _, err := wording.OpenTexts(dir, cat, sender); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("started with a fault: %v", err)
	}
	put("b.yaml", "")
	if faults := texts.Reload(); len(faults) != 0 || title() != "Ways to answer" {
		t.Errorf("faults %v, title %q", faults, title())
	}
	if _, err := wording.OpenTexts(filepath.Join(dir, "none"), cat, sender); err == nil {
		t.Error("started without its folder")
	}
}
