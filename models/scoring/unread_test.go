package scoring_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"presage"
)

var errBlock = errors.New("a block that cannot be read back")

// damaged is telemetry with one day that cannot be read.
type damaged struct {
	*stores
	day time.Time
}

func (d damaged) Scan(
	ctx context.Context, v presage.VIN, from, to time.Time, signals ...string,
) iter.Seq2[presage.Sample, error] {
	if from.Equal(d.day) {
		return func(yield func(presage.Sample, error) bool) { yield(presage.Sample{}, errBlock) }
	}
	return d.stores.Scan(ctx, v, from, to, signals...)
}

// One day that cannot be read is said so on every pass and holds up nothing else.
func TestUnreadableDayHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	s := world()
	st := stageOf(t, s, damaged{s, start.AddDate(0, 0, 2)})
	for pass, days := range []int{39, 0} {
		rep, err := st.Score(t.Context())
		if !errors.Is(err, errBlock) || rep.Days != days || rep.Vehicles != 1 {
			t.Errorf("pass %d: %d days, %d vehicles, error %v; want %d, 1 and the block", pass, rep.Days, rep.Vehicles, err, days)
		}
	}
	if len(s.dirty) != 1 || len(s.rollups) != 39 || len(s.prognoses) == 0 {
		t.Errorf("%d days dirty, %d rolled up, %d prognoses", len(s.dirty), len(s.rollups), len(s.prognoses))
	}
}
