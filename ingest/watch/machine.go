package watch

import (
	"time"

	"presage"
)

// next is the state after one judged sample. It is a pure function: what the
// state was, what the sample says, and what time it is.
func (r *rule) next(s presage.WatchState, x judged, now time.Time) presage.WatchState {
	if !x.at.After(s.At) {
		return s // repeated, or overtaken by what is known already
	}
	silence := x.at.Sub(s.At)
	s.At, s.Value = x.at, x.value
	if x.code != "" {
		s.Code = x.code
	}
	fresh := now.Sub(x.at) <= r.StaleAfter
	switch s.Phase {
	case presage.WatchPending:
		if !x.holds {
			s.Phase = presage.WatchIdle
			return s
		}
		s.Samples++
		if r.Gap > 0 && silence > r.Gap {
			s.Since, s.Samples = x.at, 1
		}
		return r.fire(s, fresh)
	case presage.WatchFiring:
		return r.ease(s, x, fresh)
	case presage.WatchClearing:
		if !x.clears {
			s.Phase, s.ClearSince = presage.WatchFiring, time.Time{}
			return r.ease(s, x, fresh)
		}
		return r.end(s)
	case presage.WatchIdle:
	}
	if !x.holds {
		return s
	}
	s.Phase, s.Since, s.Samples = presage.WatchPending, x.at, 1
	return r.fire(s, fresh)
}

// fire turns a pending state that has held long enough into a firing one.
func (r *rule) fire(s presage.WatchState, fresh bool) presage.WatchState {
	rested := s.FiredAt.IsZero() || s.Stale || s.At.Sub(s.FiredAt) >= r.Repeat
	if s.Samples < r.Samples || s.At.Sub(s.Since) < r.For || !rested {
		return s
	}
	s.Phase, s.FiredAt, s.Stale, s.Told = presage.WatchFiring, s.At, !fresh, presage.ToldNothing
	s.ClearSince, s.ClearedAt = time.Time{}, time.Time{}
	return s
}

// ease looks whether a firing state is confirmed, or begins to clear.
func (r *rule) ease(s presage.WatchState, x judged, fresh bool) presage.WatchState {
	if s.Stale && fresh && x.holds {
		s.Stale, s.FiredAt = false, x.at
	}
	if !x.clears {
		return s
	}
	s.Phase, s.ClearSince = presage.WatchClearing, x.at
	return r.end(s)
}

func (r *rule) end(s presage.WatchState) presage.WatchState {
	if s.At.Sub(s.ClearSince) >= r.Clear.For {
		s.Phase, s.ClearedAt, s.ClearSince = presage.WatchIdle, s.At, time.Time{}
	}
	return s
}

// quiet is the state of an event rule when its vehicle is heard from at an
// instant without the event.
func (r *rule) quiet(s presage.WatchState, at time.Time) presage.WatchState {
	if at.Sub(s.At) < r.Clear.For {
		return s
	}
	switch s.Phase {
	case presage.WatchFiring:
		s.Phase, s.ClearedAt = presage.WatchIdle, at
	case presage.WatchPending:
		s.Phase = presage.WatchIdle
	case presage.WatchIdle, presage.WatchClearing:
	}
	return s
}

// moved tells whether the change is worth storing: another phase, a count begun
// anew, an alert confirmed, another event.
func moved(a, b presage.WatchState) bool {
	return a.Phase != b.Phase || !a.Since.Equal(b.Since) || !a.FiredAt.Equal(b.FiredAt) || a.Stale != b.Stale ||
		!a.ClearSince.Equal(b.ClearSince) || a.Told != b.Told || (b.Signal == "" && !a.At.Equal(b.At))
}
