package knowledge_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/outreach/knowledge"
)

// What customers ask finds the article that a person would give, in both languages; two
// Chinese characters are enough.
func TestSearch(t *testing.T) {
	t.Parallel()
	all, err := knowledge.Read("")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"brake": "brake-wear", "刹车": "brake-wear", "my brakes squeal, what does it mean?": "brake-wear",
		"do you have a loan car for the day?": "loaner", "有代步车吗？": "loaner",
		"is it dangerous to drive?": "drive-on", "现在开还危险吗": "drive-on",
		"how much does it cost": "price", "这个要多少钱": "price",
		"are you open on saturday": "opening-hours", "你们几点开门": "opening-hours",
		"is that covered by warranty": "warranty", "保修吗": "warranty",
		"where is the workshop": "where", "ＢＲＡＫＥ": "brake-wear",
	} {
		lang := presage.English
		if strings.ContainsAny(text, "刹有现这你保") {
			lang = presage.Chinese
		}
		hits := knowledge.Search(all, text, lang, 3)
		if len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%q finds %v, want %s first", text, ids(hits), want)
		}
	}
	for _, text := range []string{"", "!!", "the dog ate the seat", "车", "ok"} {
		if hits := knowledge.Search(all, text, presage.English, 3); len(hits) > 0 {
			t.Errorf("%q finds %v, want nothing", text, ids(hits))
		}
	}
}

func ids(hits []presage.ArticleHit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// Each of our own articles is there in both languages.
func TestOurArticles(t *testing.T) {
	t.Parallel()
	all, err := knowledge.Read("")
	if err != nil {
		t.Fatal(err)
	}
	langs := map[string]int{}
	for _, a := range all {
		langs[a.ID]++
	}
	if len(langs) < 12 {
		t.Errorf("%d articles, want a dozen", len(langs))
	}
	for id, n := range langs {
		if n != 2 {
			t.Errorf("%s is there in %d languages, want zh and en", id, n)
		}
	}
}

// A folder comes over ours; all faults of all files are named.
func TestReadNamesEveryFault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("price.en.md", "# Our price\nkeywords: cost\n\nIt is free.\n")
	all, err := knowledge.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if hits := knowledge.Search(all, "cost", presage.English, 1); len(hits) != 1 || hits[0].Text != "It is free." {
		t.Errorf("the folder's article is not taken: %+v", hits)
	}
	put("a.fr.md", "# Un\n\ntexte")
	put("b.en.md", "no title")
	put("c.zh.md", "# 空\n")
	_, err = knowledge.Read(dir)
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("%v, want ErrInvalid", err)
	}
	for _, fault := range []string{"a.fr.md: lang", "b.en.md: title", "c.zh.md: text"} {
		if !strings.Contains(err.Error(), fault) {
			t.Errorf("%q is not named in:\n%v", fault, err)
		}
	}
	if _, err := knowledge.Read(filepath.Join(dir, "none")); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("no folder: %v", err)
	}
}
