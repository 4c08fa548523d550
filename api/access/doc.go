// Package access decides who may use the console and the API, and remembers who
// is logged in. Customer pages are not its business: their signed token is
// checked by outreach.
//
//	Authorization: Bearer KEY   programs: the admin key, or a person's own
//	cookie presage_session      people; begun at /login by a key, or by a link
//	/login/{token}              a link that was signed with the admin key: once, then over
//
// A key, a session or a link is a person's (presage.Account) or the admin's. Who is a
// person may do what the roles allow (rights.go), and signs with the account's name: what
// a form or a body says of who did it counts for the admin alone, who may be anybody. The
// account is looked up at each request: once it is disabled, its key, sessions and links
// are refused by every process on the database.
//
// Where a request comes from proves nothing: behind a proxy everybody comes from
// this machine. Loopback needs the key as well.
//
// # Logins
//
// The browser holds 32 random bytes, the store their hash (presage.Login). A
// session lasts 12 hours, is over for every process on the database once
// somebody logs out, and outlives restarts. It stands by the key it was begun
// with: another key ends it.
//
// # Guessing
//
// A source address (IPv6: its /64) has 20 wrong keys at once and one more every
// ten seconds; beyond it the answer is 429. The right key passes all the same,
// so that nobody is locked out by a neighbour behind the same proxy; what makes
// guessing hopeless is the key's own strength (KeyFault).
//
// # Bounds
//
//	addresses that failed    20,000, the latest (internal/throttle)
//	logins                   1,000: one more ends the oldest (internal/sqlstore)
//	used links               those whose hour is not over; each needs the key
package access
