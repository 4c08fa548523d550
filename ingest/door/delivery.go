package door

import (
	"context"
	"sync"
	"time"

	v5 "github.com/eclipse/paho.golang/packets"

	"presage"
	"presage/ingest"
)

// Commands are what the service wants of vehicles. *sqlstore.Store is one.
type Commands interface {
	// PendingCommands are the vehicle's open ones above an ID, in order.
	PendingCommands(ctx context.Context, vin presage.VIN, after int64, limit int, now time.Time) ([]presage.Command, error)
	// RetainedCommand is the newest retained one that is done; ErrNotFound for none.
	RetainedCommand(ctx context.Context, vin presage.VIN, now time.Time) (presage.Command, error)
	// CommandDone notes an acknowledgement; it may be repeated.
	CommandDone(ctx context.Context, vin presage.VIN, id int64, at time.Time) error
	// NewCommands are the vehicles with commands above an ID, and the highest.
	NewCommands(ctx context.Context, after int64) (vins []presage.VIN, last int64, err error)
}

// commandsAtOnce bounds what a client has not acknowledged yet.
const commandsAtOnce = 16

// delivery sends a vehicle's commands to one of its connections, in order. A
// command is gone with the first PUBACK, from whichever connection; what has
// none is sent again on the next connection.
type delivery struct {
	c      *conn
	most   int    // at once
	packet uint32 // largest that the client takes; 0 any

	mu       sync.Mutex
	active   bool
	qos      byte
	retained bool // the newest retained command is to be sent
	after    int64
	nextID   uint16
	flying   map[uint16]int64 // packet identifier -> command
	acked    []int64          // to be written down
	running  bool
	again    bool
}

func newDelivery(c *conn, h hello) *delivery {
	return &delivery{c: c, most: min(h.receive, commandsAtOnce), packet: h.packet, flying: map[uint16]int64{}}
}

// begin starts after a subscription.
func (d *delivery) begin(qos byte, retained bool) {
	d.mu.Lock()
	d.active, d.qos, d.retained = true, qos, retained
	d.mu.Unlock()
	d.wake()
}

// end stops sending. It may be called on nil.
func (d *delivery) end() {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.active = false
}

// acknowledged takes a PUBACK.
func (d *delivery) acknowledged(id uint16) {
	d.mu.Lock()
	command, ok := d.flying[id]
	if ok {
		delete(d.flying, id)
		d.acked = append(d.acked, command)
	}
	d.mu.Unlock()
	if ok {
		d.wake()
	}
}

// wake looks for what is to be done; it does not wait for it.
func (d *delivery) wake() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c.server.cfg.Commands == nil || !d.active && len(d.acked) == 0 {
		return
	}
	if d.running {
		d.again = true
		return
	}
	d.running = true
	go d.run()
}

func (d *delivery) run() {
	for {
		err := d.once()
		if err != nil && d.c.ctx.Err() == nil {
			d.c.server.warn("commands cannot be read or noted: they are tried again", "error", err)
		}
		d.mu.Lock()
		gone := d.c.ctx.Err() != nil
		if err == nil && !d.again || err != nil && gone {
			d.running, d.again = false, false
			d.mu.Unlock()
			return
		}
		d.again = false
		d.mu.Unlock()
		if err != nil {
			d.rest(afterFault)
		} else {
			d.rest(turnsEvery)
		}
	}
}

// turnsEvery bounds how often a client can make us ask the store.
const turnsEvery = 5 * time.Millisecond

// afterFault is how long a store that failed is left alone.
const afterFault = 3 * time.Second

// rest waits a moment, or until the connection is gone.
func (d *delivery) rest(wait time.Duration) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-d.c.ctx.Done():
	}
}

// once notes what was acknowledged and sends what is open.
func (d *delivery) once() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.c.ctx), 10*time.Second)
	defer cancel()
	if err := d.note(ctx); err != nil {
		return err
	}
	commands, vin := d.c.server.cfg.Commands, d.c.user.vin
	d.mu.Lock()
	active, after, room, retained := d.active, d.after, d.most-len(d.flying), d.retained
	d.retained = false
	d.mu.Unlock()
	if !active || room <= 0 {
		return nil
	}
	now := d.c.server.cfg.Now()
	if retained {
		if one, err := commands.RetainedCommand(ctx, vin, now); err == nil {
			d.send(one, true, now)
			room--
		}
		if room <= 0 { // its PUBACK makes room
			return nil
		}
	}
	open, err := commands.PendingCommands(ctx, vin, after, room, now)
	if err != nil {
		return err
	}
	for _, one := range open {
		d.c.out.awaitRoom()
		d.send(one, false, now)
	}
	if len(open) > 0 {
		return d.note(ctx) // those of QoS 0
	}
	return nil
}

// note writes acknowledgements down.
func (d *delivery) note(ctx context.Context) error {
	for {
		d.mu.Lock()
		if len(d.acked) == 0 {
			d.mu.Unlock()
			return nil
		}
		id := d.acked[0]
		d.mu.Unlock()
		if err := d.c.server.cfg.Commands.CommandDone(ctx, d.c.user.vin, id, d.c.server.cfg.Now()); err != nil {
			return err
		}
		d.mu.Lock()
		d.acked = d.acked[1:]
		d.again = true // there is room for the next
		d.mu.Unlock()
	}
}

// send writes a command. One that the client cannot take stays until it expires.
func (d *delivery) send(one presage.Command, retained bool, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !retained {
		d.after = max(d.after, one.ID)
	}
	p := &v5.Publish{
		Topic: ingest.CommandTopic(d.c.user.vin), QoS: d.qos, Retain: retained, Payload: one.Payload,
		Properties: &v5.Properties{},
	}
	if d.qos > 0 {
		p.PacketID = d.identifier()
		p.Duplicate = d.c.session.markSent(one.ID) && !retained
	}
	packet := encodePublish(d.c.version, p, one, now)
	if d.packet > 0 && len(packet) > int(d.packet) {
		d.c.server.warn("a command is larger than the vehicle takes", "vin", d.c.user.vin, "command", one.ID)
		return
	}
	if d.qos > 0 {
		d.flying[p.PacketID] = one.ID
	} else {
		d.acked = append(d.acked, one.ID)
	}
	d.c.out.send(packet)
	d.c.server.metrics.commands.Inc()
}

// identifier is a free packet identifier; the lock is held.
func (d *delivery) identifier() uint16 {
	for {
		d.nextID++
		if _, used := d.flying[d.nextID]; d.nextID != 0 && !used {
			return d.nextID
		}
	}
}

// encodePublish is a PUBLISH to a client of either version.
func encodePublish(version byte, p *v5.Publish, one presage.Command, now time.Time) []byte {
	if version == mqtt5 {
		if !one.ExpiresAt.IsZero() {
			left := uint32(max(one.ExpiresAt.Sub(now)/time.Second, 1))
			p.Properties.MessageExpiry = &left
		}
		return encode5(p, v5.PUBLISH)
	}
	first := byte(typePublish<<4) | p.QoS<<1
	if p.Duplicate {
		first |= 8
	}
	if p.Retain {
		first |= 1
	}
	n := 2 + len(p.Topic) + len(p.Payload)
	if p.QoS > 0 {
		n += 2
	}
	out := appendLength([]byte{first}, n)
	out = append(out, byte(len(p.Topic)>>8), byte(len(p.Topic)))
	out = append(out, p.Topic...)
	if p.QoS > 0 {
		out = append(out, byte(p.PacketID>>8), byte(p.PacketID))
	}
	return append(out, p.Payload...)
}
