package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
)

// BoundedLetters keeps a bounded number of dead letters. What is beyond is
// counted by reason, and told at most once a minute.
type BoundedLetters struct {
	hold       func(context.Context, []presage.DeadLetter) (turnedAway map[string]int, err error)
	turnedAway *prometheus.CounterVec
	log        *slog.Logger
	now        func() time.Time

	mu     sync.Mutex
	told   time.Time
	untold map[string]int // by reason, since then
}

// NewBoundedLetters keeps letters by hold, which returns by reason how many it turned away.
func NewBoundedLetters(
	hold func(context.Context, []presage.DeadLetter) (turnedAway map[string]int, err error),
	now func() time.Time, log *slog.Logger, registerer prometheus.Registerer,
) *BoundedLetters {
	b := &BoundedLetters{hold: hold, now: now, log: log, turnedAway: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "presage_ingest_dead_letters_turned_away_total",
		Help: "Dead letters beyond what is kept of one vehicle or of all with the same reason: they are lost.",
	}, []string{"reason"})}
	b.turnedAway.WithLabelValues(ReasonStoreRejected) // 0 can be told from nothing
	registerer.MustRegister(b.turnedAway)
	return b
}

// PutDeadLetters implements DeadLetters.
func (b *BoundedLetters) PutDeadLetters(ctx context.Context, letters []presage.DeadLetter) error {
	away, err := b.hold(ctx, letters)
	if err == nil && len(away) > 0 {
		b.tell(ctx, away)
	}
	return err
}

const tellEvery = time.Minute

func (b *BoundedLetters) tell(ctx context.Context, away map[string]int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.untold == nil {
		b.untold = map[string]int{}
	}
	for reason, n := range away {
		b.turnedAway.WithLabelValues(reason).Add(float64(n))
		b.untold[reason] += n
	}
	now := b.now()
	if since := now.Sub(b.told); since >= 0 && since < tellEvery {
		return
	}
	b.log.WarnContext(ctx, "dead letters are no longer kept, what is in them is lost: GET /v1/vehicles/held names the "+
		"vehicles; mend the cause and drive them again, or see ingest.held_per_vehicle and ingest.held_total",
		"letters", fmt.Sprint(b.untold))
	b.told, b.untold = now, nil
}
