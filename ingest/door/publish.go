package door

import (
	"encoding/binary"
	"fmt"
	"time"

	"presage/ingest"
)

const (
	smallPayload = 8 << 10  // shares a block of memory with its neighbours
	largePayload = 64 << 10 // is counted against what all connections may hold
	// runMessages is how many messages are handed to the sink at once.
	runMessages = 256
	headBytes   = 4 << 10 // kept of a payload that is too large
)

// publish reads the rest of a PUBLISH (MQTT 3.1.1 and 5, section 3.3) and puts
// it into the run, or acknowledges it if the client may not publish there: a
// client that is not answered would send the same again for ever.
func (c *conn) publish(first byte, size int) error {
	qos, dup := first>>1&3, first&8 != 0
	if qos == 3 {
		return fmt.Errorf("%w: PUBLISH of QoS 3", errMalformed)
	}
	to, size, err := c.readTopic(size)
	if err != nil {
		return err
	}
	var id uint16
	if qos > 0 {
		if id, size, err = c.readID(size); err != nil {
			return err
		}
	}
	if c.version == mqtt5 {
		if to, size, err = c.readProperties(to, size); err != nil {
			return err
		}
	}
	if err := c.awaitRoom(qos); err != nil {
		return err
	}
	if to.refused {
		return c.refusePublish(to, qos, id, size)
	}
	if qos == 2 && dup && c.session.holds(id) {
		c.acks.answer(2, id, reasonSuccess)
		return c.in.skip(size)
	}
	return c.take(to, qos, id, size)
}

// take reads the payload and adds the message to the run.
func (c *conn) take(to route, qos byte, id uint16, size int) error {
	payload, release, err := c.readPayload(size)
	if err != nil {
		release()
		return err
	}
	c.acks.expect(qos, id)
	m := ingest.Message{Topic: to.topic, Payload: payload, Received: c.arrived}
	if len(payload) < size {
		m.Size = int64(size)
	}
	c.run = append(c.run, m)
	if len(c.run) >= runMessages || size > largePayload {
		err = c.submit()
	}
	release()
	return err
}

// refusePublish answers a publish that is not allowed and drops it.
func (c *conn) refusePublish(to route, qos byte, id uint16, size int) error {
	c.server.metrics.refused.WithLabelValues("publish").Inc()
	if !c.warned {
		c.warned = true
		c.server.warn("a message for a topic that is not the client's own is acknowledged and dropped",
			"client", c.user.name(), "vin", c.user.vin, "bytes_of_topic", len(to.raw))
	}
	if err := c.in.skip(size); err != nil {
		return err
	}
	c.acks.answer(qos, id, reasonNotAuthorized)
	return nil
}

func (c *conn) readTopic(size int) (route, int, error) {
	if size < 2 {
		return route{}, 0, fmt.Errorf("%w: PUBLISH without a topic", errMalformed)
	}
	b, err := c.in.peek(2)
	if err != nil {
		return route{}, 0, err
	}
	n := int(binary.BigEndian.Uint16(b))
	if n+2 > size {
		return route{}, 0, fmt.Errorf("%w: a topic longer than its packet", errMalformed)
	}
	if b, err = c.in.peek(2 + n); err != nil {
		return route{}, 0, err
	}
	to := c.route(b[2:])
	c.in.discard(2 + n)
	return to, size - 2 - n, nil
}

func (c *conn) route(raw []byte) route {
	to, known := c.routes.find(raw)
	if !known {
		to = c.server.routeOf(c.user, string(raw))
		c.routes.keep(to)
	}
	return to
}

func (c *conn) readID(size int) (uint16, int, error) {
	if size < 2 {
		return 0, 0, fmt.Errorf("%w: PUBLISH without a packet identifier", errMalformed)
	}
	b, err := c.in.peek(2)
	if err != nil {
		return 0, 0, err
	}
	id := binary.BigEndian.Uint16(b)
	c.in.discard(2)
	if id == 0 {
		return 0, 0, fmt.Errorf("%w: PUBLISH with packet identifier 0", errMalformed)
	}
	return id, size - 2, nil
}

