package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"presage"
	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// understandCommand says what the service would do with replies.
type understandCommand struct {
	Replies string `placeholder:"FILE" help:"CSV: id,lang,text,intent,slot,detail; of detail a leading booked counts."`
	Score   bool   `help:"Print precision and recall by intent and language; rows have to be labelled."`
	Folds   int    `help:"Score the built-in corpus: each of so many parts by a model of the others."`
	Sheets  bool   `help:"Score each sheet of other writers by a model that has not seen it."`
	Train   string `placeholder:"FILE" help:"Train the model on the built-in corpus and write it."`
}

// Run reads the replies as answers to the offer of the corpus.
func (c understandCommand) Run(p *process) error {
	switch {
	case c.Train != "":
		return writeModel(c.Train)
	case c.Sheets:
		return judgeSheets(p.stdout)
	case c.Folds > 1:
		return crossValidate(p.stdout, c.Folds)
	case c.Replies == "":
		return fmt.Errorf("%w: --replies, --sheets, --folds or --train is needed", presage.ErrInvalid)
	}
	f, err := os.Open(c.Replies)
	if err != nil {
		return fmt.Errorf("--replies: %w", err)
	}
	rows, err := measure.Read(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("--replies %s: %w", c.Replies, err)
	}
	understood := understanding(reply.Read)
	if c.Score {
		return measure.NewScore(rows, understood).Print(p.stdout)
	}
	return writeUnderstood(p.stdout, rows, understood)
}

func writeUnderstood(out io.Writer, rows []measure.Row, of func(measure.Row) measure.Done) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"id", "intent", "slot", "action"}); err != nil {
		return err
	}
	for _, r := range rows {
		d := of(r)
		slot := ""
		if d.Slot > 0 {
			slot = strconv.Itoa(d.Slot)
		}
		if err := w.Write([]string{r.ID, d.Intent, slot, d.Action}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// understanding is what the service makes of a reply that is read so.
func understanding(read func(string, reply.Context) reply.Meaning) func(measure.Row) measure.Done {
	return func(r measure.Row) measure.Done {
		x := corpus.Offer()
		x.Booked = r.Booked()
		m := read(r.Text, x)
		return measure.Done{Intent: string(m.Kind), Slot: m.Slot, Action: string(converse.Plan(m, x).Listed())}
	}
}

// writeModel writes the model; the same corpus gives the same bytes.
func writeModel(name string) error {
	rows, err := corpus.All("")
	if err != nil {
		return err
	}
	return os.WriteFile(name, train(rows).Bytes(), 0o644) //nolint:gosec // a source file
}
