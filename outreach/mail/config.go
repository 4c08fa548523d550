package mail

import (
	"crypto/x509"
	"net"
	"net/mail"
	"strings"
	"time"

	"presage"
	"presage/outreach/contact"
)

// How the way to the server is kept secret.
const (
	STARTTLS = "starttls" // plain at first, then TLS; a server without it is refused
	Implicit = "implicit" // TLS from the first byte
	Plain    = "none"     // none at all: to a server on this machine alone
)

// Config is one SMTP server, and who writes.
type Config struct {
	Host string
	Port int    // 0: 587 for starttls, 465 for implicit, 25 for none
	TLS  string // starttls, implicit or none
	// Username and Password log in; both empty: no login.
	Username string
	Password presage.Secret
	From     string // "Norvik Service <service@norvik.example>"
	ReplyTo  string // where answers go; "" is From
	// Timeout bounds the talk with the server for one message; default 30 s.
	Timeout time.Duration
	// Roots are the authorities that the server's certificate may be of; default the system's.
	Roots *x509.CertPool
}

// Faults are all faults of the configuration, by field.
func (c Config) Faults() contact.ConfigFaults {
	var faults contact.ConfigFaults
	named := c.Host != "" && !strings.ContainsAny(c.Host, ":/@ \t\r\n")
	faults.Check(named, "host", "the SMTP server's name, without a port")
	faults.Check(c.Port >= 0 && c.Port <= 65535, "port", "1-65535, or 0 for the usual one")
	switch c.TLS {
	case STARTTLS, Implicit:
	case Plain:
		faults.Check(c.Host == "" || local(c.Host), "tls",
			"starttls or implicit: without TLS anybody on the way reads customers' mail; none is for a server on this machine")
	default:
		faults.Check(false, "tls", "starttls, implicit or none")
	}
	faults.Check((c.Username == "") == (c.Password == ""), "password", "set together with username, or both empty")
	faults.Check(printable(c.Username) && printable(c.Password.Reveal()), "username",
		"no control characters, here and in password")
	_, err := address(c.From)
	faults.Check(err == nil, "from", `an address such as "Norvik Service <service@norvik.example>"`)
	if c.ReplyTo != "" {
		_, err = address(c.ReplyTo)
		faults.Check(err == nil, "reply_to", "an address, or empty for the sender's")
	}
	return faults
}

// port is the usual one where none is named.
func (c Config) port() int {
	switch {
	case c.Port != 0:
		return c.Port
	case c.TLS == Implicit:
		return 465
	case c.TLS == Plain:
		return 25
	}
	return 587
}

// address reads "Name <address>" or a plain address.
func address(text string) (*mail.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	_, err = presage.ParseEmail(a.Address)
	return a, err
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// printable tells that a text is one line.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
