package presage

import "time"

// Credential is what is kept of the right of one vehicle to connect.
type Credential struct {
	VIN VIN `json:"vin"`
	// Hash is bcrypt's of the vehicle's secret, "" when it has none (any more).
	Hash     string    `json:"-"`
	IssuedAt time.Time `json:"issued_at"` // of the present secret; zero when there is none
	// RevokedAt is the newest revocation: certificates issued until then stay
	// out for ever. Zero if there never was one.
	RevokedAt time.Time `json:"revoked_at"`
	// Registered: the fleet knows the vehicle.
	Registered bool `json:"-"`
}

// Issued is a vehicle's new secret, shown once to whoever asked for it.
type Issued struct {
	VIN    VIN
	Secret Secret
}

// HeldLetters counts what is kept of one vehicle's messages under a bounded
// reason, and what was beyond the bound.
type HeldLetters struct {
	VIN        VIN       `json:"vin"`
	Reason     string    `json:"reason"`
	Kept       int64     `json:"kept"`        // open dead letters
	Bytes      int64     `json:"bytes"`       // of their payloads
	TurnedAway int64     `json:"turned_away"` // not kept: the bound was reached
	Last       time.Time `json:"last"`        // arrival of the newest one
}