// readProperties reads those of MQTT 5, of which only the topic's alias matters.
func (c *conn) readProperties(to route, size int) (route, int, error) {
	n, used, err := c.in.length(0, min(4, size))
	if err != nil {
		return to, 0, err
	}
	c.in.discard(used)
	if n+used > size {
		return to, 0, fmt.Errorf("%w: properties longer than their packet", errMalformed)
	}
	if n > maxControl {
		return to, 0, fmt.Errorf("%w: properties of %d bytes", errMalformed, n)
	}
	b, err := c.in.peek(n)
	if err != nil {
		return to, 0, err
	}
	alias, err := topicAlias(b)
	c.in.discard(n)
	if err == nil {
		to, err = c.alias(alias, to)
	}
	return to, size - used - n, err
}

// alias keeps a topic under its number, or finds it (MQTT 5, section 3.3.2.3.4).
func (c *conn) alias(alias int, to route) (route, error) {
	switch {
	case alias < 0 && to.raw == "":
		return to, &protocolError{reasonProtocolError, "PUBLISH without a topic"}
	case alias < 0:
		return to, nil
	case alias == 0 || alias > maxAliases:
		return to, &protocolError{reasonAliasInvalid, "a topic alias out of range"}
	case to.raw != "":
		if c.aliases == nil {
			c.aliases = make([]route, maxAliases)
		}
		c.aliases[alias-1] = to
	case c.aliases == nil || c.aliases[alias-1].raw == "":
		return to, &protocolError{reasonProtocolError, "a topic alias that stands for nothing"}
	default:
		to = c.aliases[alias-1]
	}
	return to, nil
}

// readPayload reads size bytes and keeps those that the sink looks at. What is
// large is counted, so that all connections together stay bounded, and must
// arrive within reason; release ends the counting.
func (c *conn) readPayload(size int) (payload []byte, release func(), err error) {
	release = func() {}
	if size < 0 {
		return nil, release, fmt.Errorf("%w: PUBLISH", errMalformed)
	}
	if size <= largePayload {
		payload = c.memory(size)
		return payload, release, c.in.readFull(payload)
	}
	keep := size
	if size > c.server.cfg.MaxPayload {
		keep = headBytes
	}
	if err := c.submit(); err != nil {
		return nil, release, err
	}
	c.markWaiting()
	err = c.server.large.Acquire(c.ctx, int64(keep))
	c.blocked.Store(0)
	if err != nil {
		return nil, release, err
	}
	release = func() { c.server.large.Release(int64(keep)) }
	c.until = wall().Add(time.Minute + time.Duration(size/leastBytes)*time.Second)
	payload, err = c.readGrowing(keep)
	if err == nil {
		err = c.in.skip(size - keep)
	}
	c.until = time.Time{}
	return payload, release, err
}

// leastBytes is how many bytes a second of a large payload must arrive.
const leastBytes = 4 << 10

// readGrowing reads n bytes into memory that grows as they arrive.
func (c *conn) readGrowing(n int) ([]byte, error) {
	b := make([]byte, 0, min(n, largePayload))
	for len(b) < n {
		if len(b) == cap(b) {
			b = append(make([]byte, 0, min(n, 2*cap(b))), b...)
		}
		from := len(b)
		b = b[:min(n, cap(b))]
		if err := c.in.readFull(b[from:]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// memory is n bytes for a payload. Those that are at hand together share a block.
func (c *conn) memory(n int) []byte {
	if n > smallPayload {
		return make([]byte, n)
	}
	if len(c.block) < n {
		c.block = make([]byte, max(n, c.in.buffered()))
	}
	b := c.block[:n:n]
	c.block = c.block[n:]
	return b
}
