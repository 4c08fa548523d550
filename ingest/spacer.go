package ingest

import (
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"presage"
)

const (
	// spacedVehicles bounds the memory of spacer: two generations of as many
	// vehicles, each some 100 bytes and 8 a signal. A vehicle that is passed over
	// begins anew: two of its values may then share an instant.
	spacedVehicles = 20_000
	// spacedSignals bounds what is remembered of one instant; beyond it the next
	// value is put a millisecond later, needed or not.
	spacedSignals = 32
)

// SignalTimeEstimated stands beside readings whose time is an estimate, because
// their message carries none and was kept by a broker while nobody took it
// over: it is how many seconds the time may be off at the most.
const SignalTimeEstimated = presage.OwnPrefix + "TimeEstimated"

// spacer keeps values without a time of their own apart: those of one vehicle and
// signal that arrive within the same millisecond would overwrite each other, so
// that each further one is put a millisecond after the one before, in the order
// of arrival. It is for one goroutine.
//
// It depends on what came before, so that a letter keeps the instant that it was
// given, and goes there when it is driven again.
type spacer struct {
	seed     maphash.Seed
	now, old map[presage.VIN]*burst
}

// burst is what one vehicle has sent from one instant on, in epoch ms.
type burst struct {
	from, last int64
	signals    []uint64 // hashes of those at last
}

func newSpacer() *spacer { return &spacer{seed: maphash.MakeSeed(), now: map[presage.VIN]*burst{}} }

// place is when readings that arrived at the time at are to be stored.
func (a *spacer) place(vin presage.VIN, at time.Time, readings []presage.Reading) time.Time {
	at = at.UTC().Truncate(time.Millisecond)
	ms, b := at.UnixMilli(), a.of(vin)
	if ms < b.from || ms > b.last {
		b.from, b.last, b.signals = ms, ms, b.signals[:0]
	}
	if len(b.signals) >= spacedSignals || slices.ContainsFunc(readings, func(r presage.Reading) bool {
		return slices.Contains(b.signals, maphash.String(a.seed, r.Signal))
	}) {
		b.last, b.signals = b.last+1, b.signals[:0]
	}
	for _, r := range readings {
		if len(b.signals) < spacedSignals {
			b.signals = append(b.signals, maphash.String(a.seed, r.Signal))
		}
	}
	return at.Add(time.Duration(b.last-ms) * time.Millisecond)
}

// of is the burst of a vehicle.
func (a *spacer) of(vin presage.VIN) *burst {
	if b, ok := a.now[vin]; ok {
		return b
	}
	b, ok := a.old[vin]
	if !ok {
		b, vin = &burst{from: 1}, presage.VIN(strings.Clone(string(vin))) // it may be a piece of a long topic
	}
	if len(a.now) >= spacedVehicles {
		a.old, a.now = a.now, make(map[presage.VIN]*burst, spacedVehicles)
	}
	a.now[vin] = b
	return b
}

// arrivalTimes gives the samples of a message that carries no time that of its
// arrival, apart from others, and says so where it is an estimate.
func (p *Pipeline) arrivalTimes(it *item) {
	m := &it.msg
	at, first, within := m.Arrival(), !m.First.IsZero(), m.Within
	for i := range it.samples {
		s := &it.samples[i]
		if first {
			s.Time = at.UTC().Truncate(time.Millisecond)
			continue
		}
		s.Time = p.spacer.place(s.VIN, at, s.Readings)
		if !s.Time.Equal(at) {
			m.Sent = s.Time // for its letter, should it become one
		}
		if within > 0 {
			s.Readings = append(s.Readings, presage.Reading{
				Signal: SignalTimeEstimated, Value: presage.Number(within.Seconds()),
			})
		}
	}
}
