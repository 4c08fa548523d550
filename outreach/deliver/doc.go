// Package deliver sends planned messages, each at most once, and only if the
// customer may be told, the hour is decent and the message is still true.
//
// Each message is one row with an idempotency key that follows from what it is
// about ("offer/<offer>/sms"). A row is claimed before it is sent and recorded
// after. Whenever a row may have been sent before (it was found claimed after a
// crash, or this is not its first attempt), the channel is asked for it before
// it is sent again. Consent, quiet hours, the frequency cap and whether the
// message is still true are checked when it is sent, not when it is planned.
//
// What is wrong with our account or with a provider says nothing of a customer:
// a channel whose account is refused is held, tried by one message at a time, and
// listed by Faults until a message passes. An offer that could not be told in
// time is made anew, with times to come.
//
// The row is the durable job; there is no queue engine behind it. It is inserted
// in the transaction that makes the offer or the booking, runs on whatever clock
// the service has (a demo lives through months in a minute, which a queue on
// wall time cannot), and any number of processes may claim it.
package deliver
