package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPlanIsDeterminedByItsSeed(t *testing.T) {
	t.Parallel()
	for _, c := range combinations() {
		plan := func(seed uint64) []fault {
			return newPlan(c, rand.New(rand.NewPCG(seed, 0)), 20, time.Minute)
		}
		first := plan(1)
		if diff := cmp.Diff(first, plan(1)); diff != "" {
			t.Errorf("%s: the same seed, another plan: %s", c.Name, diff)
		}
		if cmp.Equal(first, plan(2)) {
			t.Errorf("%s: another seed, the same plan", c.Name)
		}
		times := map[act]int{}
		for _, f := range first {
			times[f.Act]++
		}
		want := map[string]map[act]int{
			"embedded":                {killPresage: 20, outage: 1},
			"mosquitto-influx":        {killPresage: 5, killHeld: 5, killStore: 5, killBroker: 5, outage: 1},
			"mosquitto-influx-spared": {killPresage: 7, killHeld: 7, killStore: 6, outage: 1},
			"mosquitto-embedded":      {killPresage: 10, killBroker: 10, outage: 1},
		}
		if diff := cmp.Diff(want[c.Name], times); diff != "" {
			t.Errorf("%s: %s", c.Name, diff)
		}
	}
}

func TestAMessageIsKnownByItsTime(t *testing.T) {
	t.Parallel()
	s := newStream(3, time.Date(2026, 5, 1, 12, 0, 0, 123_456_789, time.UTC))
	payloads := map[string]int{}
	for n := range 500 {
		if got, ok := s.number(s.at(n)); !ok || got != n {
			t.Fatalf("message %d is taken for %d, %v", n, got, ok)
		}
		if before, ok := payloads[string(s.payload(n))]; ok {
			t.Fatalf("messages %d and %d are alike", before, n)
		}
		payloads[string(s.payload(n))] = n
	}
	for _, strange := range []time.Time{s.at(0).Add(-spacing), s.at(7).Add(time.Millisecond)} {
		if n, ok := s.number(strange); ok {
			t.Errorf("%v is taken for message %d", strange, n)
		}
	}
	if got, want := string(s.payload(1)), // noon less 20 h and the microseconds, one step on
		`{"ts":1777564800223,"signals":{"Vehicle.TraveledDistance":5000001,"Vehicle.Speed":0.1}}`; got != want {
		t.Errorf("payload %s, want %s", got, want)
	}
}
