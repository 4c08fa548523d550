package forecast

import (
	"sync"
	"time"

	"presage"
)

// accuracies remembers sums over many scores for the hour.
type accuracies struct {
	mu   sync.Mutex
	hour time.Time
	sums map[presage.ForecastFilter][]presage.ForecastAccuracy
}

// mostAccuracies bounds what is remembered: who asks for more filters in an
// hour waits for them again.
const mostAccuracies = 1000

// of is what read has answered for the filter in the hour; errors are not kept.
// Whoever asks meanwhile waits, rather than reading the same once more.
func (a *accuracies) of(
	f presage.ForecastFilter, hour time.Time, read func() ([]presage.ForecastAccuracy, error),
) ([]presage.ForecastAccuracy, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.hour.Equal(hour) || len(a.sums) >= mostAccuracies {
		a.hour, a.sums = hour, map[presage.ForecastFilter][]presage.ForecastAccuracy{}
	}
	if known, ok := a.sums[f]; ok {
		return known, nil
	}
	sums, err := read()
	if err == nil {
		a.sums[f] = sums
	}
	return sums, err
}
