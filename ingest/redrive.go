package ingest

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// LetterBox is where Redrive finds dead letters and notes which went in.
type LetterBox struct {
	// List returns letters that are still open with an ID above afterID,
	// ascending, by whatever filter the caller chose; none means the end.
	List func(ctx context.Context, afterID int64) ([]presage.DeadLetter, error)
	// Mark notes that letter id went in whole.
	Mark func(ctx context.Context, id int64, at time.Time) error
	// Now is the arrival by which the letters' times are judged.
	Now func() time.Time
}

// Redriven counts what became of the letters.
type Redriven struct {
	Accepted int            // went in whole, marked
	Refused  map[string]int // stayed open, by reason
}

// Redrive sends dead letters through p once more. A letter is marked when all
// of it is durable; one that fails again, even in part, stays open as the row
// it is, no new one is added. A letter of what was too large stays open: only
// its head was kept. p must be running.
func Redrive(ctx context.Context, p *Pipeline, box LetterBox) (Redriven, error) {
	done := Redriven{Refused: map[string]int{}}
	for after := int64(0); ; {
		letters, err := box.List(ctx, after)
		if err != nil {
			return done, fmt.Errorf("redrive: list dead letters: %w", err)
		}
		if len(letters) == 0 {
			return done, nil
		}
		after, err = box.page(ctx, p, letters, &done)
		if err != nil {
			return done, err
		}
	}
}

// page drives letters and returns the highest ID among them.
func (box LetterBox) page(
	ctx context.Context, p *Pipeline, letters []presage.DeadLetter, done *Redriven,
) (int64, error) {
	items := make([]*item, len(letters))
	last := int64(0)
	for i, l := range letters {
		last = max(last, l.ID)
		if l.Reason == ReasonTooLarge { // only its head was kept, which may read as something else
			continue
		}
		items[i] = &item{
			msg:     Message{Topic: l.Topic, Payload: l.Payload, Received: box.Now(), First: l.Received},
			redrive: make(chan []Fault, 1),
		}
		if err := p.submit(ctx, items[i]); err != nil {
			return last, fmt.Errorf("redrive letter %d: %w", l.ID, err)
		}
	}
	for i, l := range letters {
		if items[i] == nil {
			done.Refused[l.Reason]++
			continue
		}
		faults, err := p.outcome(ctx, items[i])
		if err != nil {
			return last, fmt.Errorf("redrive letter %d: %w", l.ID, err)
		}
		if len(faults) > 0 {
			done.Refused[faults[0].Reason]++
			continue
		}
		if err := box.Mark(ctx, l.ID, box.Now()); err != nil {
			return last, fmt.Errorf("redrive letter %d: mark: %w", l.ID, err)
		}
		done.Accepted++
	}
	return last, nil
}

// outcome waits until what went in of it is durable and returns its faults.
func (p *Pipeline) outcome(ctx context.Context, it *item) ([]Fault, error) {
	select {
	case faults := <-it.redrive:
		return faults, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.stopped:
		return nil, fmt.Errorf("%w: the pipeline has stopped", presage.ErrUnavailable)
	}
}
