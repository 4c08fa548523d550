package forecast

import (
	"errors"
	"testing"
	"time"

	"presage"
)

// Within the hour one filter is read once, unless reading failed.
func TestAccuraciesAreReadOnceAnHour(t *testing.T) {
	t.Parallel()
	var a accuracies
	hour, reads, broken := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC), 0, errors.New("broken")
	for i, ask := range []struct {
		part string
		hour time.Time
		err  error
		want int // reads so far
	}{
		{"A", hour, broken, 1},
		{"A", hour, nil, 2},
		{"A", hour, nil, 2},
		{"B", hour, nil, 3},
		{"A", hour, nil, 3},
		{"A", hour.Add(time.Hour), nil, 4},
	} {
		sums, err := a.of(presage.ForecastFilter{Part: ask.part}, ask.hour, func() ([]presage.ForecastAccuracy, error) {
			reads++
			return []presage.ForecastAccuracy{{Of: ask.part}}, ask.err
		})
		if reads != ask.want || !errors.Is(err, ask.err) || sums[0].Of != ask.part {
			t.Errorf("question %d: %d reads, want %d; %v %v", i, reads, ask.want, sums, err)
		}
	}
}
