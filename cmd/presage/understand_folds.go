package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
	"presage/outreach/reply/measure"
)

// innerFolds is on how many parts of what is known the limits are chosen.
const innerFolds = 4

// crossValidate scores each part of the corpus with its sheets by a model of the others, with the
// limits that were chosen on parts of the others. What is shipped has those that
// are chosen on all parts.
func crossValidate(out io.Writer, folds int) error {
	rows, err := corpus.All("")
	if err != nil {
		return err
	}
	done := map[string]measure.Done{}
	for _, f := range split(rows, folds) {
		of := understanding(reply.NewReader(train(f.known), chosenLimits(f.known, innerFolds)).Read)
		for _, r := range f.held {
			done[r.ID] = of(r)
		}
	}
	if err := measure.NewScore(rows, func(r measure.Row) measure.Done { return done[r.ID] }).Print(out); err != nil {
		return err
	}
	limits := chosenLimits(rows, folds)
	for _, k := range slices.Sorted(maps.Keys(limits)) {
		fmt.Fprintf(out, "limit %s %.2f\n", k, limits[k])
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

// chosenLimits are the limits for replies that no model has seen: first those of each
// meaning, then how sure it has to be that what stays below them is a wish about
// the visit, so that it is asked back.
func chosenLimits(rows []measure.Row, n int) reply.Limits {
	parts := split(rows, n)
	models := make([]*reply.Model, n)
	var all sync.WaitGroup
	for i, f := range parts {
		all.Go(func() { models[i] = train(f.known) })
	}
	all.Wait()
	var sure, unsure []reply.Trial
	for i, f := range parts {
		sure = append(sure, trialsOf(f.held, reply.NewReader(models[i], reply.Open()), false)...)
	}
	limits := reply.Choose(sure)
	for i, f := range parts {
		unsure = append(unsure, trialsOf(f.held, reply.NewReader(models[i], limits), true)...)
	}
	maps.Copy(limits, reply.Choose(unsure))
	return limits
}

// trialsOf is what a model decides of replies that it has not seen; of those in
// doubt only what is asked back.
func trialsOf(rows []measure.Row, reader *reply.Reader, doubt bool) []reply.Trial {
	var list []reply.Trial
	for _, r := range rows {
		var m reply.Meaning
		d := understanding(func(text string, x reply.Context) reply.Meaning {
			m = reader.Read(text, x)
			return m
		})(r)
		kind := m.Kind
		if doubt {
			kind = reply.AnyWish
		}
		if m.Chance() > 0 && m.Doubt == doubt && (!doubt || m.AskBack) {
			list = append(list, reply.Trial{Kind: kind, Chance: m.Chance(), Fit: measure.Fit(r, d)})
		}
	}
	return list
}

func train(rows []measure.Row) *reply.Model { return reply.Train(rows, corpus.Offer()) }
