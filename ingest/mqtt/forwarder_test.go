package mqtt_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"presage"
	"presage/ingest/mqtt"
)

// orders are commands by ID, as a store keeps them.
type orders struct {
	mu     sync.Mutex // of everything
	all    []presage.Command
	failed error // of every call
	looked int   // calls of NewCommands
	owner  string
	until  time.Time
}

func (o *orders) put(vin presage.VIN, change ...func(*presage.Command)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := presage.Command{ID: int64(len(o.all) + 1), VIN: vin, Payload: fmt.Append(nil, len(o.all)+1)}
	for _, f := range change {
		f(&c)
	}
	o.all = append(o.all, c)
}

func (o *orders) NewCommands(_ context.Context, after int64) (vins []presage.VIN, last int64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looked++
	last = after
	for _, c := range o.all {
		if c.ID > after && c.DoneAt.IsZero() && len(vins) < 2 { // a small page
			vins, last = append(vins, c.VIN), c.ID
		}
	}
	return vins, last, o.failed
}

func (o *orders) PendingCommands(
	_ context.Context, vin presage.VIN, after int64, limit int, now time.Time,
) (cs []presage.Command, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.all {
		if c.VIN == vin && c.ID > after && c.State(now) == presage.CommandOpen && len(cs) < limit {
			cs = append(cs, c)
		}
	}
	return cs, o.failed
}

func (o *orders) CommandDone(ctx context.Context, _ presage.VIN, id int64, at time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if ctx.Err() == nil && o.failed == nil {
		o.all[id-1].DoneAt = at
	}
	return errors.Join(ctx.Err(), o.failed)
}

func (o *orders) HoldLease(_ context.Context, _, owner string, now, until time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.owner != "" && o.owner != owner && o.until.After(now) {
		return false, o.failed
	}
	o.owner, o.until = owner, until
	return true, o.failed
}

// fail makes every call fail, or none.
func (o *orders) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed = err
}

// looks counts the calls of NewCommands.
func (o *orders) looks() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.looked
}

// open are the IDs without an acknowledgement.
func (o *orders) open() (ids []int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.all {
		if c.DoneAt.IsZero() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// post is an external broker.
type post struct {
	mu     sync.Mutex // of everything
	down   bool       // takes no connection
	cut    int        // closes the connection before its n-th acknowledgement, once
	poison string     // a payload that it answers by closing the connection
	dials  int
	got    []mqtt.Outgoing
}

func (p *post) dial(context.Context) (mqtt.CommandSender, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dials++
	if p.down {
		return nil, presage.ErrUnavailable
	}
	return p, nil
}

func (p *post) PublishAll(_ context.Context, messages iter.Seq[mqtt.Outgoing]) (acked int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for m := range messages {
		if p.down || string(m.Payload) == p.poison {
			return acked, presage.ErrUnavailable
		}
		p.got = append(p.got, m)
		if p.cut--; p.cut == 0 {
			return acked, presage.ErrUnavailable
		}
		acked++
	}
	return acked, nil
}

func (p *post) Close() error { return nil }

// change sets what the broker does.
func (p *post) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// dialled counts the connections tried.
func (p *post) dialled() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dials
}

// arrived are the messages taken, in order.
func (p *post) arrived() []mqtt.Outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

// payloads are what arrived, in order.
func (p *post) payloads() (all []string) {
	for _, m := range p.arrived() {
		all = append(all, string(m.Payload))
	}
	return all
}

const (
	car   presage.VIN = "WVWZZZ1KZAW000001"
	truck presage.VIN = "WVWZZZ1KZAW000002"
)

// forward runs a forwarder in the bubble of a synctest until the test ends.
func forward(t *testing.T, o *orders, p *post) *mqtt.Forwarder {
	t.Helper()
	f, _ := forwardAs(t, "one", o, p)
	return f
}

// forwardAs is forward of one among several processes; it ends by stop.
func forwardAs(t *testing.T, owner string, o *orders, p *post) (f *mqtt.Forwarder, stop func()) {
	t.Helper()
	f = mqtt.NewForwarder(mqtt.ForwarderConfig{Owner: owner, Dial: p.dial, Now: time.Now}, o)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return f, stop
}

func sameList[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// byNumber orders distinct payloads.
func byNumber(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX != nil || errY != nil || x == y {
		return 1
	}
	return x - y
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestForwarderSendsInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &orders{}, &post{}
		f := forward(t, o, p)
		if p.dialled() != 0 {
			t.Error("it connects although there is no command")
		}
		o.put(car)
		o.put(truck, func(c *presage.Command) { c.ExpiresAt = time.Now() }) // never goes out
		o.put(car, func(c *presage.Command) { c.Retain = true })
		for range 250 { // more than a batch
			o.put(truck)
		}
		f.Notify(car)
		f.Notify(truck)
		synctest.Wait()
		sameList(t, "open", o.open(), []int64{2})
		got := p.arrived()
		if first, second := got[0], got[1]; first.Topic != "presage/v1/WVWZZZ1KZAW000001/command" || first.Retained ||
			first.QoS0 || string(first.Payload) != "1" || !second.Retained || string(second.Payload) != "3" {
			t.Errorf("%+v, %+v", first, second)
		}
		if len(got) != 252 || string(got[251].Payload) != "253" || p.dialled() != 1 {
			t.Errorf("%d commands over %d connections", len(got), p.dialled())
		}
		o.put(car) // of another process
		pass(2 * time.Second)
		sameList(t, "open", o.open(), []int64{2})
	})
}

