package knowledge_test

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	_ "github.com/jackc/pgx/v5/stdlib" // the databases that are compared
	_ "modernc.org/sqlite"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/knowledge"
)

// question is a row of testdata/questions.tsv: a word of two Chinese characters, a
// question, or a text that asks for nothing; and the article that answers it.
type question struct {
	kind string
	lang presage.Lang
	want string
	text string
}

func questions(t *testing.T) []question {
	t.Helper()
	f, err := os.Open("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []question
	for lines := bufio.NewScanner(f); lines.Scan(); {
		x := strings.Split(lines.Text(), "\t")
		list = append(list, question{x[0], presage.Lang(x[1]), x[2], x[3]})
	}
	return list
}

// search finds the IDs of articles, the best first.
type search func(q question) []string

// score counts by kind and language: asked, right first, right among three, found any.
func score(t *testing.T, name string, find search) map[string][4]int {
	t.Helper()
	rows := map[string][4]int{}
	for _, q := range questions(t) {
		got := find(q)
		row := rows[q.kind+" "+string(q.lang)]
		row[0]++
		if len(got) > 0 {
			row[3]++
			if got[0] == q.want {
				row[1]++
			}
		}
		if slices.Contains(got[:min(3, len(got))], q.want) {
			row[2]++
		}
		rows[q.kind+" "+string(q.lang)] = row
	}
	keys := []string{"word zh", "question zh", "question en", "nothing zh", "nothing en"}
	line := fmt.Sprintf("%-28s", name)
	for _, k := range keys {
		line += fmt.Sprintf("  %s %d/%d/%d of %d", k, rows[k][1], rows[k][2], rows[k][3], rows[k][0])
	}
	t.Log(line)
	return rows
}

// What the databases offer is held against our own search: the reason why it is ours is
// in the package's comment. go test -v -run Measured ./outreach/knowledge prints right
// first / right among three / found any.
func TestSearchMeasured(t *testing.T) {
	t.Parallel()
	all, err := knowledge.Read("")
	if err != nil {
		t.Fatal(err)
	}
	ours := score(t, "ours", ourSearch(all))
	fts := score(t, "SQLite FTS5 trigram", ftsSearch(t, all))
	for _, kind := range []string{"word zh", "question zh", "question en"} {
		if ours[kind][1] < fts[kind][1] {
			t.Errorf("%s: FTS5 is right %d times, ours %d: use it", kind, fts[kind][1], ours[kind][1])
		}
	}
	if fts["word zh"][3] > 0 {
		t.Error("FTS5 trigram finds words of two characters now: look at the reason again")
	}
	if a, b := ours["nothing zh"][3]+ours["nothing en"][3], fts["nothing zh"][3]+fts["nothing en"][3]; a > b {
		t.Errorf("ours answers %d texts that ask for nothing, FTS5 %d", a, b)
	}
}

func ourSearch(all []presage.Article) search {
	return func(q question) (got []string) {
		for _, h := range knowledge.Search(all, q.text, q.lang, 3) {
			got = append(got, h.ID)
		}
		return got
	}
}

// ftsSearch asks for any three characters of the text, ranked by BM25: the whole text as
// a phrase finds next to nothing.
func ftsSearch(t *testing.T, all []presage.Article) search {
	t.Helper()
	db := open(t, "sqlite", ":memory:")
	db.SetMaxOpenConns(1)
	do(t, db, `CREATE VIRTUAL TABLE a USING fts5(id UNINDEXED, lang UNINDEXED, head, body, tokenize='trigram')`)
	for _, a := range all {
		do(t, db, `INSERT INTO a VALUES ($1, $2, $3, $4)`, a.ID, string(a.Lang), a.Title+" "+a.Keywords, a.Text)
	}
	return func(q question) []string {
		var parts []string
		for _, word := range strings.FieldsFunc(strings.ToLower(q.text), func(c rune) bool { return !unicode.IsLetter(c) }) {
			for r := []rune(word); len(r) >= 3; r = r[1:] {
				parts = append(parts, `"`+string(r[:3])+`"`)
			}
		}
		if len(parts) == 0 {
			return nil
		}
		return found(t, db, `SELECT id FROM a WHERE a MATCH $1 AND lang = $2 ORDER BY bm25(a, 0, 0, 2, 1), id LIMIT 3`,
			strings.Join(parts, " OR "), string(q.lang))
	}
}

// TestSearchMeasuredPostgres is the same for pg_trgm at its own least word similarity and
// at half of it, in a database of the locale C, as ours may be, and in one of UTF-8.
func TestSearchMeasuredPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	all, err := knowledge.Read("")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := url.Parse(server.NewDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	do(t, open(t, "pgx", plain.String()), `CREATE DATABASE u TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`)
	utf8 := *plain
	utf8.Path = "/u"
	ours := score(t, "ours", ourSearch(all))
	for name, address := range map[string]string{"C": plain.String(), "C.UTF-8": utf8.String()} {
		db := open(t, "pgx", address)
		if _, err := db.ExecContext(t.Context(), `CREATE EXTENSION IF NOT EXISTS pg_trgm`); err != nil {
			t.Skip("pg_trgm is not installed: ", err)
		}
		do(t, db, `CREATE TABLE a (id TEXT, lang TEXT, words TEXT)`)
		for _, a := range all {
			do(t, db, `INSERT INTO a VALUES ($1, $2, $3)`, a.ID, string(a.Lang), a.Title+" "+a.Keywords+" "+a.Text)
		}
		for _, least := range []float64{0.6, 0.3, 0.1} {
			rows := score(t, fmt.Sprintf("pg_trgm %.1f, locale %s", least, name), func(q question) []string {
				return found(t, db, `SELECT id FROM (SELECT id, word_similarity($1, words) AS s FROM a WHERE lang = $2) x
					WHERE s >= $3 ORDER BY s DESC, id LIMIT 3`, q.text, string(q.lang), least)
			})
			for kind, row := range rows {
				if row[1] > ours[kind][1] {
					t.Errorf("%s: pg_trgm is right %d times, ours %d: look at the reason again", kind, row[1], ours[kind][1])
				}
			}
		}
	}
}

func open(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func do(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func found(t *testing.T, db *sql.DB, query string, args ...any) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		list = append(list, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// BenchmarkSearch searches a hundred articles.
func BenchmarkSearch(b *testing.B) {
	own, err := knowledge.Read("")
	if err != nil {
		b.Fatal(err)
	}
	hundred := slices.Repeat(own, 100/len(own)+1)[:100]
	for b.Loop() {
		knowledge.Search(hundred, "周三来不了，可以改约到下周吗", presage.Chinese, 3)
	}
}
