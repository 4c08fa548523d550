package door

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"presage"
)

// TLS names the files by which the server speaks TLS, in PEM.
type TLS struct {
	Cert string // certificate of the server, with the chain to its root
	Key  string
	// ClientCA are the authorities whose client certificates prove a vehicle's
	// VIN; "" accepts none. A vehicle without a certificate needs its secret.
	ClientCA string
	// Check is how often the files are looked at: when one has changed, all are
	// read again; the connections that stand go on. Default a minute.
	Check time.Duration
}

// certificates are the files' content, replaced when they change.
type certificates struct {
	files TLS
	log   *slog.Logger
	now   atomic.Pointer[loaded]
}

type loaded struct {
	config *tls.Config
	leaf   []byte // DER of the server's own certificate
	stamp  string // of the files
}

// loadCertificates reads the files; nil when none are named.
func loadCertificates(files TLS, log *slog.Logger) (*certificates, error) {
	if files.Cert == "" {
		return nil, nil //nolint:nilnil // without files there is no TLS
	}
	c := &certificates{files: files, log: log}
	return c, c.load()
}

func (c *certificates) load() error {
	stamp, err := c.stamp()
	if err != nil {
		return fmt.Errorf("mqtt: TLS files (mqtt.tls_*): %w: %w", presage.ErrInvalid, err)
	}
	pair, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return fmt.Errorf("mqtt: certificate %s with key %s (mqtt.tls_cert, mqtt.tls_key): %w: %w",
			c.files.Cert, c.files.Key, presage.ErrInvalid, err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if c.files.ClientCA != "" {
		text, err := os.ReadFile(c.files.ClientCA)
		if err != nil {
			return fmt.Errorf("mqtt: mqtt.tls_client_ca: %w: %w", presage.ErrInvalid, err)
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("mqtt: mqtt.tls_client_ca %s: %w: no certificate in it", c.files.ClientCA, presage.ErrInvalid)
		}
		config.ClientAuth = tls.VerifyClientCertIfGiven
	}
	c.now.Store(&loaded{config: config, leaf: pair.Certificate[0], stamp: stamp})
	return nil
}

// stamp changes when a file does.
func (c *certificates) stamp() (string, error) {
	var out strings.Builder
	for _, name := range []string{c.files.Cert, c.files.Key, c.files.ClientCA} {
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

// watch reads the files again when they change, until closing. Files that
// cannot be read are told and tried again; what was read before stays.
func (c *certificates) watch(closing <-chan struct{}) {
	tick := time.NewTicker(c.files.Check)
	defer tick.Stop()
	for {
		select {
		case <-closing:
			return
		case <-tick.C:
		}
		if stamp, err := c.stamp(); err == nil && stamp == c.now.Load().stamp {
			continue
		}
		if err := c.load(); err != nil {
			c.log.Error("mqtt: the TLS files changed and cannot be read; the ones before stay in use", slog.Any("error", err))
			continue
		}
		c.log.Info("mqtt: the TLS files changed and were read again")
	}
}

// server is the configuration of the listener.
func (c *certificates) server() *tls.Config {
	if c == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.now.Load().config, nil },
	}
}

// client is the configuration of the service's own connection: it knows the
// very certificate that the server shows, whoever signed it.
func (c *certificates) client() *tls.Config {
	if c == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection is stricter
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || !bytes.Equal(s.PeerCertificates[0].Raw, c.now.Load().leaf) {
				return errors.New("this is not the embedded server's certificate")
			}
			return nil
		},
	}
}

// clientCertificate is the verified one that a client showed, nil for none.
func clientCertificate(s *tls.ConnectionState) *x509.Certificate {
	if s == nil || len(s.VerifiedChains) == 0 || len(s.PeerCertificates) == 0 {
		return nil
	}
	return s.PeerCertificates[0]
}

// vinURN is how a certificate's SAN URI names a vehicle: urn:vin:LPSVSED01R0000042.
const vinURN = "vin:"

// CertificateVIN is the vehicle that a client certificate is for: the VIN that
// is its common name, or stands in a SAN URI urn:vin:{VIN}, or is the first
// label of a SAN DNS name ({vin}.cars.example). None, or two that differ, is an
// ErrInvalid.
func CertificateVIN(cert *x509.Certificate) (presage.VIN, error) {
	texts := []string{cert.Subject.CommonName}
	for _, u := range cert.URIs {
		if rest, ok := strings.CutPrefix(strings.ToLower(u.Opaque), vinURN); ok && strings.EqualFold(u.Scheme, "urn") {
			texts = append(texts, rest)
		}
	}
	for _, name := range cert.DNSNames {
		label, _, _ := strings.Cut(name, ".")
		texts = append(texts, label)
	}
	var found presage.VIN
	for _, text := range texts {
		vin, err := presage.ParseVIN(text)
		if err != nil {
			continue
		}
		if found != "" && found != vin {
			return "", fmt.Errorf("%w client certificate: it names two vehicles", presage.ErrInvalid)
		}
		found = vin
	}
	if found == "" {
		return "", fmt.Errorf("%w client certificate: no VIN in it: want it as common name, "+
			"SAN URI urn:vin:VIN or first label of a SAN DNS name", presage.ErrInvalid)
	}
	return found, nil
}