// What was not acknowledged goes again, in order, when the broker is back; what
// expired meanwhile does not.
func TestForwarderGoesOnAfterAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &orders{}, &post{cut: 3}
		for range 5 {
			o.put(car)
		}
		o.put(car, func(c *presage.Command) { c.ExpiresAt = time.Now().Add(time.Minute) })
		p.change(func() { p.down = true })
		forward(t, o, p)
		pass(10 * time.Minute)
		if n := p.dialled(); n < 20 || n > 40 { // every 30 s after the first waits
			t.Errorf("%d attempts in 10 minutes", n)
		}
		p.change(func() { p.down = false })
		pass(30 * time.Second)
		sameList(t, "arrived", p.payloads(), []string{"1", "2", "3", "3", "4", "5"})
		sameList(t, "open", o.open(), []int64{6})

		o.fail(presage.ErrUnavailable)
		o.put(car)
		pass(time.Minute)
		o.fail(nil)
		pass(30 * time.Second)
		sameList(t, "after the store's outage", p.payloads()[6:], []string{"7"})
	})
}

// A command that the broker answers by closing the connection holds up its own
// vehicle alone.
func TestForwarderPutsAVehicleAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &orders{}, &post{poison: "3"}
		for _, vin := range []presage.VIN{truck, car, car, truck, car, truck} {
			o.put(vin)
		}
		forward(t, o, p)
		pass(10 * time.Second)
		sameList(t, "open", o.open(), []int64{3, 5})
		sameList(t, "arrived", p.payloads(), []string{"1", "4", "6", "2"})
		dials := p.dialled()
		pass(45 * time.Second)
		if p.dialled() != dials {
			t.Error("it was tried again at once")
		}
		p.change(func() { p.poison = "" })
		for range 30 { // its newer ones arrive once, also those that come as it is tried again
			o.put(car)
			pass(2 * time.Second)
		}
		got := p.payloads()
		sameList(t, "arrived", got[:6], []string{"1", "4", "6", "2", "3", "5"})
		if len(got) != 36 || !slices.IsSortedFunc(got[4:], byNumber) {
			t.Errorf("the newer ones: %v", got[4:])
		}
		looked := o.looks()
		pass(time.Minute)
		if n := o.looks() - looked; n < 28 || n > 31 {
			t.Errorf("it looked %d times in a minute, want every 2 s", n)
		}
	})
}

// Of several processes over one database one forwards; another takes over.
func TestForwarderIsOneOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, first, second := &orders{}, &post{}, &post{}
		o.put(car)
		_, stop := forwardAs(t, "one", o, first)
		forwardAs(t, "two", o, second)
		for range 20 {
			o.put(car)
			pass(3 * time.Second)
		}
		if n := len(second.arrived()); n > 0 {
			t.Errorf("the other process sent %d commands", n)
		}
		sameList(t, "open", o.open(), nil)
		stop()
		o.put(car)
		pass(35 * time.Second)
		sameList(t, "of the other one", second.payloads(), []string{"22"})
		sameList(t, "of the first one", first.payloads()[20:], []string{"21"})
	})
}

// What was acknowledged is noted even when the service ends at that moment.
func TestForwarderNotesWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &orders{}
		o.put(car)
		ctx, stop := context.WithCancel(t.Context())
		p := &ending{post: &post{}, stop: stop}
		f := mqtt.NewForwarder(mqtt.ForwarderConfig{
			Dial: func(context.Context) (mqtt.CommandSender, error) { return p, nil }, Now: time.Now,
		}, o)
		if err := f.Run(ctx); err != nil {
			t.Error(err)
		}
		sameList(t, "open", o.open(), nil)
	})
}

// ending stops the service while it acknowledges.
type ending struct {
	*post

	stop func()
}

func (e *ending) PublishAll(ctx context.Context, messages iter.Seq[mqtt.Outgoing]) (int, error) {
	defer e.stop()
	return e.post.PublishAll(ctx, messages)
}
