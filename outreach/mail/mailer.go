package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	netmail "net/mail"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"presage"
)

// Mailer hands letters to the server. Safe for use by several goroutines: each
// letter has a connection of its own.
type Mailer struct {
	cfg     Config
	now     func() time.Time
	from    *netmail.Address
	replyTo *netmail.Address // nil for none
}

// NewMailer checks the configuration; ErrInvalid names every fault. It connects to nothing.
func NewMailer(cfg Config, now func() time.Time) (*Mailer, error) {
	if err := cfg.Faults().Err("mail"); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Second
	}
	m := &Mailer{cfg: cfg, now: now}
	m.from, _ = address(cfg.From) // checked above
	if cfg.ReplyTo != "" {
		m.replyTo, _ = address(cfg.ReplyTo)
	}
	return m, nil
}

// Post hands a letter over and returns its Message-ID. The errors are those of
// contact.Channel. After one that is presage.ErrUnavailable the server may have
// the letter: see the package comment.
func (m *Mailer) Post(ctx context.Context, l Letter) (messageID string, err error) {
	message, err := m.write(l)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, m.cfg.Timeout)
	defer cancel()
	line := &line{cfg: m.cfg}
	defer line.hangUp()
	client, err := m.client(line)
	if err != nil {
		return "", fault("mail", err)
	}
	talk, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", line.unready(err)
	}
	defer context.AfterFunc(ctx, line.hangUp)()
	if err := client.SendWithSMTPClient(talk, message); err != nil && !message.IsDelivered() {
		return "", refusal(err)
	}
	_ = client.CloseWithSMTPClient(talk) // it has the letter, whatever becomes of the goodbye
	return l.messageID(m.from), nil
}

// client is what talks to the server over a line.
func (m *Mailer) client(l *line) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(m.cfg.port()), gomail.WithTimeout(m.cfg.Timeout), gomail.WithDialContextFunc(l.dial),
		gomail.WithTLSConfig(m.cfg.tls()), gomail.WithoutNoop(), gomail.WithoutSMTPUTF8(),
	}
	policy := gomail.NoTLS
	switch m.cfg.TLS {
	case Implicit:
		options = append(options, gomail.WithSSL())
	case STARTTLS:
		policy = gomail.TLSMandatory
	}
	options = append(options, gomail.WithTLSPolicy(policy))
	if m.cfg.Username != "" {
		// Both keep the password from a server that is neither encrypted nor on this machine.
		options = append(options, gomail.WithUsername(m.cfg.Username), gomail.WithPassword(m.cfg.Password.Reveal()),
			gomail.WithSMTPAuth(gomail.SMTPAuthPlain))
		if m.cfg.TLS == Plain {
			options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc))
		}
	}
	return gomail.NewClient(m.cfg.Host, options...)
}

func (c Config) tls() *tls.Config {
	return &tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
}

// line is the connection of one letter. It is closed whatever happens.
type line struct {
	cfg  Config
	conn net.Conn
}

// dial connects; with implicit TLS it shakes hands first.
func (l *line) dial(ctx context.Context, network, at string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, at)
	if err != nil {
		return nil, err
	}
	l.conn = conn
	if l.cfg.TLS != Implicit {
		return conn, nil
	}
	secret := tls.Client(conn, l.cfg.tls())
	return secret, secret.HandshakeContext(ctx)
}

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// unready is why no letter could be begun: without a connection the server is
// away, a certificate that nobody trusts and a refused login are our operator's.
func (l *line) unready(err error) error {
	var certificate *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	var dns *net.DNSError
	switch code, _ := codes(err); {
	case errors.As(err, &certificate):
		return fault("the server's certificate is not to be trusted", errAccount)
	case errors.As(err, &plain):
		return fault("the server does not speak TLS on this port", errAccount)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault("nobody knows the server's name", errAccount)
	case code >= 500:
		return fault("the server refuses us or our login: "+strconv.Itoa(code), errAccount)
	case code >= 400:
		return fault("the server is busy: "+strconv.Itoa(code), presage.ErrUnavailable)
	case l.conn != nil && !network(err):
		return fault("the server does not offer what mail.tls and mail.username ask for", errAccount)
	}
	return fault("no connection", presage.ErrUnavailable)
}
