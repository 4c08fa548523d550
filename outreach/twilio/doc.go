// Package twilio sends SMS by Twilio's REST API and takes its webhooks.
//
// Twilio knows no idempotency key for messages. A request whose answer was lost
// may have been accepted, so the outreach service asks Find before it sends
// again: Find lists what was sent to the number and compares the text, which
// holds a signed link and is therefore one of a kind.
//
// What Twilio answers is sorted by what to do about it:
//
//	21610                  the customer texted STOP               -> contact.ErrOptedOut
//	30610                  local rules forbid this hour           -> contact.ErrQuietHours
//	429, 5xx, lost         their load, their fault                -> presage.ErrUnavailable, tried again
//	21211, 21614, 30003 .. the number or the text is refused      -> presage.ErrInvalid, next channel
//	401, 404, other 4xx    our account, sender or settings        -> contact.ErrAccount, waits until mended
//
// No phone number, text or token of a request appears in an error.
package twilio
