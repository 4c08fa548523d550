// Package outreach turns prognoses into booked repairs: it decides whom to ask
// in and when, writes the offer, sends it at a decent hour over a channel that
// the customer agreed to, understands the answer, books, reminds, and closes
// the case with what the workshop found.
//
//	Decide    prognoses --policy--> case --> offer + planned messages
//	SendDue   planned messages --consent, quiet hours, cap--> channel
//	Book ...  the customer's link, a reply or an adviser --> booking
//	Sweep     deadlines: expired offers, missed owners, no-shows
//	Arrive, RecordResult   the workshop --> labels, case done
//
// # A message is told once
//
// Each message is one row with an idempotency key that follows from what it is
// about ("offer/<offer>/sms"). A row is claimed before it is sent and recorded
// after. Whenever a row may have been sent before (it was found claimed after a
// crash, or this is not its first attempt), the channel is asked for it before
// it is sent again. Consent, quiet hours, the frequency cap and whether the
// message is still true are checked when it is sent, not when it is planned.
//
// The row is the durable job; there is no queue engine behind it. It is inserted
// in the transaction that makes the offer or the booking, runs on whatever clock
// the service has (a demo lives through months in a minute, which a queue on
// wall time cannot), and any number of processes may claim it.
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
