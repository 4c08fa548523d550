package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPromised(t *testing.T) {
	t.Parallel()
	was, a, b := slot(1), slot(2), slot(3)
	var none time.Time
	for _, c := range []struct {
		name    string
		leads   []time.Time
		answers []answer
		want    []time.Time
		shown   bool
		stale   bool
	}{
		{"moved", []time.Time{a}, []answer{done}, []time.Time{a}, false, false},
		{"refused", []time.Time{a}, []answer{refused}, []time.Time{was}, false, false},
		{"no answer", []time.Time{a}, []answer{unknown}, []time.Time{a, was}, false, false},
		{"cancelled", []time.Time{none}, []answer{done}, []time.Time{none}, false, false},
		{"two tabs, one is refused", []time.Time{a, b}, []answer{refused, done}, []time.Time{b}, false, false},
		{"two tabs, one after the other", []time.Time{a, b}, []answer{done, done}, []time.Time{a, b}, false, false},
		{"two tabs, one without an answer", []time.Time{a, b}, []answer{unknown, done}, []time.Time{a, b}, false, false},
		{"two tabs refused", []time.Time{a, b}, []answer{refused, refused}, []time.Time{was}, false, false},
		{"two tabs that show the visit", []time.Time{a, b}, []answer{done, refused}, []time.Time{a}, true, false},
		{"both move it", []time.Time{a, b}, []answer{done, done}, nil, true, false},
		{"both to the same time", []time.Time{a, a}, []answer{done, done}, []time.Time{a, a}, true, false},
		{"one to where it is", []time.Time{was, b}, []answer{done, done}, []time.Time{was, b}, true, false},
		{"a page of another visit", []time.Time{a}, []answer{done}, []time.Time{was}, true, true},
	} {
		var wishes []wish
		for _, to := range c.leads {
			wishes = append(wishes, wish{leads: to, shown: c.shown, stale: c.stale})
		}
		if got := promised(was, wishes, c.answers); !slices.EqualFunc(got, c.want, time.Time.Equal) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Each number that must be 0 is told when it is not.
func TestFaults(t *testing.T) {
	t.Parallel()
	good := func() result {
		return result{
			Race:  raceResult{Bookers: 50, Slots: 10, Told: 10, Refused: 40, Sold: 10, Ordered: 12},
			Storm: stormResult{Customers: 10, Stock: 5, Ordered: 8},
			Sending: sendResult{Channels: []channelResult{
				{Channel: "push", Due: 5, Once: 3, Twice: 2}, {Channel: "sms", Unique: true, Due: 5, Once: 5},
			}},
		}
	}
	if f := good().faults(); len(f) > 0 {
		t.Errorf("faults where there are none: %v", f)
	}
	for says, spoil := range map[string]func(*result){
		"slots":             func(r *result) { r.Race.Sold, r.Race.Told = 9, 9 },
		"told what is not":  func(r *result) { r.Race.Told = 11 },
		"ordered":           func(r *result) { r.Race.Ordered = 16 },
		"sold twice":        func(r *result) { r.Race.Integrity.Overlaps = 1 },
		"no live visit":     func(r *result) { r.Storm.Integrity.Orphans = 1 },
		"are not taken":     func(r *result) { r.Storm.Integrity.Untaken = 1 },
		"do not match":      func(r *result) { r.Storm.Integrity.Strays = 1 },
		"reserved":          func(r *result) { r.Storm.Integrity.Promised = 1 },
		"neither":           func(r *result) { r.Storm.Integrity.Unmet = 1 },
		"nobody can need":   func(r *result) { r.Storm.Customers, r.Storm.Stock, r.Storm.Ordered = 10, 5, 12 },
		"lost":              func(r *result) { r.Storm.Lost = 1 },
		"nobody expects":    func(r *result) { r.Storm.Odd = []string{"v1: 404"} },
		"accepted twice":    func(r *result) { r.Sending.Channels[1].Once, r.Sending.Channels[1].Twice = 4, 1 },
		"never accepted":    func(r *result) { r.Sending.Channels[0].Once = 2 },
		"shown twice":       func(r *result) { r.Sending.Channels[0].Shown = 1 },
		"recorded as sent":  func(r *result) { r.Sending.Channels[1].Unrecorded = 1 },
		"Retry-After":       func(r *result) { r.Sending.Channels[1].Early = 1 },
		"not sent":          func(r *result) { r.Rush.Due = 1 },
		"at a time":         func(r *result) { r.Rush.AtOnce = senders + 1 },
		"before an earlier": func(r *result) { r.Rush.Disorder = 1 },
		"longer than":       func(r *result) { r.Rush.Took = time.Minute },
		"nothing was tried": func(r *result) { r.Sending.Kills = manyKills },
	} {
		r := good()
		spoil(&r)
		if f := r.faults(); len(f) != 1 || !strings.Contains(f[0], says) {
			t.Errorf("want one fault with %q, got %v", says, f)
		}
	}
}
