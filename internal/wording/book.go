package wording

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"

	"presage"
)

//go:embed *.yaml
var files embed.FS

// Book is the texts by key. It does not change after Open and is safe for use
// by several goroutines.
type Book struct {
	texts     map[string]presage.Text
	own       map[string]string  // the operator's files by the keys that they replace
	templates *template.Template // one for each language and key: "zh message.text.offer"
}

// Open reads the embedded texts. A key that occurs twice or lacks a language is
// an error, and a fault of the build.
func Open() (*Book, error) {
	b := &Book{texts: map[string]presage.Text{}, templates: template.New("").Option("missingkey=zero")}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("wording: %w", err)
		}
		var texts map[string]presage.Text
		d := yaml.NewDecoder(bytes.NewReader(raw))
		d.KnownFields(true)
		if err := d.Decode(&texts); err != nil {
			return nil, fmt.Errorf("wording %s: %w", name, err)
		}
		for key, text := range texts {
			if err := b.add(key, text); err != nil {
				return nil, fmt.Errorf("wording %s: %s: %w", name, key, err)
			}
		}
	}
	return b, nil
}

func (b *Book) add(key string, text presage.Text) error {
	if _, twice := b.texts[key]; twice || text.ZH == "" || text.EN == "" {
		return fmt.Errorf("%w: duplicate key, or a language is missing", presage.ErrInvalid)
	}
	b.texts[key] = text
	begins := func(of string) bool { return strings.HasPrefix(key, of) }
	if !slices.ContainsFunc([]string{bodyOf, titleOf, pushOf, emailOf, whyOf}, begins) {
		return nil
	}
	for _, l := range []presage.Lang{presage.Chinese, presage.English} {
		if _, err := b.templates.New(string(l) + " " + key).Parse(text.In(l)); err != nil {
			return fmt.Errorf("%s: %w", l, err)
		}
	}
	return nil
}

// Has tells whether there is a text for key.
func (b *Book) Has(key string) bool {
	_, ok := b.texts[key]
	return ok
}

// Keys returns every key, sorted.
func (b *Book) Keys() []string { return slices.Sorted(maps.Keys(b.texts)) }

// In returns the text for key with its arguments put in; for an unknown key its last word, readable at least.
// Of a key with ".one" that text is taken where the first argument is 1.
func (b *Book) In(lang presage.Lang, key string, args ...any) string {
	text, ok := b.texts[key]
	if !ok {
		return strings.ReplaceAll(key[strings.LastIndexByte(key, '.')+1:], "_", " ")
	}
	if len(args) == 0 {
		return text.In(lang)
	}
	if one, ok := b.texts[key+".one"]; ok && (args[0] == 1 || args[0] == "1") {
		text = one
	}
	return fmt.Sprintf(text.In(lang), args...)
}

// fill returns the text for a key that is a template, with its fields put in.
func (b *Book) fill(l presage.Lang, key string, fields any) (string, error) {
	var out strings.Builder
	if err := b.templates.ExecuteTemplate(&out, string(l)+" "+key, fields); err != nil {
		return "", fmt.Errorf("text %s: %w", key, err)
	}
	return strings.TrimSpace(out.String()), nil
}
