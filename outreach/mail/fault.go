package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"presage"
	"presage/outreach/contact"
)

var errAccount = contact.ErrAccount

// fault is an error of a kind. what is ours: nothing of what the server wrote.
func fault(what string, kind error) error { return fmt.Errorf("mail: %w: %s", kind, what) }

// refusal turns what became of a letter into an error of the right kind.
func refusal(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return fault("the connection broke", presage.ErrUnavailable)
	}
	code, enhanced := failed.ErrorCode(), failed.EnhancedStatusCode()
	said := strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
	switch {
	case code == 0 && failed.Reason == gomail.ErrSMTPDataClose:
		return fault("the server may have it: its answer did not come in time, or was lost", presage.ErrUnavailable)
	case code < 500: // 421 and 451 among them, and a connection that broke
		return fault("not taken now: "+said, presage.ErrUnavailable)
	case failed.Reason == gomail.ErrSMTPMailFrom, code == 530, code == 535:
		return fault("our sender or login is refused: "+said, errAccount)
	}
	return fault("refused: "+said, refused(failed.Reason, code, enhanced))
}

// refused tells whose fault a refusal for good is.
func refused(reason gomail.SendErrReason, code int, enhanced string) error {
	switch {
	case strings.HasPrefix(enhanced, "5.1.8"), strings.HasPrefix(enhanced, "5.1.7"): // the sender's address
		return errAccount
	case strings.HasPrefix(enhanced, "5.1."), enhanced == "5.2.1":
		return contact.ErrBadAddress
	case strings.HasPrefix(enhanced, "5.2."), enhanced == "5.3.4":
		return presage.ErrInvalid
	case enhanced == "" && reason == gomail.ErrSMTPRcptTo && (code == 550 || code == 551 || code == 553):
		return contact.ErrBadAddress
	case enhanced == "" && code == 552:
		return presage.ErrInvalid
	}
	return errors.Join(errAccount, presage.ErrInvalid)
}

// codes are the reply code of an error of the server's and its enhanced one, 0
// and "" where it did not speak.
func codes(err error) (code int, enhanced string) {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return 0, ""
	}
	return said.Code, regexp.MustCompile(`^[45]\.\d{1,3}\.\d{1,3}`).FindString(said.Msg)
}

// network tells that an error is of the connection, not of what was said over it.
func network(err error) bool {
	_, ours := errors.AsType[net.Error](err)
	return ours || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
