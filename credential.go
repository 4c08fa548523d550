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

// CredentialFilter selects credentials; fields that are empty select everything.
type CredentialFilter struct {
	After        VIN       // the last vehicle of the page before
	ChangedSince time.Time // issued or revoked at this time or later
	Limit        int       // 0 for all
}
