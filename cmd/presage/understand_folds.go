package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
	"presage/outreach/reply/learn"
	"presage/outreach/reply/measure"
)

// innerFolds is on how many parts of what is known the limits are chosen.
const innerFolds = 4

// crossValidate scores each part of the corpus by a model of the others, with the
// limits that were chosen on parts of the others. What is shipped has those that
// are chosen on all parts.
func crossValidate(out io.Writer, folds int) error {
	rows, err := corpus.Rows()
	if err != nil {
		return err
	}
	done := map[string]measure.Done{}
	for _, f := range split(rows, folds) {
		limits := reply.Choose(trials(f.known, innerFolds))
		of := understanding(reply.NewReader(train(f.known), limits).Read)
		for _, r := range f.held {
			done[r.ID] = of(r)
		}
	}
	if err := measure.NewScore(rows, func(r measure.Row) measure.Done { return done[r.ID] }).Print(out); err != nil {
		return err
	}
	chosen := reply.Choose(trials(rows, folds))
	for _, k := range slices.Sorted(maps.Keys(chosen)) {
		fmt.Fprintf(out, "limit %s %.2f\n", k, chosen[k])
	}
	return nil
}

// fold is a part that is scored, and the parts that it is not part of.
type fold struct{ known, held []measure.Row }

func split(rows []measure.Row, n int) []fold {
	parts := make([]fold, n)
	for i, at := range measure.Folds(rows, n) {
		for k := range parts {
			if k == at {
				parts[k].held = append(parts[k].held, rows[i])
			} else {
				parts[k].known = append(parts[k].known, rows[i])
			}
		}
	}
	return parts
}

// trials is what models decide of replies that they have not seen, with no limits.
func trials(rows []measure.Row, n int) []reply.Trial {
	parts := split(rows, n)
	found := make([][]reply.Trial, n)
	var all sync.WaitGroup
	for i, f := range parts {
		all.Go(func() { found[i] = trialsOf(f) })
	}
	all.Wait()
	return slices.Concat(found...)
}

func trialsOf(f fold) []reply.Trial {
	reader := reply.NewReader(train(f.known), reply.Open())
	var list []reply.Trial
	for _, r := range f.held {
		var m reply.Meaning
		d := understanding(func(text string, x reply.Context) reply.Meaning {
			m = reader.Read(text, x)
			return m
		})(r)
		if m.Chance() > 0 && !m.Doubt {
			list = append(list, reply.Trial{Kind: m.Kind, Chance: m.Chance(), Fit: measure.Fit(r, d)})
		}
	}
	return list
}

func train(rows []measure.Row) *learn.Model { return reply.Train(rows, corpus.Offer()) }
