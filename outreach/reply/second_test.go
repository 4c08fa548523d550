package reply_test

import (
	"os"
	"strings"
	"testing"

	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// The second sheet judges: none of its sentences is one that the model was trained on.
func TestSecondSheetIsNotInTheCorpus(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/second.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	second, err := measure.Read(f)
	if err != nil || len(second) < 300 {
		t.Fatalf("%d rows, %v", len(second), err)
	}
	rows, err := corpus.Rows()
	if err != nil {
		t.Fatal(err)
	}
	trained := map[string]bool{}
	for _, r := range rows {
		trained[strings.ToLower(r.Text)] = true
	}
	for _, r := range second {
		if trained[strings.ToLower(r.Text)] {
			t.Errorf("%s %q is in the corpus", r.ID, r.Text)
		}
	}
}
