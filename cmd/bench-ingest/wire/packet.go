package wire

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"presage"
)

// Packet types (section 2.2.1), in the high half of a packet's first byte.
const (
	typeConnect    = 1 << 4
	typeConnAck    = 2 << 4
	typePublish    = 3 << 4
	typePubAck     = 4 << 4
	typeDisconnect = 14 << 4

	qos1 = 1 << 1
)

// ackBytes is the length of a PUBACK.
const ackBytes = 4

// maxRemaining is the largest remaining length that four bytes hold (section 2.2.3).
const maxRemaining = 268_435_455

// appendLength encodes a remaining length: seven bits a byte, the lowest first (section 2.2.3).
func appendLength(dst []byte, n int) []byte {
	for n >= 0x80 {
		dst = append(dst, byte(n)|0x80)
		n >>= 7
	}
	return append(dst, byte(n))
}

// appendString encodes a UTF-8 string with its length before it (section 1.5.3).
func appendString(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

// AppendConnect appends a CONNECT with a clean session (section 3.1). keepAlive
// is in seconds; without a username neither it nor the password is sent.
func AppendConnect(dst []byte, clientID, username, password string, keepAlive uint16) []byte {
	const protocol, level = "MQTT", 4
	flags, n := byte(1<<1), 2+len(protocol)+1+1+2+2+len(clientID)
	if username != "" {
		flags |= 1<<7 | 1<<6
		n += 2 + len(username) + 2 + len(password)
	}
	dst = appendLength(append(dst, typeConnect), n)
	dst = append(appendString(dst, protocol), level, flags)
	dst = binary.BigEndian.AppendUint16(dst, keepAlive)
	dst = appendString(dst, clientID)
	if username != "" {
		dst = appendString(appendString(dst, username), password)
	}
	return dst
}

// AppendPublish appends a PUBLISH with QoS 1 (section 3.3). id is not 0.
func AppendPublish(dst []byte, id uint16, topic string, payload []byte) []byte {
	dst = appendLength(append(dst, typePublish|qos1), 2+len(topic)+2+len(payload))
	dst = binary.BigEndian.AppendUint16(appendString(dst, topic), id)
	return append(dst, payload...)
}

// AppendDisconnect appends a DISCONNECT (section 3.14).
func AppendDisconnect(dst []byte) []byte { return append(dst, typeDisconnect, 0) }

// readPacket reads one packet's type and the two bytes that a CONNACK and a
// PUBACK consist of; what else a longer one holds is skipped.
func readPacket(r *bufio.Reader) (kind byte, body [2]byte, err error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, body, err
	}
	n, err := readLength(r)
	if err != nil {
		return 0, body, err
	}
	k := min(n, len(body))
	if _, err = io.ReadFull(r, body[:k]); err == nil {
		_, err = r.Discard(n - k)
	}
	return first & 0xF0, body, err
}

func readLength(r *bufio.Reader) (int, error) {
	n := 0
	for shift := 0; shift < 28; shift += 7 {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		n |= int(b&0x7F) << shift
		if b < 0x80 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("remaining length: %w: more than %d", presage.ErrInvalid, maxRemaining)
}

// nextID is the packet identifier after id; 0 is none (section 2.3.1).
func nextID(id uint16) uint16 {
	if id == math.MaxUint16 {
		return 1
	}
	return id + 1
}
