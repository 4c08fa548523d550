package door

import (
	"encoding/binary"
	"fmt"

	v5 "github.com/eclipse/paho.golang/packets"
)

// Kinds of property values (MQTT 5, section 2.2.2.2).
const (
	kindByte = iota + 1
	kindTwo
	kindFour
	kindLength
	kindText
	kindPair
)

// maxAliases is how many topics a connection may give a number.
const maxAliases = 16

// publishProperty is the kind of each property that a client's PUBLISH may
// have; 0 for one that it may not.
func publishProperty(id byte) int {
	switch id {
	case v5.PropPayloadFormat:
		return kindByte
	case v5.PropMessageExpiry:
		return kindFour
	case v5.PropContentType, v5.PropResponseTopic, v5.PropCorrelationData:
		return kindText
	case v5.PropTopicAlias:
		return kindTwo
	case v5.PropUser:
		return kindPair
	}
	return 0
}

// topicAlias finds the topic alias among a PUBLISH's properties, -1 for none.
func topicAlias(b []byte) (alias int, err error) {
	alias = -1
	for len(b) > 0 {
		kind := publishProperty(b[0])
		if kind == 0 {
			return 0, fmt.Errorf("%w: property %d in a PUBLISH", errMalformed, b[0])
		}
		isAlias := b[0] == v5.PropTopicAlias
		n, ok := propertySize(kind, b[1:])
		if !ok {
			return 0, fmt.Errorf("%w: a property is cut", errMalformed)
		}
		if isAlias {
			if alias >= 0 {
				return 0, &protocolError{reasonProtocolError, "two topic aliases"}
			}
			alias = int(binary.BigEndian.Uint16(b[1:]))
		}
		b = b[1+n:]
	}
	return alias, nil
}

// propertySize is how many bytes of b the value takes.
func propertySize(kind int, b []byte) (int, bool) {
	n := 0
	switch kind {
	case kindByte:
		n = 1
	case kindTwo:
		n = 2
	case kindFour:
		n = 4
	case kindText:
		n = textSize(b)
	case kindPair:
		if n = textSize(b); n <= len(b) {
			n += textSize(b[n:])
		}
	}
	return n, n <= len(b)
}

// textSize is the length of a text with its own length before it; more than b
// has if it is cut.
func textSize(b []byte) int {
	if len(b) < 2 {
		return len(b) + 1
	}
	return 2 + int(binary.BigEndian.Uint16(b))
}
