// Package outreach turns prognoses into booked repairs: it decides whom to ask
// in and when, writes the offer, sends it at a decent hour over a channel that
// the customer agreed to, understands the answer, books, reminds, and closes
// the case with what the workshop found.
//
// It is a house of five rooms, each a package of its own:
//
//	decide    prognoses, alerts --policy--> case --> offer + planned messages
//	deliver   planned messages --consent, quiet hours, cap--> channel --> receipt
//	converse  replies, links --> book, decline, stop, or a person
//	visit     slots --> booking --> arrival --> the workshop's finding
//	advise    a person's case --> called, answered, put off, assigned, declined, closed, offered again
//
// They meet in the store alone, through cases, offers, messages and bookings,
// and share three cupboards: casework (the moves of cases), contact (channels,
// quiet hours, planned messages) and rules (what the operator decides). Service
// puts them together and adds Sweep, the deadlines.
//
// # Who answers for a case
//
// "outreach" while messages work, "workshop" from the booking on, "adviser"
// once a person is needed: safety without an answer or without a channel, a
// reply that was not understood, a deadline missed.
//
// Every method may be called by several goroutines and processes at the same
// time; the store's compare-and-set decides. Nothing here keeps time by itself:
// the caller schedules Decide, SendDue and Sweep.
package outreach
