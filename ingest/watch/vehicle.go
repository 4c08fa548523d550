package watch

import (
	"time"

	"presage"
)

// vehicle is what is remembered of one vehicle, by track.
type vehicle struct {
	at     []int64 // newest judged sample of each track, ms
	states []*presage.WatchState
	wins   []*window // nil until a rule needs one
	held   int       // states that are there
	open   int       // event rules that are not idle
}

// vehicle finds or makes what is remembered of a vehicle.
func (w *Watcher) vehicle(vin presage.VIN) *vehicle {
	v := w.vehicles[vin]
	if v == nil {
		if len(w.vehicles) >= w.deps.MaxVehicles {
			w.forget()
		}
		n := len(w.table.tracks)
		v = &vehicle{at: make([]int64, n), states: make([]*presage.WatchState, n)}
		w.vehicles[vin] = v
	}
	return v
}

// forget drops the vehicles of which nothing is open.
func (w *Watcher) forget() {
	for vin, v := range w.vehicles {
		if v.held == 0 {
			delete(w.vehicles, vin)
		}
	}
}

func (v *vehicle) window(n int, length time.Duration) *window {
	if v.wins == nil {
		v.wins = make([]*window, len(v.at))
	}
	win := v.wins[n]
	if win == nil {
		win = newWindow(length)
		v.wins[n] = win
	}
	return win
}

// keep remembers a state and counts the event rules that wait for silence.
func (w *Watcher) keep(v *vehicle, n int, s presage.WatchState) {
	if w.table.tracks[n].signal == "" {
		open := func(s *presage.WatchState) bool { return s != nil && s.Phase != presage.WatchIdle }
		before := v.open
		if open(v.states[n]) {
			v.open--
		}
		if open(&s) {
			v.open++
		}
		w.events += min(1, v.open) - min(1, before)
	}
	if v.states[n] == nil {
		v.held++
	}
	v.states[n] = &s
}
