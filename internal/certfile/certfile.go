// Package certfile serves TLS from files that may be replaced while the service
// runs, as short-lived certificates are.
package certfile

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"presage"
)

// Files are PEM files. Cert holds a certificate with its chain, Key its key.
type Files struct {
	Cert, Key string
	// ClientCA are the authorities whose client certificates are accepted, from
	// clients that show one; "" asks for none.
	ClientCA string
	// Every is how often the files are looked at, at the most; default a minute.
	Every time.Duration
}

// Pair is a certificate with its key, as the files hold them now.
type Pair struct {
	files Files
	log   *slog.Logger
	now   func() time.Time

	mu      sync.Mutex
	loaded  loaded
	checked time.Time
}

// loaded is what the files held when they were read.
type loaded struct {
	pair    *tls.Certificate
	clients *x509.CertPool // nil without Files.ClientCA
	stamp   string
}

// Load reads the files; an ErrInvalid names them.
func Load(files Files, log *slog.Logger, now func() time.Time) (*Pair, error) {
	if files.Every == 0 {
		files.Every = time.Minute
	}
	p := &Pair{files: files, log: log, now: now, checked: now()}
	return p, p.load()
}

func (p *Pair) load() error {
	stamp, err := p.stampNow()
	if err != nil {
		return fmt.Errorf("TLS files: %w: %w", presage.ErrInvalid, err)
	}
	pair, err := tls.LoadX509KeyPair(p.files.Cert, p.files.Key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w: %w", p.files.Cert, p.files.Key, presage.ErrInvalid, err)
	}
	l := loaded{pair: &pair, stamp: stamp}
	if p.files.ClientCA != "" {
		text, err := os.ReadFile(p.files.ClientCA)
		if err != nil {
			return fmt.Errorf("client authorities: %w: %w", presage.ErrInvalid, err)
		}
		l.clients = x509.NewCertPool()
		if !l.clients.AppendCertsFromPEM(text) {
			return fmt.Errorf("client authorities %s: %w: no certificate in it", p.files.ClientCA, presage.ErrInvalid)
		}
	}
	p.loaded = l
	return nil
}

// stampNow changes when a file does.
func (p *Pair) stampNow() (string, error) {
	var out strings.Builder
	for _, name := range []string{p.files.Cert, p.files.Key, p.files.ClientCA} {
		if name == "" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%d %d;", info.ModTime().UnixNano(), info.Size())
	}
	return out.String(), nil
}

// Config is for a listener: TLS 1.2 or later. Files that changed are read again
// by the first handshake after Files.Every; if they cannot be, that is told and
// the ones before stay in use. Connections that stand go on.
func (p *Pair) Config() *tls.Config {
	c := &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.current().pair, nil },
	}
	if p.files.ClientCA != "" {
		c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
			now := p.current()
			return &tls.Config{
				MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*now.pair},
				ClientCAs: now.clients, ClientAuth: tls.VerifyClientCertIfGiven,
			}, nil
		}
	}
	return c
}

// Leaf is the DER of the certificate that is shown now.
func (p *Pair) Leaf() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.loaded.pair.Certificate[0]
}

func (p *Pair) current() loaded {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.checked) < p.files.Every && !now.Before(p.checked) {
		return p.loaded
	}
	p.checked = now
	if stamp, err := p.stampNow(); err == nil && stamp == p.loaded.stamp {
		return p.loaded
	}
	if err := p.load(); err != nil {
		p.log.Error("the TLS files changed and cannot be read; the ones before stay in use", "error", err)
	} else {
		p.log.Info("the TLS files changed and were read again", "certificate", p.files.Cert)
	}
	return p.loaded
}
