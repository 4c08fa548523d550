// Package credential gives vehicles secrets and checks them.
//
// A secret is 160 random bits in 32 letters and digits. What is kept of it is
// bcrypt's hash. It is shown once, to whoever had it made, and is in no log and
// no other answer.
//
// # What a login costs
//
// bcrypt at cost 10 takes some 60 ms of a processor: a fleet that comes back at
// once must not pay that again, and a wrong password must not be an attack on
// the processor. Therefore a Verifier
//
//   - remembers who showed which secret (as a keyed digest in memory) as long as
//     the hash in the store stays the same one: a revocation or a new secret,
//     by whatever process, voids it with the next look into the store;
//   - runs bcrypt on half of the processors at the most;
//   - lets a vehicle and a source address fail only so often before it refuses
//     without looking. A remembered secret passes all the same: somebody who
//     guesses at a vehicle does not lock it out.
//
// # Certificates
//
// A client certificate that the broker's certificate authority signed needs no
// secret. The vehicle is the VIN in it. A revocation shuts out every
// certificate whose "not before" is not later than the revocation.
//
// # One lock for every door
//
// MQTT and HTTP show a secret (Password) or a certificate (Certificate), GB/T
// 32960 has neither (Claim). Registration and revocation are judged alike for
// all: who is revoked stays out everywhere, and comes in again everywhere with
// new credentials.
//
// # Bounds
//
//	secrets found to be right            100,000 (VerifierConfig.Remembered)
//	vehicles and addresses that failed   20,000 each; an IPv6 address by its /64
//	logins at bcrypt at the same time    half of the processors; others wait 8 s
package credential
