package watch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// Each case reads: these readings, minutes after noon, then this phase and
// these calls. The expectations follow from the rule's numbers by hand.
func TestStateMachine(t *testing.T) {
	t.Parallel()
	low3 := []presage.Sample{at(0, 50), at(1, 50), at(2, 50)}
	fired := "raise insulation"
	for name, tc := range map[string]struct {
		samples []presage.Sample
		phase   presage.WatchPhase
		told    string
	}{
		"healthy":                        {[]presage.Sample{at(0, 900), at(5, 900)}, presage.WatchIdle, ""},
		"the limit itself is healthy":    {[]presage.Sample{at(0, 100), at(5, 100)}, presage.WatchIdle, ""},
		"a moment":                       {[]presage.Sample{at(0, 50), at(1, 900)}, presage.WatchIdle, ""},
		"not long enough":                {[]presage.Sample{at(0, 50), at(0.5, 50), at(1.9, 50)}, presage.WatchPending, ""},
		"long enough, too few samples":   {[]presage.Sample{at(0, 50), at(10, 50)}, presage.WatchPending, ""},
		"long enough":                    {low3, presage.WatchFiring, fired},
		"a recovery begins the count":    {[]presage.Sample{at(0, 50), at(1, 50), at(1.5, 120), at(2, 50), at(3, 50)}, presage.WatchPending, ""},
		"a repeat is not a sample":       {[]presage.Sample{at(0, 50), at(2, 50), at(2, 50), at(2, 50)}, presage.WatchPending, ""},
		"out of order is not a sample":   {[]presage.Sample{at(0, 50), at(2, 50), at(1, 50)}, presage.WatchPending, ""},
		"late health does not cancel":    {[]presage.Sample{at(0, 50), at(1, 50), at(0.5, 900), at(2, 50)}, presage.WatchFiring, fired},
		"out of range does not fire":     {[]presage.Sample{at(0, -1), at(1, -1), at(2, -1), at(3, 65535)}, presage.WatchIdle, ""},
		"out of range does not cancel":   {[]presage.Sample{at(0, 50), at(1, 65535), at(1.5, 50), at(2, 50)}, presage.WatchFiring, fired},
		"in the band it goes on firing":  {append(low3, at(3, 120), at(30, 140)), presage.WatchFiring, fired},
		"clearing, not long enough":      {append(low3, at(3, 200), at(7.9, 200)), presage.WatchClearing, fired},
		"a relapse while clearing":       {append(low3, at(3, 200), at(7, 140), at(9, 200)), presage.WatchClearing, fired},
		"cleared":                        {append(low3, at(3, 200), at(8, 200)), presage.WatchIdle, fired + ",clear insulation"},
		"not again within the hour":      {append(low3, at(3, 200), at(8, 200), at(10, 50), at(11, 50), at(20, 50)), presage.WatchPending, fired + ",clear insulation"},
		"again when the hour has passed": {append(low3, at(3, 200), at(8, 200), at(10, 50), at(11, 50), at(62, 50)), presage.WatchFiring, fired + ",clear insulation," + fired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, insulation())
			for _, x := range tc.samples {
				s.now = later(s.now, x)
				s.observe(x)
			}
			if got := s.state().Phase; got != tc.phase {
				t.Errorf("phase %s, want %s", got, tc.phase)
			}
			if diff := cmp.Diff(tc.told, strings.Join(s.desk.told, ",")); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// In whatever phase the process dies, the next one goes on from there.
func TestRestartInEachPhase(t *testing.T) {
	t.Parallel()
	story := []presage.Sample{
		at(0, 50), at(1, 50), at(2, 50), at(3, 200), at(8, 200), at(70, 50), at(71, 50), at(72, 50),
	}
	want := "raise insulation,clear insulation,raise insulation"
	for n := range story {
		s := newScene(t, insulation())
		for i, x := range story {
			s.now = later(s.now, x)
			s.observe(x)
			if i == n {
				s.restart()
				s.observe(x) // not acknowledged: it comes again
			}
		}
		// A count that was under way may need the samples that were not stored.
		s.observe(at(73, 50), at(74, 50))
		if got := strings.Join(s.desk.told, ","); got != want {
			t.Errorf("killed after sample %d: told %q, want %q", n, got, want)
		}
	}
}

// A day-old upload in order: what is over by its end calls nobody.
func TestStaleUpload(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		then  []presage.Sample
		phase presage.WatchPhase
		stale bool
		told  string
	}{
		"over within the upload":       {[]presage.Sample{at(3, 200), at(9, 200)}, presage.WatchIdle, true, ""},
		"nothing newer":                {nil, presage.WatchFiring, true, ""},
		"confirmed by a fresh reading": {[]presage.Sample{at(1440, 50)}, presage.WatchFiring, false, "raise insulation"},
		"over by a fresh reading":      {[]presage.Sample{at(1440, 200), at(1446, 200)}, presage.WatchIdle, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, insulation())
			s.now = at(1440, 0).Time
			s.observe(append([]presage.Sample{at(0, 50), at(1, 50), at(2, 50)}, tc.then...)...)
			got := s.state()
			if got.Phase != tc.phase || got.Stale != tc.stale || strings.Join(s.desk.told, ",") != tc.told {
				t.Errorf("%s, stale %v, told %v", got.Phase, got.Stale, s.desk.told)
			}
		})
	}
}

// A backlog that arrives behind fresh data changes nothing.
func TestBacklogBehindFreshData(t *testing.T) {
	t.Parallel()
	s := newScene(t, insulation())
	s.now = at(1440, 0).Time
	s.observe(at(1440, 900))
	s.observe(at(1000, 50), at(1001, 50), at(1010, 50))
	if got := s.state(); got.Phase != presage.WatchIdle || len(s.desk.told) != 0 {
		t.Errorf("%+v, told %v", got, s.desk.told)
	}
}

func TestASilenceBeginsTheCountAnew(t *testing.T) {
	t.Parallel()
	r := insulation()
	r.Gap = r.For
	s := newScene(t, r)
	s.observe(at(0, 50), at(1, 50), at(10, 50), at(11, 50))
	if got := s.state(); got.Phase != presage.WatchPending || !got.Since.Equal(at(10, 0).Time) {
		t.Errorf("%s since %s", got.Phase, got.Since)
	}
}
