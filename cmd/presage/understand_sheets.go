package main

import (
	"fmt"
	"io"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// judgeSheets scores each sheet by a model that has learned from the corpus and the
// other sheets alone, with the limits that are shipped.
func judgeSheets(out io.Writer) error {
	sheets, err := corpus.Sheets()
	if err != nil {
		return err
	}
	var rows []measure.Row
	done := map[string]measure.Done{}
	for _, s := range sheets {
		known, err := corpus.All(s.Name)
		if err != nil {
			return err
		}
		of := understanding(reply.NewReader(train(known), reply.Shipped()).Read)
		for _, r := range s.Rows {
			done[r.ID] = of(r)
		}
		score := measure.NewScore(s.Rows, func(r measure.Row) measure.Done { return done[r.ID] })
		fmt.Fprintf(out, "%-7s %s\n", s.Name, score.Summary())
		rows = append(rows, s.Rows...)
	}
	return measure.NewScore(rows, func(r measure.Row) measure.Done { return done[r.ID] }).Print(out)
}
