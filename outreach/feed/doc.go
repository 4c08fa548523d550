// Package feed tells systems of others what changed here: visits sold, moved,
// cancelled and arrived, results, cases opened and closed.
//
//	the change's own transaction --> outbox --claim--> signed POST --> delivered
//	                                   ^                   |
//	                                   +---- later --------+--> dead --replay, skip--> ...
//
// Each change is a CloudEvents 1.0 event in structured JSON, in a request signed by
// the specification "Standard Webhooks" 1.0, with the event's ID as webhook-id. It
// is sent at least once, always under the same ID: who keeps the IDs that it has
// taken applies each once.
//
// The changes of one case (partitionkey: all its bookings, moves and results) are
// sent one after the other, in the order in which they were made; sequence rises
// within it. Those of other cases go beside them. What was given up holds the later
// ones of its case back until a person sends it again or lets them pass: a receiver
// never sees a cancellation before the booking.
//
// What is answered is sorted by what to do about it:
//
//	2xx, 409                   taken
//	400, 413, 415, 422         given up at once: the same request would be refused again
//	no answer, 401, 403, 404,
//	429, 503, 3xx              all for this receiver rests; one is tried from time to time
//	408, 5xx, other 4xx        this change is tried again, the others go on
//
// Pauses double from ten seconds to four hours, and a change is given up after 20
// tries: after about two days.
package feed
