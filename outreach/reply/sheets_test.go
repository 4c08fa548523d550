package reply_test

import (
	"strings"
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// None of the sentences by which a sheet judges is one that the corpus was composed of.
func TestSheetsAreNotInTheCorpus(t *testing.T) {
	t.Parallel()
	rows, err := corpus.Rows()
	if err != nil {
		t.Fatal(err)
	}
	composed := map[string]bool{}
	for _, r := range rows {
		composed[strings.ToLower(r.Text)] = true
	}
	sheets, err := corpus.Sheets()
	if err != nil || len(sheets) != 9 {
		t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	for _, s := range sheets {
		if len(s.Rows) < 150 {
			t.Errorf("%s: %d rows", s.Name, len(s.Rows))
		}
		for _, r := range s.Rows {
			if composed[strings.ToLower(r.Text)] {
				t.Errorf("%s %q is in the corpus", r.ID, r.Text)
			}
		}
	}
}

// Each sheet is judged by a model that has not seen it: no opt-out is acted against, and
// what is done harms nobody.
func TestSheetsThatTheModelHasNotSeen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("trains for a minute")
	}
	sheets, err := corpus.Sheets()
	if err != nil {
		t.Fatal(err)
	}
	var stops, missed, all, byPerson int
	for _, s := range sheets {
		rows, err := corpus.All(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		read := reply.NewReader(reply.Train(rows, corpus.Offer()), reply.Shipped()).Read
		score := measure.NewScore(s.Rows, func(r measure.Row) measure.Done {
			x := corpus.Offer()
			x.Booked = r.Booked()
			m := read(r.Text, x)
			return measure.Done{Intent: string(m.Kind), Slot: m.Slot, Action: string(converse.Plan(m, x).Listed())}
		})
		for _, line := range score.Wrong {
			t.Errorf("wrong: %s", line)
		}
		for _, line := range score.MissedStops {
			if !strings.HasSuffix(line, ": person") {
				t.Errorf("missed: %s", line)
			}
		}
		stops, missed = stops+score.Stops, missed+len(score.MissedStops)
		all, byPerson = all+score.Rows, byPerson+score.ByPerson
	}
	if 100*missed > 2*stops || 100*byPerson > 20*all {
		t.Errorf("of %d opt-outs %d only reach a person; of %d replies %d", stops, missed, all, byPerson)
	}
}
