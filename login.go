package presage

import "time"

// Login is a person who is logged in to the console. It begins with the admin
// key or a link that was signed with it, and ends when the person logs out, when
// its time is over or when the key is another one.
type Login struct {
	// ID is the SHA-256, in hex, of what the browser holds: whoever reads the
	// store cannot log in with it.
	ID        string
	User      string    // who it is, for the log: "admin"
	Key       string    // which admin key it stands by, as a fingerprint
	CreatedAt time.Time // of the wall, as ExpiresAt
	ExpiresAt time.Time
}
