// Package mail sends e-mails over SMTP: to customers as a channel, and to the
// staff of workshops.
//
// SMTP cannot be asked for a message that it was given and takes no idempotency
// key, so Find never finds one. What holds is: at least once, with a Message-ID
// that follows from the message's own key. A message is sent again only after an
// answer that did not come once all of its text had left, or after a crash before
// the sending was recorded. The second one carries the same Message-ID, by which
// many mailboxes (Gmail, Exchange, Cyrus, Dovecot with duplicate suppression) drop
// it or show it as one. What fails before the end of the text was not taken by
// anybody (RFC 5321, section 6.1).
//
// What the server answers is sorted by what to do about it; an enhanced code (RFC
// 3463), where there is one, goes before the reply code:
//
//	recipient: 5.1.x, 5.2.1, 550, 551, 553   contact.ErrBadAddress: nothing more is mailed there, next channel
//	mailbox full, too large: 5.2.x, 5.3.4    presage.ErrInvalid, next channel
//	policy, spam: 5.7.x, 554, other 5xx      contact.ErrAccount and presage.ErrInvalid: waits, until others pass
//	login, sender, TLS, certificate refused  contact.ErrAccount, waits until mended
//	4xx (421, 451, ...), no connection, lost presage.ErrUnavailable, tried again after pauses that double
//
// No address and no text of the server's answer appears in an error: servers
// repeat the address there.
//
// Each e-mail to a customer names a signed link by which its reader ends e-mails
// (RFC 8058: List-Unsubscribe and List-Unsubscribe-Post). Opening the link changes
// nothing, a POST to it does.
package mail
