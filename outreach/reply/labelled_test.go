package reply_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"presage/outreach/reply"
)

// Our own sentences: each means what stands beside it, and nothing for a person.
func TestLabelledReplies(t *testing.T) {
	t.Parallel()
	for _, row := range sheet(t, "testdata/replies.csv") {
		got := reply.ByRule(row[0], reply.Context{Booked: row[1] != "", Slots: 3}).String()
		if got != row[2] {
			t.Errorf("%q (%s) means %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

// Sentences that want no more messages (+), and those that only sound like it (-).
func TestOptOuts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/optouts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		sign, sentence, _ := strings.Cut(strings.TrimSpace(line), " ")
		if got := reply.Parse(sentence).Kind == reply.Stop; got != (sign == "+") {
			t.Errorf("%q: opt-out %v", sentence, got)
		}
	}
}

// Replies that others invented and labelled, where PRESAGE_REPLIES names the
// sheet: an opt-out is missed or seen wrongly almost never, and what is acted
// on is right.
func TestRepliesOfOthers(t *testing.T) {
	t.Parallel()
	name := os.Getenv("PRESAGE_REPLIES")
	if name == "" {
		t.Skip("PRESAGE_REPLIES names no sheet")
	}
	var stops, seen, right, acted, wrong, all int
	for _, row := range sheet(t, name) { // id, lang, text, intent, slot, detail
		want := row[3]
		if row[4] != "" {
			want += ":" + row[4]
		}
		got := reply.Read(row[2], reply.Context{Booked: strings.HasPrefix(row[5], "booked"), Slots: 3}).String()
		all++
		stops += count(want == "stop")
		seen += count(got == "stop")
		right += count(got == "stop" && want == "stop")
		acted += count(got != "")
		wrong += count(got != "" && got != want)
		if (got == "stop") != (want == "stop") || got != "" && got != want {
			t.Logf("%q means %q, want %q", row[2], got, want)
		}
	}
	t.Logf("opt-outs: %d of %d found, %d seen wrongly; of %d replies %d understood, %d of them wrongly, the others to a person",
		right, stops, seen-right, all, acted, wrong)
	if right*100 < stops*97 || (seen-right)*100 > seen*2 || wrong*100 > acted*3 {
		t.Error("want 97 % of the opt-outs, 2 % of them wrong at the most, and 3 % of the others")
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sheet(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows[1:]
}
