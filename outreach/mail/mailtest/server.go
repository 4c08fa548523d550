// Package mailtest is a small SMTP server on loopback for tests: it keeps what it
// was given, asks for a login where it is told to, speaks TLS in both ways, and
// can be told to fail.
package mailtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"presage"
	outmail "presage/outreach/mail"
)

// Sent is one message that the server accepted for one recipient.
type Sent struct {
	From, To string // of the envelope
	ID       string // the Message-ID
	Raw      string
}

// Step is where a message fails.
type Step string

// The steps.
const (
	AtConnect   Step = "connect"
	AtLogin     Step = "login"
	AtSender    Step = "sender"
	AtRecipient Step = "recipient"
	AtData      Step = "data" // at the end of its text
)

// Fault is what happens to a message.
type Fault struct {
	At       Step
	Code     int
	Enhanced [3]int
	Lost     bool // accepted, then the connection breaks without an answer
	Broken   bool // not accepted: the connection breaks in the midst of the text
	// Delay is how late the answer to a text that was accepted comes; Gone is called
	// when the sender has left before it.
	Delay time.Duration
	Gone  func()
}

// Options say how the server speaks.
type Options struct {
	TLS      string // as outreach/mail's; "" is none
	Username string // asks for a login; "" for none
	Password string
	// Course tells what becomes of each message to somebody, at AtRecipient or
	// AtData, where Fail and Break say nothing; nil for nothing.
	Course func(to string) Fault
}

// Server is the fake. Its methods are safe for use by several goroutines.
type Server struct {
	options Options
	roots   *x509.CertPool
	at      net.Listener
	smtp    *smtp.Server

	mu       sync.Mutex
	accepted []Sent           // the oldest first
	faults   []Fault          // one for each of the next messages
	broken   map[string]Fault // by recipient
}

// New starts a server that ends with the test.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := Start(o)
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server that runs until Close.
func Start(o Options) *Server {
	s := &Server{options: o, broken: map[string]Fault{}}
	pair := httptest.NewTLSServer(nil)
	certificate := pair.TLS.Certificates
	s.roots = x509.NewCertPool()
	s.roots.AddCert(pair.Certificate())
	pair.Close()
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		if f, ok := s.due(AtConnect, ""); ok {
			return nil, f.err()
		}
		return &session{s: s, conn: c}, nil
	}))
	s.smtp.Domain, s.smtp.AllowInsecureAuth = "mail.test", true
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	secret := &tls.Config{Certificates: certificate, MinVersion: tls.VersionTLS12}
	if o.TLS == outmail.STARTTLS {
		s.smtp.TLSConfig = secret
	}
	var err error
	if s.at, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0"); err != nil {
		panic(err)
	}
	at := s.at
	if o.TLS == outmail.Implicit {
		at = tls.NewListener(at, secret)
	}
	go func() { _ = s.smtp.Serve(at) }()
	return s
}

// Config is how to reach the server.
func (s *Server) Config() outmail.Config {
	secrecy := s.options.TLS
	if secrecy == "" {
		secrecy = outmail.Plain
	}
	return outmail.Config{
		Host: "127.0.0.1", Port: s.Port(), TLS: secrecy, Username: s.options.Username,
		Password: presage.Secret(s.options.Password), From: "Norvik Service <service@norvik.example>", Roots: s.roots,
	}
}

// Port is where it listens.
func (s *Server) Port() int {
	if at, ok := s.at.Addr().(*net.TCPAddr); ok {
		return at.Port
	}
	return 0
}

// Close ends the server.
func (s *Server) Close() { _ = s.smtp.Close() }

// Sent returns a copy of what was accepted, the oldest first.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accepted)
}

// Shown is what a mailbox that drops a Message-ID which it has already holds.
func (s *Server) Shown(to string) (shown []Sent) {
	for _, m := range s.Sent() {
		if m.To == to && !slices.ContainsFunc(shown, func(x Sent) bool { return x.ID == m.ID }) {
			shown = append(shown, m)
		}
	}
	return shown
}

// Fail queues faults, one for each of the next messages.
func (s *Server) Fail(f ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f...)
}

// Break makes every message to one recipient fail.
func (s *Server) Break(to string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.At = AtRecipient
	s.broken[to] = f
}

// due is the fault of this step, taken from the queue.
func (s *Server) due(at Step, to string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.broken[to]; ok && at == AtRecipient {
		return f, true
	}
	if len(s.faults) == 0 || s.faults[0].At != at {
		return Fault{}, false
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f, true
}

func (f Fault) err() error {
	if f.Broken {
		return errBroken
	}
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: f.Enhanced, Message: "refused: anna@example.com is not welcome"}
}

var errBroken = errors.New("broken")

type session struct {
	s        *Server
	conn     *smtp.Conn
	loggedIn bool
	from, to string
	course   Fault
}

func (x *session) Reset()        { x.from, x.to, x.course = "", "", Fault{} }
func (x *session) Logout() error { return nil }

func (x *session) AuthMechanisms() []string {
	if x.s.options.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if f, ok := x.s.due(AtLogin, ""); ok {
			return f.err()
		}
		if username != x.s.options.Username || password != x.s.options.Password {
			return smtp.ErrAuthFailed
		}
		x.loggedIn = true
		return nil
	}), nil
}

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if f, ok := x.s.due(AtSender, ""); ok {
		return f.err()
	}
	if x.s.options.Username != "" && !x.loggedIn {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "log in first"}
	}
	x.from = from
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	f, ok := x.s.due(AtRecipient, to)
	if !ok && x.s.options.Course != nil {
		x.course = x.s.options.Course(to)
		f, ok = x.course, x.course.At == AtRecipient
	}
	if ok {
		return f.err()
	}
	x.to = to
	return nil
}

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f, ok := x.s.due(AtData, "")
	if !ok {
		f = x.course
	}
	if f.Broken {
		_ = x.conn.Conn().Close()
		return errBroken
	}
	if f.Code != 0 {
		return f.err()
	}
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	x.s.accepted = append(x.s.accepted, Sent{From: x.from, To: x.to, ID: m.Header.Get("Message-Id"), Raw: string(raw)})
	x.s.mu.Unlock()
	if f.Lost {
		_ = x.conn.Conn().Close()
	}
	if f.Delay > 0 {
		x.hold(f)
	}
	return nil
}

// hold keeps the answer back. Who waits for it says nothing: what can be read
// before is the end of the connection.
func (x *session) hold(f Fault) {
	conn := x.conn.Conn()
	_ = conn.SetReadDeadline(time.Now().Add(f.Delay))
	_, err := conn.Read(make([]byte, 1))
	_ = conn.SetReadDeadline(time.Time{})
	if !errors.Is(err, os.ErrDeadlineExceeded) && f.Gone != nil {
		f.Gone()
	}
}

// Header is a header of a message, decoded.
func (m Sent) Header(name string) string {
	read, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	text, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get(name))
	if err != nil {
		return ""
	}
	return text
}
