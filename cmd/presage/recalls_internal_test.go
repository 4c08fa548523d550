package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of docs/recalls.md, as they stand there, one after the other.
func TestDocumentedRecalls(t *testing.T) {
	t.Parallel()
	runDocumented(t, "../../docs/recalls.md", []string{
		"dry run: would be 2 created, 0 updated; 0 unchanged\n", "2 created, 0 updated; 0 unchanged\n",
		"0 created, 0 updated; 2 unchanged\n", `"updated": 1`, `"updated":1`,
	})
}

// A list with faults is refused as a whole, each fault with its line.
func TestRecallListWithFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	s := serve(t, "--data", data)
	for name, wants := range map[string][]string{
		"bad.csv":  {"line 2", "no_such_job", "line 3", "want yes or no"},
		"bad.json": {"line 3", "no_such_job", "line 5", "safety"},
	} {
		text := map[string]string{
			"bad.csv": "id,title_zh,title_en,tell_zh,tell_en,safety,job,make\nR-1,甲,A,乙,B,yes,no_such_job,Seat\n" +
				"R-2,甲,A,乙,B,perhaps,brake_system_check,Seat\n",
			"bad.json": `{"recalls": [
  {"id": "R-0", "title": {"zh": "甲", "en": "A"}, "tell": {"zh": "乙", "en": "B"}, "job": "brake_system_check", "ranges": [{"make": "Seat"}]},
  {"id": "R-1", "title": {"zh": "甲", "en": "A"}, "tell": {"zh": "乙", "en": "B"}, "job": "no_such_job", "ranges": [{"make": "Seat"}]},
  {"id": "R-2", "title": {"zh": "甲", "en": "A"}, "tell": {"zh": "乙", "en": "B"},
   "safety": "perhaps"}
]}`,
		}[name]
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := run(t.Context(), []string{"recalls", "import", "--url", s.url, "--data", data, file}, testEnv(), io.Discard, io.Discard)
		if err == nil {
			t.Fatalf("%s was taken in", name)
		}
		for _, w := range append(wants, "nothing was taken in") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the error lacks %q: %v", name, w, err)
			}
		}
	}
	if out := printed(t, "recalls", "import", "--url", s.url, "--data", data, "--dry-run", "../../docs/recalls/recalls.json"); !strings.Contains(out, "would be 2 created") {
		t.Errorf("something was kept of the lists with faults: %s", out)
	}
}
