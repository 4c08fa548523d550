package door_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"presage"
)

// guests is an admission by a list, with secrets in the clear.
type guests struct {
	mu      sync.Mutex
	secrets map[presage.VIN]presage.Secret
	revoked map[presage.VIN]time.Time
}

func (g *guests) Password(_ context.Context, vin presage.VIN, secret presage.Secret, _ netip.Addr) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch kept, ok := g.secrets[vin]; {
	case !g.revoked[vin].IsZero():
		return fmt.Errorf("%w: revoked", presage.ErrForbidden)
	case !ok:
		return fmt.Errorf("%w: no secret", presage.ErrNotFound)
	case kept != secret:
		return fmt.Errorf("%w: wrong password", presage.ErrForbidden)
	}
	return nil
}

func (g *guests) Certificate(_ context.Context, vin presage.VIN, issued time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if at := g.revoked[vin]; !at.IsZero() && !issued.After(at) {
		return fmt.Errorf("%w: revoked", presage.ErrForbidden)
	}
	return nil
}

func (g *guests) revoke(vin presage.VIN) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.revoked == nil {
		g.revoked = map[presage.VIN]time.Time{}
	}
	g.revoked[vin] = time.Now()
}

// authority signs certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.cert, a.key = a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "vehicles"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	return a
}

// sign fills in what every certificate has; an authority without one signs itself.
func (a *authority) sign(c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(time.Hour)
	}
	if c.NotBefore.IsZero() {
		c.NotBefore = time.Now().Add(-time.Hour)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(crand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return signed, key
}

// vehicle is what a client with a certificate of this authority connects with.
func (a *authority) vehicle(change func(*x509.Certificate)) *tls.Config {
	a.t.Helper()
	c := &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	change(c)
	cert, key := a.sign(c)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}, InsecureSkipVerify: true,
	}
}

// files writes a certificate of the broker with its key, and the authority.
func (a *authority) files(dir string) (cert, key, ca string) {
	a.t.Helper()
	c, k := a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "broker"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, key, ca = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "ca.pem")
	for name, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: c.Raw}, key: {Type: "PRIVATE KEY", Bytes: der},
		ca: {Type: "CERTIFICATE", Bytes: a.cert.Raw},
	} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return cert, key, ca
}

func commonName(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject.CommonName = name }
}

func sanURI(vin presage.VIN) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.URIs = []*url.URL{{Scheme: "urn", Opaque: "vin:" + string(vin)}} }
}
