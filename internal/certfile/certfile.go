// Package certfile serves TLS from files that may be replaced while the service
// runs, as short-lived certificates are.
package certfile

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"presage"
)

// checkEvery is how often the files are looked at, at the most.
const checkEvery = time.Minute

// Pair is a certificate with its chain and its key, in PEM files.
type Pair struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	loaded  *tls.Certificate
	stamp   string // of the files as loaded
	checked time.Time
}

// Load reads the files; an ErrInvalid names them.
func Load(cert, key string, log *slog.Logger, now func() time.Time) (*Pair, error) {
	p := &Pair{cert: cert, key: key, log: log, now: now, checked: now()}
	return p, p.load()
}

func (p *Pair) load() error {
	stamp, err := p.stampNow()
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w: %w", p.cert, p.key, presage.ErrInvalid, err)
	}
	pair, err := tls.LoadX509KeyPair(p.cert, p.key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w: %w", p.cert, p.key, presage.ErrInvalid, err)
	}
	p.loaded, p.stamp = &pair, stamp
	return nil
}

// stampNow changes when a file does.
func (p *Pair) stampNow() (string, error) {
	var out strings.Builder
	for _, name := range []string{p.cert, p.key} {
		info, err := os.Stat(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%d %d;", info.ModTime().UnixNano(), info.Size())
	}
	return out.String(), nil
}

// Config is for a listener: TLS 1.2 or later. Files that changed are read again
// by the first handshake a minute later; if they cannot be, that is told and
// the ones before stay in use.
func (p *Pair) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.current(), nil },
	}
}

func (p *Pair) current() *tls.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.checked) < checkEvery && !now.Before(p.checked) {
		return p.loaded
	}
	p.checked = now
	if stamp, err := p.stampNow(); err == nil && stamp == p.stamp {
		return p.loaded
	}
	if err := p.load(); err != nil {
		p.log.Error("the TLS files changed and cannot be read; the ones before stay in use", "error", err)
	} else {
		p.log.Info("the TLS files changed and were read again", "certificate", p.cert)
	}
	return p.loaded
}
