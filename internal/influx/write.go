package influx

import (
	"context"
	"fmt"
	"slices"

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
			if err := w.send(ctx, b); err != nil {
				return err
			}
			b.reset()
		}
	}
	if err := w.send(ctx, b); err != nil {
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

// send writes the lines of b. What the server turns away is looked for.
func (w *writing) send(ctx context.Context, b *batch) error {
	if len(b.lines) == 0 {
		return nil
	}
	err := w.store.post(ctx, b, b.text)
	switch {
	case err == nil:
		return nil
	case !dataFault(err):
		return w.store.unavailable("write", err)
	}
	return w.isolate(ctx, b.lines)
}

// reject lists readings with why; those of one sample and reason stay together.
func (w *writing) reject(sample *presage.Sample, readings []presage.Reading, why string) {
	if w.rejected == nil {
		w.rejected = &RejectedError{Reason: why}
	}
	r := w.rejected
	if n := len(r.Samples); n > 0 {
		last := &r.Samples[n-1]
		if last.VIN == sample.VIN && last.Time.Equal(sample.Time) && r.Reasons[n-1] == why {
			last.Readings = append(last.Readings, readings...)
			return
		}
	}
	one := *sample
	one.Readings = slices.Clone(readings)
	r.Samples, r.Reasons = append(r.Samples, one), append(r.Reasons, why)
}
