package presage

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of persistent MQTT sessions.
const (
	// MaxMQTTSessions is how many persistent sessions one vehicle may have.
	MaxMQTTSessions = 16
	// MaxClientIDBytes is the longest client ID that MQTT knows.
	MaxClientIDBytes = 65_535
)

// MQTTSession is a persistent session that subscribed to its vehicle's command
// topic, the only one there is. It belongs to the pair of VIN and client ID, so
// that nobody else's can be taken. What it has not received is not kept with
// it: commands wait in their own table.
//
// It lives from the subscription until it is deleted (a clean session, an
// unsubscribe) or ExpiresAt passes; whoever serves the connection puts it again
// with a later time as long as the client is there.
type MQTTSession struct {
	VIN       VIN
	ClientID  string    // as the client sent it, 1-65,535 bytes
	QoS       int       // granted: 0 or 1
	ExpiresAt time.Time // always set
	// Claim is the number of the MQTTClaim under which this is written; 0 without one.
	Claim int64
}

// plainClientID is the longest client ID that is kept as it is: PostgreSQL
// indexes no more than 2,700 bytes, and most are below 40.
const plainClientID = 128

// ClientKey is what a client ID is known by: itself, or its hash when it is
// long or no text that PostgreSQL takes. A key is its own key.
func ClientKey(id string) string {
	if len(id) <= plainClientID && utf8.ValidString(id) && !strings.Contains(id, "\x00") {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}
