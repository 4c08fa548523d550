package influx

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"presage"
)

// Write stores samples; the server has acknowledged them (204) on return.
// The same reading twice changes nothing. A *RejectedError lists readings that
// the server will never take, all others are stored; any other error is
// ErrUnavailable or the context's, and a part may be stored. Samples are not
// changed or kept.
func (s *Store) Write(ctx context.Context, samples []presage.Sample) error {
	if err := s.open(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write telemetry: %w", err)
	}
	w := writing{store: s}
	b := s.batch()
	defer s.recycle(b)
	for i := range samples {
		w.add(b, &samples[i])
		if len(b.text) >= s.config.BatchBytes {
			if err := w.send(ctx, b, 0, len(b.lines)); err != nil {
				return err
			}
			b.reset()
		}
	}
	if err := w.send(ctx, b, 0, len(b.lines)); err != nil {
		return err
	}
	if w.rejected != nil {
		return w.rejected
	}
	return nil
}

// writing is one call of Write.
type writing struct {
	store    *Store
	rejected *RejectedError
}

func (w *writing) add(b *batch, sample *presage.Sample) {
	if len(sample.VIN) != 17 {
		w.reject(sample, sample.Readings, fmt.Sprintf("VIN of %d characters, want 17", len(sample.VIN)))
		return
	}
	b.add(sample, sample.Readings, func(r presage.Reading, why string) {
		w.reject(sample, []presage.Reading{r}, why)
	})
}

// send writes lines[from:to] of b. When the server turns some away, halves are
// sent until the single reading is found; what was stored before is stored again.
func (w *writing) send(ctx context.Context, b *batch, from, to int) error {
	if from >= to {
		return nil
	}
	err := w.store.post(ctx, b, b.part(from, to))
	switch {
	case err == nil:
		return nil
	case !dataFault(err):
		return w.store.unavailable("write", err)
	case to-from > 1:
		middle := from + (to-from)/2
		if err := w.send(ctx, b, from, middle); err != nil {
			return err
		}
		return w.send(ctx, b, middle, to)
	}
	l := b.lines[from]
	if len(l.readings) == 1 {
		w.reject(l.sample, l.readings, reason(l.sample.VIN, err))
		return nil
	}
	return w.sendReadings(ctx, l)
}

// sendReadings sends every reading of a refused line in a line of its own.
func (w *writing) sendReadings(ctx context.Context, l line) error {
	single := newBatch()
	for i := range l.readings {
		// What cannot be encoded was rejected before.
		single.add(l.sample, l.readings[i:i+1], func(presage.Reading, string) {})
	}
	return w.send(ctx, single, 0, len(single.lines))
}

// reason is the server's own text, short and without the VIN.
func reason(vin presage.VIN, err error) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), string(vin), vin.Masked())), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "..."
	}
	return text
}

// reject lists readings; those of one sample stay together.
func (w *writing) reject(sample *presage.Sample, readings []presage.Reading, why string) {
	if w.rejected == nil {
		w.rejected = &RejectedError{Reason: why}
	}
	if n := len(w.rejected.Samples); n > 0 {
		if last := &w.rejected.Samples[n-1]; last.VIN == sample.VIN && last.Time.Equal(sample.Time) {
			last.Readings = append(last.Readings, readings...)
			return
		}
	}
	one := *sample
	one.Readings = slices.Clone(readings)
	w.rejected.Samples = append(w.rejected.Samples, one)
}
