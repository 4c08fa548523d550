// Package sqlstore keeps vehicles, customers, cases, bookings and parts in
// SQLite (a file, the default) or PostgreSQL. Both run the same statements.
//
// The database itself carries the guarantees, so that they hold for any number
// of processes and after any crash:
//
//	a slot is sold once              booking_cells PRIMARY KEY (resource, cell)
//	one case at a time per vehicle   partial unique index on cases
//	one live booking per case        partial unique index on bookings
//	a customer is told once per key  messages.msg_key UNIQUE
//	a provider's message acts once   webhooks PRIMARY KEY, replies (provider_id, customer_id)
//	a result is recorded once        workshop_results PRIMARY KEY (vin, at)
//	parts are not promised twice     the stock row is locked, checked, then kept
//	commands are seen in order       they are numbered under a lock of the counter
//
// Instants are stored in microseconds since 1970 and read back in UTC; what is
// finer is cut off. Composite things (components, slots, prognoses) are JSON
// beside the columns that are filtered on.
//
// Changes of several rows are one transaction. One that meets a lock, a
// deadlock or a serialization failure is run again a few times before it is
// given up as presage.ErrUnavailable. Misses are presage.ErrNotFound, whatever
// somebody else did first is presage.ErrConflict. No error text holds a VIN in
// full or a password.
package sqlstore
