// Package wording holds every text of the pages, Chinese beside English, by a
// dotted key. A text may have places for arguments in the form of package fmt.
package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"presage"
)

//go:embed *.yaml
var files embed.FS

// Book is the texts by key. It does not change after Load.
type Book struct {
	texts map[string]presage.Text
}

// Load reads the embedded texts; a key that occurs twice or lacks a language is an error.
func Load() (*Book, error) {
	b := &Book{texts: map[string]presage.Text{}}
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
		if err := yaml.UnmarshalWithOptions(raw, &texts, yaml.DisallowUnknownField()); err != nil {
			return nil, fmt.Errorf("wording %s: %w", name, err)
		}
		for key, text := range texts {
			if _, twice := b.texts[key]; twice || text.ZH == "" || text.EN == "" {
				return nil, fmt.Errorf("wording %s: %s: %w: it occurs twice or lacks a language", name, key, presage.ErrInvalid)
			}
			b.texts[key] = text
		}
	}
	return b, nil
}

// Has tells whether there is a text for key.
func (b *Book) Has(key string) bool {
	_, ok := b.texts[key]
	return ok
}

// Keys returns every key, sorted.
func (b *Book) Keys() []string { return slices.Sorted(maps.Keys(b.texts)) }

// In returns the text for key with its arguments put in; for an unknown key its last word, readable at least.
func (b *Book) In(lang presage.Lang, key string, args ...any) string {
	text, ok := b.texts[key]
	if !ok {
		return strings.ReplaceAll(key[strings.LastIndexByte(key, '.')+1:], "_", " ")
	}
	if len(args) == 0 {
		return text.In(lang)
	}
	return fmt.Sprintf(text.In(lang), args...)
}
