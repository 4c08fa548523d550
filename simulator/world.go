package simulator

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"presage"
	"presage/simulator/cast"
	"presage/simulator/tbox"
)

// Message is what a vehicle publishes, as it arrives at the broker.
type Message struct {
	VIN     presage.VIN
	Topic   string
	Payload []byte    // owned by the receiver
	At      time.Time // arrival; the samples inside are older, but for a clock that runs ahead
}

// Fleet is what the service may know from the first day.
type Fleet struct {
	Vehicles  []presage.Vehicle
	Customers []presage.Customer
	Devices   []presage.Device
	Workshops []presage.Workshop
	Depots    []presage.Depot
	Stock     []presage.Stock
	// History is what the workshops remember of the years before, oldest first:
	// most of the replacements that were made, without bookings.
	History []presage.WorkshopResult
}

// World is the virtual fleet. It is not safe for use by several goroutines.
type World struct {
	seed      uint64
	catalogue *presage.Catalogue
	limits    limits
	outage    float64 // chance a car and day
	cast      *cast.Cast
	cars      []*car
	byVIN     map[presage.VIN]*car
	people    map[string]int // index by customer ID
	history   []presage.WorkshopResult

	now     int64 // ms since 1970
	steps   heap[step]
	inbox   heap[tbox.Message]
	counts  Counts
	failing []presage.WorkshopResult // not yet reported
}

// step is the next thing that a car does.
type step struct {
	at int64
	n  int // index of the car
}

// New builds a world at c.Start. The error is an ErrInvalid that names every
// fault, or that the time zones of the cities are not installed.
func New(c Config) (*World, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	faults := DefaultFaults()
	if c.Faults != nil {
		faults = *c.Faults
	}
	catalogue := c.Catalogue
	if catalogue == nil {
		catalogue = &presage.Catalogue{}
	}
	troupe, err := cast.Make(c.Seed, c.Vehicles, c.Start, catalogue)
	if err != nil {
		return nil, fmt.Errorf("new simulator: %w", err)
	}
	w := &World{
		seed: c.Seed, catalogue: catalogue, limits: limitsOf(catalogue), outage: faults.Outage, cast: troupe,
		now:   c.Start.UnixMilli(),
		byVIN: make(map[presage.VIN]*car, c.Vehicles), people: make(map[string]int, len(troupe.People)),
	}
	w.steps.less = func(a, b *step) bool { return a.at < b.at || (a.at == b.at && a.n < b.n) }
	w.inbox.less = func(a, b *tbox.Message) bool { return a.Before(*b) }
	radio, err := tbox.NewRadio(faults, w.inbox.push)
	if err != nil {
		return nil, fmt.Errorf("new simulator: %w", err)
	}
	for i := range troupe.People {
		w.people[troupe.People[i].ID] = i
	}
	for i := range troupe.Cars {
		k := w.newCar(i, radio)
		k.equip(c)
		w.cars = append(w.cars, k)
		w.byVIN[k.VIN] = k
		w.steps.push(step{at: w.now, n: i})
	}
	if c.WeakCells {
		w.weakenCells()
	}
	slices.SortStableFunc(w.history, func(a, b presage.WorkshopResult) int { return a.At.Compare(b.At) })
	return w, nil
}

// Fleet returns what the service may know from the first day. The slices are the caller's.
func (w *World) Fleet() Fleet {
	f := Fleet{
		Workshops: slices.Clone(w.cast.Workshops), Depots: slices.Clone(w.cast.Depots),
		Stock: slices.Clone(w.cast.Stock), History: slices.Clone(w.history),
	}
	for i := range w.cast.Cars {
		f.Vehicles = append(f.Vehicles, w.cast.Cars[i].Vehicle)
	}
	for i := range w.cast.People {
		f.Customers = append(f.Customers, w.cast.People[i].Customer)
		if w.cast.People[i].HasApp() {
			f.Devices = append(f.Devices, w.cast.People[i].Device())
		}
	}
	return f
}

// Now is how far the world has lived: the last instant of Advance.
func (w *World) Now() time.Time { return time.UnixMilli(w.now).UTC() }

// Published counts what Advance has yielded so far.
func (w *World) Published() Counts { return w.counts }

// Advance lives until the given instant and yields what arrives on the way, in
// the order of arrival. When the consumer stops early nothing is lost: the next
// call goes on from there. An instant in the past yields nothing.
func (w *World) Advance(to time.Time) iter.Seq[Message] {
	return func(yield func(Message) bool) {
		end := to.UnixMilli()
		for {
			next := int64(math.MaxInt64)
			if s := w.steps.top(); s.at <= end {
				next = s.at
			}
			// Whatever a later step publishes arrives later than the step.
			if !w.deliver(min(next-1, end), yield) {
				return
			}
			if next > end {
				w.now = max(w.now, end)
				return
			}
			w.now = max(w.now, next)
			s := w.steps.top()
			s.at = w.cars[s.n].live(s.at)
			w.steps.sink()
		}
	}
}

// deliver yields the messages that have arrived by an instant; false when the consumer stops.
func (w *World) deliver(by int64, yield func(Message) bool) bool {
	for m := w.inbox.top(); m != nil && m.At <= by; m = w.inbox.top() {
		m := w.inbox.pop()
		w.now = max(w.now, m.At)
		w.counts.Add(m.Tally)
		out := Message{VIN: m.VIN, Topic: m.Topic, Payload: m.Payload, At: time.UnixMilli(m.At).UTC()}
		if !yield(out) {
			return false
		}
	}
	return true
}
