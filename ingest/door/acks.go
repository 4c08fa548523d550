package door

import "sync"

// Packet types (MQTT 3.1.1, table 2.1).
const (
	typeConnect     = 1
	typePublish     = 3
	typePuback      = 4
	typePubrec      = 5
	typePubrel      = 6
	typePubcomp     = 7
	typeSubscribe   = 8
	typeUnsubscribe = 10
	typePingreq     = 12
	typeDisconnect  = 14
)

// acks holds a connection's messages from their arrival to their
// acknowledgement, which leave in the order of arrival.
type acks struct {
	out     *outbox
	version byte
	holds   func(id uint16) // of QoS 2: from PUBREC to PUBREL

	mu       sync.Mutex
	ring     []arrival // its length is a power of two
	first    uint
	next     uint
	inFlight int // of QoS 1 and 2, from arrival to PUBACK or PUBREC
	held     int // of QoS 2, from PUBREC to PUBREL, on this connection
	durable  int // told by the sink and not taken off the ring yet
	full     bool
	freed    chan struct{} // a token when there is room again
}

// arrival is a message that was read.
type arrival struct {
	id       uint16
	qos      byte
	reason   byte
	answered bool // by us: the sink never sees it
}

func newAcks(out *outbox) *acks { return &acks{out: out, freed: make(chan struct{}, 1)} }

// expect notes a message that the sink will name.
func (a *acks) expect(qos byte, id uint16) { a.push(arrival{id: id, qos: qos}) }

// answer acknowledges a message that the sink does not get, in its turn.
func (a *acks) answer(qos byte, id uint16, reason byte) {
	if qos == 0 {
		return
	}
	a.push(arrival{id: id, qos: qos, reason: reason, answered: true})
	a.settle(0)
}

func (a *acks) push(x arrival) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.next - a.first
	if int(n) == len(a.ring) {
		grown := make([]arrival, max(8, 2*len(a.ring)))
		for i := range n {
			grown[i] = a.ring[(a.first+i)%uint(len(a.ring))]
		}
		a.ring, a.first, a.next = grown, 0, n
	}
	a.ring[a.next%uint(len(a.ring))] = x
	a.next++
	if x.qos > 0 {
		a.inFlight++
	}
}

// Durable implements ingest.Source.
func (a *acks) Durable(n int) { a.settle(n) }

// settle counts n more messages as durable and acknowledges what is so up to
// the first that is not.
func (a *acks) settle(n int) {
	a.mu.Lock()
	a.durable += n
	some := false
	for a.first != a.next {
		x := a.ring[a.first%uint(len(a.ring))]
		if !x.answered {
			if a.durable == 0 {
				break
			}
			a.durable--
		}
		a.first++
		if x.qos > 0 {
			a.inFlight--
			some = a.write(x) || some
		}
	}
	wake := a.full
	a.full = false
	a.mu.Unlock()
	if some {
		a.out.flush()
	}
	if wake {
		select {
		case a.freed <- struct{}{}:
		default:
		}
	}
}

func (a *acks) write(x arrival) bool {
	kind := byte(typePuback)
	if x.qos == 2 {
		kind = typePubrec
		if x.reason < 0x80 {
			a.holds(x.id)
			a.held++
		}
	}
	return a.out.add(short(a.version, kind<<4, x.id, x.reason))
}

// shortPacket is a PUBACK, PUBREC, PUBREL or PUBCOMP.
type shortPacket struct {
	bytes [5]byte
	n     int
}

// short makes one; the reason is for MQTT 5 alone.
func short(version, first byte, id uint16, reason byte) shortPacket {
	if version == mqtt5 && reason != reasonSuccess {
		return shortPacket{[5]byte{first, 3, byte(id >> 8), byte(id), reason}, 5}
	}
	return shortPacket{[5]byte{first, 2, byte(id >> 8), byte(id)}, 4}
}

// pending is how much of its receive maximum the client has used. That begins
// anew with each connection (MQTT 5, section 4.9).
func (a *acks) pending() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.inFlight + a.held
}

// released counts a PUBREL.
func (a *acks) released() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.held = max(0, a.held-1)
}

// hasRoom tells whether less than most are on their way; if not, freed gets a
// token when that may have changed.
func (a *acks) hasRoom(most int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if int(a.next-a.first) < most {
		return true
	}
	a.full = true
	return false
}
