package door_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest/door"
)

// desk keeps commands and sessions in memory.
type desk struct {
	mu       sync.Mutex
	commands []presage.Command
	sessions map[string]presage.MQTTSession
	changed  chan struct{}
}

func newDesk() *desk {
	return &desk{sessions: map[string]presage.MQTTSession{}, changed: make(chan struct{}, 100)}
}

func (d *desk) add(c presage.Command) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.ID = int64(len(d.commands) + 1)
	d.commands = append(d.commands, c)
}

func (d *desk) open(vin presage.VIN) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.commands {
		if c.VIN == vin && c.DoneAt.IsZero() {
			n++
		}
	}
	return n
}

func (d *desk) PendingCommands(_ context.Context, vin presage.VIN, after int64, limit int, now time.Time) (out []presage.Command, _ error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.commands {
		if c.VIN == vin && c.ID > after && c.State(now) == presage.CommandOpen && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

func (d *desk) RetainedCommand(_ context.Context, vin presage.VIN, _ time.Time) (presage.Command, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range slices.Backward(d.commands) {
		if c.VIN == vin && c.Retain && !c.DoneAt.IsZero() {
			return c, nil
		}
	}
	return presage.Command{}, presage.ErrNotFound
}

func (d *desk) CommandDone(_ context.Context, _ presage.VIN, id int64, at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commands[id-1].DoneAt = at
	d.changed <- struct{}{}
	return nil
}

func (d *desk) NewCommands(context.Context, int64) ([]presage.VIN, int64, error) { return nil, 0, nil }

func (d *desk) PutSession(_ context.Context, s presage.MQTTSession) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[string(s.VIN)+s.ClientID] = s
	return nil
}

func (d *desk) Session(_ context.Context, vin presage.VIN, id string) (presage.MQTTSession, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.sessions[string(vin)+id]
	if !ok {
		return s, presage.ErrNotFound
	}
	return s, nil
}

func (d *desk) DeleteSession(_ context.Context, s presage.MQTTSession) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, string(s.VIN)+s.ClientID)
	return nil
}

func withDesk(d *desk) func(*door.Config) {
	return func(c *door.Config) { c.Commands, c.Sessions = d, d }
}

func command(vin presage.VIN, n int) presage.Command {
	return presage.Command{VIN: vin, Payload: fmt.Appendf(nil, `{"n":%d}`, n), CreatedAt: time.Now()}
}

func topicOf(vin presage.VIN) string { return "presage/v1/" + string(vin) + "/command" }

// wantCommand reads a command with QoS 1 and returns its packet identifier.
func (c *hand) wantCommand(n int, flags byte) []byte {
	c.t.Helper()
	kind, body := c.packet()
	head := text(topicOf(vinA))
	if kind != 0x32|flags || !bytes.HasPrefix(body, head) {
		c.t.Fatalf("a packet %#x % x, want a command", kind, body)
	}
	id, rest := body[len(head):len(head)+2], body[len(head)+2:]
	if !bytes.HasSuffix(rest, fmt.Appendf(nil, `{"n":%d}`, n)) {
		c.t.Fatalf("command %q, want n = %d", rest, n)
	}
	return id
}

func TestCommandsInOrderUntilAcknowledged(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := startDoor(t, newMemory(), withDesk(d))
	for n := range 20 {
		d.add(command(vinA, n))
	}
	late := command(vinA, 99)
	late.ExpiresAt = time.Now().Add(-time.Second)
	d.add(late)
	d.add(command(vinB, 77))
	c := dial(t, s)
	c.connect(hello{vin: vinA, clientID: "box", keep: true})
	c.subscribe(1, topicOf(vinA), 1)
	for n := range 20 { // no more than 16 at once; each PUBACK lets the next one through
		id := c.wantCommand(n, 0)
		c.write(0x40, 2, id[0], id[1])
		<-d.changed
	}
	if d.open(vinA) != 1 || d.open(vinB) != 1 { // the expired one, and another vehicle's
		t.Errorf("%d and %d open", d.open(vinA), d.open(vinB))
	}
	d.add(command(vinA, 100))
	s.Notify(vinA)
	c.wantCommand(100, 0)
	_ = c.nc.Close() // without a PUBACK
	c = dial(t, s)
	if ack := c.connect(hello{vin: vinA, clientID: "box", keep: true}); ack[0] != 1 {
		t.Error("the session is not present")
	}
	id := c.wantCommand(100, 8) // again, marked as a repeat, without a new subscription
	c.write(0x40, 2, id[0], id[1])
	<-d.changed
}

func TestRetainedCommandForANewSubscription(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := startDoor(t, newMemory(), withDesk(d))
	kept := command(vinA, 5)
	kept.Retain, kept.DoneAt = true, time.Now()
	d.add(kept)
	for _, version := range []byte{4, 5} {
		c := dial(t, s)
		c.connect(hello{vin: vinA, version: version})
		c.subscribe(1, topicOf(vinA), 1)
		c.wantCommand(5, 1)
	}
}

func TestSessionOutlivesARestart(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s, stop := startStoppable(t, newMemory(), withDesk(d))
	c := dial(t, s)
	c.connect(hello{vin: vinA, clientID: "box", keep: true})
	c.subscribe(1, topicOf(vinA), 1)
	stop()
	d.add(command(vinA, 1))
	s = startDoor(t, newMemory(), withDesk(d))
	c = dial(t, s)
	if ack := c.connect(hello{vin: vinA, clientID: "box", keep: true}); ack[0] != 1 {
		t.Error("the session is gone")
	}
	c.wantCommand(1, 0)
	// A clean start forgets it.
	c = dial(t, s)
	if ack := c.connect(hello{vin: vinA, clientID: "box"}); ack[0] != 0 {
		t.Error("a clean session is present")
	}
	c = dial(t, s)
	if ack := c.connect(hello{vin: vinA, clientID: "box", keep: true}); ack[0] != 0 {
		t.Error("the session came back")
	}
}

func TestTakeover(t *testing.T) {
	t.Parallel()
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinA: "right"}}
	s := startDoor(t, newMemory(), func(c *door.Config) { c.Admission = g })
	first := dial(t, s)
	first.connect(hello{vin: vinA, password: "right", clientID: "box", version: 5})
	// Nobody without the secret takes it over.
	thief := dial(t, s)
	if kind, body := thief.greet(hello{vin: vinA, password: "guess", clientID: "box"}); kind != 0x20 || body[1] != 5 {
		t.Errorf("%#x % x, want CONNACK 5: not authorized", kind, body)
	}
	second := dial(t, s)
	second.connect(hello{vin: vinA, password: "right", clientID: "box"})
	if kind, body := first.packet(); kind != 0xe0 || body[0] != 0x8e {
		t.Errorf("%#x % x, want DISCONNECT: session taken over", kind, body)
	}
	first.ended()
	second.write(0xc0, 0)
	if kind, _ := second.packet(); kind != 0xd0 {
		t.Error("the second one is gone as well")
	}
}
