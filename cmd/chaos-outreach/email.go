package main

import (
	"fmt"
	"strconv"
	"time"

	"presage"
	"presage/outreach/mail"
	"presage/outreach/mail/mailtest"
)

// tooLate is beyond the time that the service waits for a mail server.
const tooLate = 5 * time.Minute

func mailbox(c car) presage.Email { return presage.Email(c.customer + "@example.com") }

// email is an SMTP server that spoils by itself what it is given, and the settings
// that lead to it.
func (r *rig) email() (*carrier, []string) {
	c := carrier{name: "e-mail by SMTP", channel: presage.ChannelEmail, guarantee: onceByMessageID}
	c.line = &line{mute: true, dice: r.dice(), courses: map[string]*course{}}
	s := mailtest.Start(mailtest.Options{Course: c.line.letter})
	c.accepted = func(to car) (n int) {
		for _, m := range s.Sent() {
			if m.To == string(mailbox(to)) {
				n++
			}
		}
		return n
	}
	c.shown = func(to car) int { return len(s.Shown(string(mailbox(to)))) }
	c.close = s.Close
	return &c, []string{
		"mail.host=127.0.0.1", "mail.port=" + strconv.Itoa(s.Port()), "mail.tls=" + mail.Plain,
		"mail.from=" + fmt.Sprintf("Presage <%s>", "service@presage.example"),
	}
}

// letter draws what becomes of a letter: some are refused for now before their
// text, some after it.
func (l *line) letter(to string) mailtest.Fault {
	what, delay := l.meet(to)
	f := mailtest.Fault{At: mailtest.AtData}
	switch what {
	case busy:
		f.At, f.Code, f.Enhanced = mailtest.AtRecipient, 451, [3]int{4, 7, 1}
	case down:
		f.Code, f.Enhanced = 421, [3]int{4, 3, 2}
	case lost:
		f.Lost = true
	case late:
		f.Delay = tooLate
	case taken:
		f.Delay, f.Gone = delay, func() { l.untell(to) }
	}
	return f
}
