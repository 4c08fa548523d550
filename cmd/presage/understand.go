package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/measure"
)

// understandCommand says what the service would do with replies.
type understandCommand struct {
	Replies string `help:"CSV: id,lang,text,intent,slot,detail; of detail only a leading booked counts." placeholder:"FILE" required:""`
	Score   bool   `help:"Print precision and recall by intent and language; rows have to be labelled."`
}

// Run reads the replies as answers to the offer of replies.md.
func (c understandCommand) Run(p *process) error {
	f, err := os.Open(c.Replies)
	if err != nil {
		return fmt.Errorf("--replies: %w", err)
	}
	defer f.Close()
	rows, err := measure.Read(f)
	if err != nil {
		return fmt.Errorf("--replies %s: %w", c.Replies, err)
	}
	if c.Score {
		return measure.NewScore(rows, understood).Print(p.stdout)
	}
	w := csv.NewWriter(p.stdout)
	if err := w.Write([]string{"id", "intent", "slot", "action"}); err != nil {
		return err
	}
	for _, r := range rows {
		d := understood(r)
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

// understood is what the service makes of a reply.
func understood(r measure.Row) measure.Done {
	x := reply.Context{Booked: r.Booked(), Slots: 3}
	m := reply.Read(r.Text, x)
	return measure.Done{Intent: string(m.Kind), Slot: m.Slot, Action: string(converse.Plan(m, x))}
}
