package reply_test

import (
	"os"
	"strings"
	"testing"

	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// The second, third and fourth sheet, the half of the fifth that was kept, the blind
// one and the sixth judge: none of their sentences is one that the model was trained on.
func TestSheetsAreNotInTheCorpus(t *testing.T) {
	t.Parallel()
	rows, err := corpus.Rows()
	if err != nil {
		t.Fatal(err)
	}
	trained := map[string]bool{}
	for _, r := range rows {
		trained[strings.ToLower(r.Text)] = true
	}
	for sheet, least := range map[string]int{"second": 300, "third": 300, "fourth": 300, "judged": 150, "blind": 290, "sixth": 225} {
		f, err := os.Open("testdata/" + sheet + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		judging, err := measure.Read(f)
		f.Close()
		if err != nil || len(judging) < least {
			t.Fatalf("%s: %d rows, %v", sheet, len(judging), err)
		}
		for _, r := range judging {
			if trained[strings.ToLower(r.Text)] {
				t.Errorf("%s: %s %q is in the corpus", sheet, r.ID, r.Text)
			}
		}
	}
}
