// Package throttle lets a caller fail only so often.
//
//	Tries    a bucket of tokens for each key: a vehicle, a source address
//	Recent   a map of bounded size, under Tries and of use by itself
//	Source   the address under which a caller's failures are counted
//	Network  what a log keeps of it
//
// # Bounds
//
// Tries remembers the 20,000 keys that failed latest, some 2 MB. Who makes it
// forget a key by failing under 20,000 others gains one bucket of tries. An
// IPv6 caller counts by its /64: one home or server has that many addresses.
package throttle
