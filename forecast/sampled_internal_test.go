package forecast

import (
	"fmt"
	"testing"

	"presage/forecast/demand"
)

// Of 1,000 parts at 10 depots, a tenth is taken: each depot's series stand
// among them, though the step is the number of depots, and each run's are the same.
func TestSampledSeriesAreOfAllDepots(t *testing.T) {
	t.Parallel()
	var series []demand.Series
	for i := range 10_000 {
		series = append(series, demand.Series{ID: fmt.Sprint(i)})
	}
	depots := map[byte]int{}
	got, again := sampled(series, 1000), sampled(series, 1000)
	for i, s := range got {
		depots[s.ID[len(s.ID)-1]]++
		if s.ID != again[i].ID || i > 0 && s.ID == got[i-1].ID {
			t.Fatalf("%d: %s, then %s", i, s.ID, again[i].ID)
		}
	}
	for depot, n := range depots {
		if n < 60 || n > 140 { // 100 give or take four standard deviations of 9.5
			t.Errorf("depot %c: %d of 1000", depot, n)
		}
	}
	if len(depots) != 10 || len(sampled(series[:9], 10)) != 9 {
		t.Errorf("%d depots, %d of 9", len(depots), len(sampled(series[:9], 10)))
	}
}
