package presage

import "time"

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
}
