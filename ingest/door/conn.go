package door

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
	"presage/ingest"
	"presage/internal/throttle"
)

// conn is a client's connection. One goroutine reads it, hands messages to the
// sink in runs and waits there as long as the sink does; acknowledgements leave
// by the outbox.
type conn struct {
	server *Server
	nc     net.Conn // what is spoken over: raw, TLS or a websocket
	raw    net.Conn
	from   netip.Addr
	ctx    context.Context //nolint:containedctx // ends with the connection, which outlives every call
	cancel context.CancelFunc
	in     reader
	out    *outbox
	acks   *acks
	cert   *x509.Certificate

	version   byte
	user      user
	session   *session
	delivery  *delivery
	keepAlive time.Duration
	will      *will
	routes    routes
	aliases   []route // of MQTT 5, by number
	warned    bool    // of a refused publish

	run     []ingest.Message // read and not handed on yet
	block   []byte           // where the next payloads go
	arrived time.Time        // when something was last read
	until   time.Time        // by when the packet must be whole; zero for none
	limited time.Time        // the deadline that the connection has now

	heard   atomic.Int64 // the same by the network's clock, Unix nanoseconds
	blocked atomic.Int64 // since when the reader waits for room; 0 it does not
	pulsed  int64        // when it was last told that we live, of the pulse

	leaving bool // of the registry: it is to be cut off
	ending  sync.Once
	reason  atomic.Pointer[protocolError] // why we end it
}

func (s *Server) newConn(ctx context.Context, nc net.Conn) *conn {
	c := &conn{server: s, nc: nc, raw: nc, from: source(nc.RemoteAddr()), out: newOutbox(nc, s.cfg.WriteTimeout)}
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.acks = newAcks(c.out)
	c.in = reader{src: nc, beforeRead: c.beforeRead, afterRead: c.afterRead}
	c.until = wall().Add(s.cfg.ConnectTimeout)
	return c
}

// live lives through the connection, from its first byte on.
func (c *conn) live() {
	defer c.cancel()
	err := c.readConnect()
	c.server.identified(c)
	if err == nil {
		c.server.metrics.connections.WithLabelValues(c.user.name()).Inc()
		err = c.serve()
		c.server.metrics.connections.WithLabelValues(c.user.name()).Dec()
	}
	c.finish(err)
}

// readConnect reads CONNECT and lets the client in or not.
func (c *conn) readConnect() error {
	first, size, err := c.in.header()
	if err != nil {
		return err
	}
	if first != typeConnect<<4 {
		return fmt.Errorf("%w: the first packet is not a CONNECT", errMalformed)
	}
	body, err := c.in.control(size)
	if err != nil {
		return err
	}
	h, err := parseHello(body, c.server.cfg.SessionExpiry)
	c.version, c.acks.version = h.version, h.version
	present := false
	assigned := ""
	if err == nil {
		if h.clientID == "" {
			h.clientID = newClientID()
			assigned = h.clientID
		}
		h.clientID = presage.ClientKey(h.clientID)
		present, err = c.logIn(h)
	}
	if err != nil {
		c.refuseConnect(err)
		return err
	}
	c.until, c.keepAlive, c.will = time.Time{}, h.keepAlive, h.will
	c.acks.holds = c.session.hold
	if c.user.vin == "" {
		c.routes.many = map[string]route{}
	}
	c.out.send(connack(h, assigned, present, c.server.cfg.ReceiveMaximum))
	if qos, ok := c.session.subscribed(); ok {
		c.delivery.begin(qos, false)
	}
	return nil
}

// logIn finds out who the client is and registers the connection. Whoever was
// revoked meanwhile is asked again.
func (c *conn) logIn(h hello) (present bool, err error) {
	epoch := c.server.registry.epoch()
	if c.user, err = c.server.identify(c.ctx, h, c.cert, c.from); err != nil {
		return false, err
	}
	c.delivery = newDelivery(c, h)
	c.heard.Store(wall().UnixNano())
	if present, err = c.server.register(c.ctx, c, h); err != nil {
		return false, err
	}
	if epoch != c.server.registry.epoch() {
		_, err = c.server.identify(c.ctx, h, c.cert, c.from)
	}
	return present, err
}

func (c *conn) refuseConnect(err error) {
	why, ok := errors.AsType[*refusal](err)
	if !ok {
		if c.version == 0 {
			return // not MQTT: there is no answer that it understands
		}
		why = refuse(v3.ErrRefusedServerUnavailable, reasonMalformed, err)
	}
	c.server.metrics.refused.WithLabelValues("login").Inc()
	c.server.warn("login refused", "reason", why.cause, "remote", throttle.Network(c.from))
	c.out.send(connackRefused(c.version, why))
}

// serve reads packets until the connection ends.
func (c *conn) serve() error {
	for {
		first, size, err := c.in.header()
		if err != nil {
			return err
		}
		if first>>4 == typePublish {
			err = c.publish(first, size)
		} else {
			err = c.control(first, size)
		}
		if err != nil {
			_ = c.submit() // what came before a DISCONNECT, or before a fault, in the same read
			return err
		}
	}
}

// errDisconnected is a client's DISCONNECT: its will is void.
var errDisconnected = errors.New("the client disconnected")

