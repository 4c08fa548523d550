package presage

import "time"

// MQTTClaim says that one of several doors on one database serves a client's
// session. Number grows each time somebody claims the session, so that what an
// earlier holder still writes is told from what the present one does.
type MQTTClaim struct {
	Account  string // a VIN, or "gateway NAME"
	ClientID string // 1-65,535 bytes, as the client sent it
	Node     string // the door
	Proven   bool   // the client has shown a secret or a certificate
	Clean    bool   // it begins anew: nothing of an earlier session counts
	At       time.Time
}

// MQTTLoss is a session that another node has claimed.
type MQTTLoss struct {
	Account  string
	ClientID string
	Number   int64 // of the claim that took it: an earlier one is over
	Clean    bool  // the session began anew there
}
