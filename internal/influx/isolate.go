package influx

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"presage"
)

// maxIsolating is how many requests a refused write may take to find each of
// its faults. Beyond it whole vehicles are turned away.
const maxIsolating = 500

// isolation finds what of a refused write the server will never take. A server
// tells the first fault of a request alone, so that its text is nobody's reason
// until it is the answer to him alone, or to those of his kind:
//
//	beyond retention   a matter of the time: the newest that is refused, found by
//	                   halving, speaks for all that are older
//	a field's fault    another kind than the field's, or too long a text: the
//	                   readings with that fault are set aside and the rest is sent
//	                   again; their oldest and newest speak for those between
//	anything else      halves, down to the single reading
//
// What was stored before is stored again, which changes nothing. It takes
// 2 log n requests for the first, 3 for each fault of a field, and 2 log n for
// each of the others; with more than maxIsolating of them it stops at the
// vehicle, whose readings then share a reason that says so.
type isolation struct {
	*writing

	scratch *batch
	left    int // requests
}

// isolate takes over when the server has turned lines away.
func (w *writing) isolate(ctx context.Context, refused []line) error {
	i := isolation{writing: w, scratch: w.store.batch(), left: maxIsolating}
	defer w.store.recycle(i.scratch)
	lines := slices.Clone(refused)
	slices.SortStableFunc(lines, func(a, b line) int { return a.sample.Time.Compare(b.sample.Time) })
	lines, err := i.retained(ctx, lines)
	if err != nil || len(lines) == 0 {
		return err
	}
	fault, err := i.try(ctx, lines)
	if err != nil || fault == nil {
		return err
	}
	return i.resolve(ctx, lines, *fault)
}

// try sends lines: the fault is why the server turned some of them away, nil
// when it took them all; the error is any other failure.
func (i *isolation) try(ctx context.Context, lines []line) (*fault, error) {
	i.left--
	i.scratch.reset()
	for _, l := range lines {
		// What cannot be encoded was rejected before.
		i.scratch.add(l.sample, l.readings, func(presage.Reading, string) {})
	}
	if len(i.scratch.text) == 0 {
		return nil, nil //nolint:nilnil // nothing to send: no fault, no failure
	}
	err := i.store.post(ctx, i.scratch, i.scratch.text)
	switch {
	case err == nil:
		return nil, nil //nolint:nilnil // as documented: no fault, no failure
	case dataFault(err):
		f := newFault(err)
		return &f, nil
	}
	return nil, i.store.unavailable("write", err)
}

// retained turns away the beginning of lines that is beyond the retention, and
// returns the rest.
func (i *isolation) retained(ctx context.Context, lines []line) ([]line, error) {
	oldest, err := i.try(ctx, lines[:1])
	if err != nil || oldest == nil || !oldest.retention {
		return lines, err
	}
	reason := *oldest
	kept := 1 + sort.Search(len(lines)-1, func(n int) bool {
		if err != nil {
			return true
		}
		var f *fault
		if f, err = i.try(ctx, lines[n+1:n+2]); f != nil && f.retention {
			reason = *f
			return false
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, l := range lines[:kept] {
		i.reject(l.sample, l.readings, reason.tell())
	}
	return lines[kept:], nil
}

// resolve works on lines that the server has answered with f.
func (i *isolation) resolve(ctx context.Context, lines []line, f fault) error {
	for {
		suspects, rest := f.part(lines)
		if len(suspects) == 0 {
			return i.halves(ctx, lines, f)
		}
		if err := i.confirm(ctx, suspects, f); err != nil || len(rest) == 0 {
			return err
		}
		next, err := i.try(ctx, rest)
		if err != nil || next == nil {
			return err
		}
		if i.left <= 0 {
			return i.coarse(ctx, rest, *next)
		}
		lines, f = rest, *next
	}
}

// confirm turns away readings of one fault of a field, once it is theirs.
func (i *isolation) confirm(ctx context.Context, suspects []line, f fault) error {
	if i.left <= 0 {
		i.rejectAll(suspects, f)
		return nil
	}
	oldest, err := i.try(ctx, suspects[:1])
	if err != nil {
		return err
	}
	if len(suspects) == 1 {
		if oldest != nil {
			i.rejectAll(suspects, *oldest)
		}
		return nil
	}
	newest, err := i.try(ctx, suspects[len(suspects)-1:])
	if err != nil {
		return err
	}
	if oldest != nil && newest != nil && oldest.class == newest.class {
		i.rejectAll(suspects, *oldest)
		return nil
	}
	// A field's kind is fixed for a week or so at a time: here they differ.
	middle := len(suspects) / 2
	for _, half := range [][]line{suspects[:middle], suspects[middle:]} {
		if err := i.confirm(ctx, half, f); err != nil {
			return err
		}
	}
	return nil
}

// halves looks for the fault f in lines, of which the server took not all.
func (i *isolation) halves(ctx context.Context, lines []line, f fault) error {
	if len(lines) == 1 {
		l := lines[0]
		if len(l.readings) == 1 {
			i.reject(l.sample, l.readings, f.tell())
			return nil
		}
		lines = make([]line, len(l.readings))
		for n := range l.readings {
			lines[n] = line{sample: l.sample, readings: l.readings[n : n+1]}
		}
	}
	if i.left <= 0 {
		return i.coarse(ctx, lines, f)
	}
	middle := len(lines) / 2
	return i.split(ctx, lines, middle, i.resolve)
}

// split tries lines in two parts; further works on a part that is refused.
func (i *isolation) split(
	ctx context.Context, lines []line, middle int, further func(context.Context, []line, fault) error,
) error {
	for _, part := range [][]line{lines[:middle], lines[middle:]} {
		next, err := i.try(ctx, part)
		if err == nil && next != nil {
			err = further(ctx, part, *next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// coarse turns away all that a vehicle has in lines when any of it is refused.
func (i *isolation) coarse(ctx context.Context, lines []line, f fault) error {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.sample.VIN, b.sample.VIN) })
	if lines[0].sample.VIN == lines[len(lines)-1].sample.VIN {
		f.text += " (one of too many faults of this vehicle in one write; some of these readings may be stored)"
		i.rejectAll(lines, f)
		return nil
	}
	middle := len(lines) / 2
	if vin := lines[middle].sample.VIN; vin == lines[0].sample.VIN {
		middle = slices.IndexFunc(lines, func(l line) bool { return l.sample.VIN != vin })
	} else {
		middle = slices.IndexFunc(lines, func(l line) bool { return l.sample.VIN == vin })
	}
	return i.split(ctx, lines, middle, i.coarse)
}

func (i *isolation) rejectAll(lines []line, f fault) {
	for _, l := range lines {
		i.reject(l.sample, l.readings, f.tell())
	}
}