// control works on a packet other than PUBLISH.
func (c *conn) control(first byte, size int) error {
	body, err := c.in.control(size)
	if err != nil {
		return err
	}
	if c.version == mqtt31 && first>>1&3 == 1 {
		first &^= 8 // 3.1 marks what it repeats
	}
	switch first {
	case typePuback << 4:
		return c.withID(body, c.delivery.acknowledged)
	case typePubrel<<4 | 2:
		return c.withID(body, func(id uint16) {
			c.session.release(id)
			c.acks.released()
			if c.out.add(short(c.version, typePubcomp<<4, id, reasonSuccess)) {
				c.out.flush()
			}
		})
	case typeSubscribe<<4 | 2:
		return c.subscribe(body)
	case typeUnsubscribe<<4 | 2:
		return c.unsubscribe(body)
	case typePingreq << 4:
		c.out.send([]byte{pingresp, 0})
		return nil
	case typeDisconnect << 4:
		return c.disconnected(body)
	case typePubrec << 4, typePubcomp << 4:
		return nil // of QoS 2, by which nothing is sent to clients
	}
	return &protocolError{reasonProtocolError, fmt.Sprintf("a packet of type %d", first>>4)}
}

const pingresp = 0xd0

func (c *conn) withID(body []byte, do func(id uint16)) error {
	if len(body) < 2 {
		return fmt.Errorf("%w: an acknowledgement of %d bytes", errMalformed, len(body))
	}
	do(uint16(body[0])<<8 | uint16(body[1]))
	return nil
}

// beforeRead hands on what is at hand and sets how long the client may take.
func (c *conn) beforeRead() error {
	if err := c.submit(); err != nil {
		return err
	}
	now := wall()
	until := c.until
	if until.IsZero() && c.keepAlive > 0 {
		until = now.Add(c.keepAlive + c.keepAlive/2) // MQTT 3.1.1, section 3.1.2.10
	}
	if earlier := until.Sub(c.limited); until.IsZero() != c.limited.IsZero() || earlier < 0 || earlier > c.keepAlive/8 {
		_ = c.nc.SetReadDeadline(until)
		c.limited = until
	}
	if c.server.stopping.Load() { // looked at after the deadline was set, which would hide that of Run
		return errStopping
	}
	return c.ctx.Err()
}

// afterRead notes when what was read arrived: a read may have waited for hours.
func (c *conn) afterRead() {
	c.arrived = c.server.cfg.Now()
	c.heard.Store(wall().UnixNano())
}

// submit hands the run to the sink; it may wait there.
func (c *conn) submit() error {
	if len(c.run) == 0 {
		return nil
	}
	c.markWaiting()
	err := c.server.cfg.Sink.SubmitAll(c.ctx, c.run, c.acks)
	c.blocked.Store(0)
	clear(c.run)
	c.run = c.run[:0]
	if cap(c.run) > runMessages/4 {
		c.run = nil // ten thousand quiet vehicles keep no room for it
	}
	return err
}

// markWaiting notes that the reader may wait from now on. When the service stops it
// waits no more: what it holds has no acknowledgement and comes again.
func (c *conn) markWaiting() {
	c.blocked.Store(wall().UnixNano())
	if c.server.stopping.Load() { // else Run sees that we wait
		c.cancel()
	}
}

// awaitRoom waits until the connection may have one more message on its way. A
// client of MQTT 5 was told how many; of others nothing more is read.
func (c *conn) awaitRoom(qos byte) error {
	most := c.server.cfg.ReceiveMaximum
	if c.version == mqtt5 {
		if qos > 0 && c.acks.pending() >= most {
			return &protocolError{reasonReceiveExceeded, fmt.Sprintf("more than %d messages without an acknowledgement", most)}
		}
		most *= 2 // those of QoS 0 are not counted above
	}
	for !c.acks.hasRoom(most) {
		if err := c.submit(); err != nil {
			return err
		}
		c.markWaiting()
		select {
		case <-c.acks.freed:
			c.blocked.Store(0)
		case <-c.ctx.Done():
			return c.ctx.Err()
		}
	}
	return nil
}

// handshake makes a TLS connection of nc.
func (c *conn) handshake(config *tls.Config) error {
	secured := tls.Server(c.nc, config)
	_ = c.nc.SetDeadline(c.until)
	if err := secured.HandshakeContext(c.ctx); err != nil {
		return err
	}
	_ = c.nc.SetDeadline(time.Time{})
	state := secured.ConnectionState()
	c.cert = clientCertificate(&state)
	c.use(secured)
	return nil
}

// use goes on over another connection.
func (c *conn) use(nc net.Conn) {
	c.nc = nc
	c.out.nc = nc
	c.in.src = nc
	c.limited = time.Time{}
}

// sniff looks whether the client speaks MQTT or begins a websocket.
func (c *conn) sniff() error {
	first, err := c.in.peek(1)
	if err != nil {
		return err
	}
	switch first[0] {
	case 'G':
		return c.upgrade()
	case 0x16: // a TLS handshake (RFC 8446, section 5.1)
		return fmt.Errorf("%w: the client speaks TLS and this port does not (mqtt.tls_cert, mqtt.tls_key)", errMalformed)
	}
	return nil
}
