// Package webhook hands push messages and texts to a service of the maker's own,
// or to a small relay before a gateway of another protocol, as a signed POST by
// the specification "Standard Webhooks" 1.0:
//
//	webhook-id         the message's ID, the same whenever it is sent again
//	webhook-timestamp  when this request was made, in seconds
//	webhook-signature  "v1,HMAC" for each secret, with a space between
//
// The guarantee is exactly once where the receiver keeps the IDs that it has
// taken, and answers 2xx or 409 to one that comes again; else at least once.
// Nothing is asked: Find finds nothing, and a request whose answer was lost is
// made again. What is answered is sorted by what to do about it:
//
//	2xx, 409                accepted; {"id": ...} names the message in receipts, else its own ID
//	408, 429, 5xx, lost     presage.ErrUnavailable, tried again when Retry-After says
//	401, 403, 404, 3xx      contact.ErrAccount, waits until mended
//	other 4xx               presage.ErrInvalid, next channel
//
// A gateway with a protocol of its own is data, see Gateway: its request, its
// signature and its answers are a file's. Then at least once holds, and a code that
// the file does not name is taken for nobody's fault until others pass.
//
// Receipts and answers come back signed in the same way with one of the secrets,
// not older than five minutes, each webhook-id once:
//
//	POST /hooks/webhook/{push|sms}/status  {"id", "event": "delivered" | "opened" | "failed" | "opted_out", "reason"}
//	POST /hooks/webhook/{push|sms}/reply   {"from": "+86...", "text"}
package webhook
