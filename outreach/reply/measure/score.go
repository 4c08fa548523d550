package measure

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"
)

// Done is what a reply was taken for, and what is done with it.
type Done struct {
	Intent string // "" when not understood
	Slot   int
	Action string
}

// Score compares labels with what was understood and done.
type Score struct {
	Rows, Stops int
	MissedStops []string // wanted no more messages, and get some
	Wrong       []string // acted on against the label
	ByPerson    int
	by          map[string]*tally // "intent/lang" and "intent"
}

type tally struct{ labelled, taken, right int }

// NewScore scores each row.
func NewScore(rows []Row, of func(Row) Done) *Score {
	s := &Score{by: map[string]*tally{}}
	for _, r := range rows {
		s.add(r, of(r))
	}
	return s
}

func (s *Score) add(r Row, d Done) {
	s.Rows++
	for _, group := range []string{"", "/" + r.Lang} {
		s.of(r.Intent+group).labelled++
		if d.Intent == "" {
			continue
		}
		s.of(d.Intent+group).taken++
		if d.Intent == r.Intent && d.Slot == r.Slot {
			s.of(d.Intent+group).right++
		}
	}
	line := fmt.Sprintf("%s %q is %s %s, taken for %s: %s", r.ID, r.Text, r.Intent, number(r.Slot), named(d), d.Action)
	if d.Action == "person" {
		s.ByPerson++
	}
	if r.Intent == "stop" {
		s.Stops++
		if d.Action != "stop" {
			s.MissedStops = append(s.MissedStops, line)
			return
		}
	}
	if !Fit(r, d) {
		s.Wrong = append(s.Wrong, line)
	}
}

func (s *Score) of(key string) *tally {
	if s.by[key] == nil {
		s.by[key] = &tally{}
	}
	return s.by[key]
}

// Fit tells whether what is done with a reply harms nobody.
func Fit(r Row, d Done) bool {
	return slices.Contains(fit(r), d.Action) && (d.Action != "book" || d.Slot == r.Slot)
}

// fit lists what may be done with a reply of a label. A person may read
// anything, and a question back harms nobody who wants something of us.
func fit(r Row) []string {
	more := map[string][]string{
		"slot": {"book", "ask"}, "yes": {"ask", "ignore"}, "no": {"decline", "ask"}, "stop": {"stop"}, "start": {"start"},
		"help": {"help", "ask"}, "cancel": {"cancel", "ask"}, "reschedule": {"ask", "answer"}, "later": {"ask", "answer"},
		"price": {"answer"}, "where": {"answer"}, "danger": {"answer"}, "question": {"answer"},
		"done": {"ask", "close"}, "sold": {"ask", "close"}, "wrong_person": {}, "complaint": {},
		"thanks": {"ignore"}, "gibberish": {"ignore", "ask", "help"}, "auto_reply": {"ignore"}, "reaction": {"ignore"},
	}
	return append(more[r.Intent], "person")
}

func number(slot int) string {
	if slot == 0 {
		return ""
	}
	return strconv.Itoa(slot)
}

func named(d Done) string {
	if d.Intent == "" {
		return "nothing"
	}
	return d.Intent + number(d.Slot)
}

// Print writes a table of the meanings, all and by language, and what went wrong.
func (s *Score) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "meaning\treplies\tprecision\trecall\t")
	for _, key := range slices.Sorted(maps.Keys(s.by)) {
		x := s.by[key]
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t\n", key, x.labelled, share(x.right, x.taken), share(x.right, x.labelled))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, s.Summary())
	for _, line := range s.MissedStops {
		fmt.Fprintln(w, "missed opt-out:", line)
	}
	for _, line := range s.Wrong {
		fmt.Fprintln(w, "wrong action:", line)
	}
	return nil
}

// Summary is the score in one line.
func (s *Score) Summary() string {
	return fmt.Sprintf("%d replies: opt-outs %d, missed %d; wrong actions %d; without a person %s",
		s.Rows, s.Stops, len(s.MissedStops), len(s.Wrong), share(s.Rows-s.ByPerson, s.Rows))
}

func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
