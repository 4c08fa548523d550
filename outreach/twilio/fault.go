package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/twilio/twilio-go/client"

	"presage"
	"presage/outreach/contact"
)

// Codes of Twilio's error dictionary (twilio.com/docs/api/errors) that need care.
const (
	codeOptedOut   = 21610 // the recipient texted STOP
	codeQuietHours = 30610 // local rules forbid messages at this hour
	codeQueueFull  = 30001 // the queue of the account overflowed
	codeTooMany    = 20429
)

// classify turns Twilio's error into ours and leaves its text behind, which may
// hold the number. A lost answer stays of no kind: it may have been accepted.
func classify(doing string, err error) error {
	var rest *client.TwilioRestError
	if !errors.As(err, &rest) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("twilio %s: %w: no answer in time", doing, presage.ErrUnavailable)
		}
		return fmt.Errorf("twilio %s: %w: the answer was lost or cannot be read", doing, presage.ErrUnavailable)
	}
	return fmt.Errorf("twilio %s: %w: error %d (HTTP %d)", doing, refusal(rest.Code, rest.Status), rest.Code, rest.Status)
}

// errUnclear is a refusal that Twilio's dictionary did not hold when this was written.
var errUnclear = fmt.Errorf("%w: %w", contact.ErrAccount, presage.ErrInvalid)

// refusal is the kind of an answer to a request. What is not known to be about
// the recipient or about load is about us: a wrong guess delays texts and shows
// in /readyz, the other way round it would take customers for unreachable.
func refusal(code, status int) error {
	switch {
	case code == codeOptedOut:
		return contact.ErrOptedOut
	case code == codeQuietHours:
		return contact.ErrQuietHours
	case recipient(code):
		return presage.ErrInvalid
	case code == codeTooMany || code == codeQueueFull || again(status):
		return presage.ErrUnavailable
	case account(code) || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return contact.ErrAccount
	}
	return errUnclear
}

// again tells that the same request may be answered otherwise later.
func again(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusConflict:
		return true
	}
	return status >= 500 || status < 400
}

// report is the kind of a failure that came after Twilio accepted the message.
// Here the unknown is about the recipient: Twilio checked the account before.
func report(code int) error {
	switch {
	case code == codeOptedOut:
		return contact.ErrOptedOut
	case code == codeQuietHours:
		return contact.ErrQuietHours
	case account(code):
		return contact.ErrAccount
	}
	return presage.ErrInvalid
}

// recipient tells that a code is about the number written to, or about this one text.
func recipient(code int) bool {
	switch code {
	case 21211, 21214, 21217, 21614, // not a number, or none that takes texts
		21265, 21635, // a short code, a landline
		21266,                      // our own sender's number
		21612,                      // no route from our sender to this number
		30003, 30004, 30005, 30006, // switched off, blocked, unknown, a landline
		30007, 30008, // filtered by the carrier, unknown to it
		30019, 30036, // too large for the carrier, waited too long there
		63003, 63013, 63016, 63024, 63032: // the same for other channels than SMS
		return true
	}
	return false
}

// account tells that a code of a report is about our account or sender.
func account(code int) bool {
	switch code {
	case 30002, // suspended
		30010,                      // dearer than our own limit
		30022, 30023, 30027, 30029, // over the limits of our campaign
		30024, 30026, 30032, 30033, 30034, 30035, // the sender is not registered, or not yet
		30037, 30038, 30040, 30041, // outbound texts are off, the sender is not allowed there
		63001, 63002, 63007, 63008, 63010, 63018, 63021, 63038: // the same for other channels than SMS
		return true
	}
	return code/1000 == 20 || code/1000 == 21 && !recipient(code)
}

// codeOf reads an error code of a webhook; 0 when there is none.
func codeOf(text string) int {
	code, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return code
}
