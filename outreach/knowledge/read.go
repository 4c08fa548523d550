package knowledge

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"presage"
)

//go:embed articles/*.md
var ours embed.FS

// Read reads our own articles and over them those of a folder, "" for none. A file is
// named ID.LANG.md; its first line is "# Title", an optional second "keywords: words",
// the rest is the answer. Every fault of every file is named.
func Read(dir string) ([]presage.Article, error) {
	own, err := fs.Sub(ours, "articles")
	if err != nil {
		return nil, err
	}
	articles, errOurs := read(own, "articles")
	if dir == "" {
		return articles, errOurs
	}
	theirs, errTheirs := read(os.DirFS(dir), dir)
	articles = slices.DeleteFunc(articles, func(a presage.Article) bool {
		return slices.ContainsFunc(theirs, func(b presage.Article) bool { return same(a, b) })
	})
	return append(articles, theirs...), errors.Join(errOurs, errTheirs)
}

func read(folder fs.FS, name string) ([]presage.Article, error) {
	files, err := fs.Glob(folder, "*.md")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(folder, "."); err != nil {
		return nil, fmt.Errorf("%w outreach.knowledge: %q: no such folder", presage.ErrInvalid, name)
	}
	var articles []presage.Article
	var faults []error
	for _, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		a := parse(file, string(text))
		if err := a.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", path.Join(name, file), err))
		}
		articles = append(articles, a)
	}
	return articles, errors.Join(faults...)
}

func parse(file, text string) presage.Article {
	id, lang, _ := strings.Cut(strings.TrimSuffix(file, ".md"), ".")
	a := presage.Article{ID: id, Lang: presage.Lang(lang)}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	head, rest, _ := strings.Cut(text, "\n")
	if title, ok := strings.CutPrefix(head, "# "); ok {
		a.Title, text = strings.TrimSpace(title), rest
	}
	if words, ok := strings.CutPrefix(strings.TrimLeft(text, "\n"), "keywords:"); ok {
		words, text, _ = strings.Cut(words, "\n")
		a.Keywords = strings.TrimSpace(words)
	}
	a.Text = strings.TrimSpace(text)
	return a
}
