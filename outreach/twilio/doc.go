// Package twilio sends SMS by Twilio's REST API and takes its webhooks.
//
// Twilio knows no idempotency key for messages. A request whose answer was lost
// may have been accepted, so the outreach service asks Find before it sends
// again: Find lists what was sent to the number and compares the text, which
// holds a signed link and is therefore one of a kind.
//
// What Twilio answers is sorted by what to do about it:
//
//	21610                   the customer texted STOP            -> outreach.ErrOptedOut
//	30610                   local rules forbid this hour        -> outreach.ErrQuietHours
//	401, 403, 404, 429, 5xx our account, their load, their fault -> presage.ErrUnavailable, tried again
//	other 4xx, e.g. 21211   the number or the text is refused   -> presage.ErrInvalid, next channel
//
// No phone number, text or token of a request appears in an error.
package twilio
