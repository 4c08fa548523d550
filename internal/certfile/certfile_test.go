package certfile_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/certfile"
)

// write makes a certificate with a name and its key.
func write(t *testing.T, dir, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	for file, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	cert, key := write(t, dir, "first")
	p, err := certfile.Load(certfile.Files{Cert: cert, Key: key}, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	want := func(what, name string) {
		t.Helper()
		c, err := p.Config().GetCertificate(&tls.ClientHelloInfo{})
		if err != nil || c.Leaf.Subject.CommonName != name {
			t.Errorf("%s: %v, %v, want %s", what, c.Leaf.Subject, err, name)
		}
	}
	want("at first", "first")
	write(t, dir, "second")
	if err := os.Chtimes(cert, now, now); err != nil { // another time, however fast this was
		t.Fatal(err)
	}
	now = now.Add(59 * time.Second)
	want("within the minute", "first")
	now = now.Add(time.Second)
	want("a minute later", "second")
	if err := os.WriteFile(key, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	want("when the key is damaged", "second")
	if _, err := certfile.Load(certfile.Files{Cert: cert, Key: key}, slog.New(slog.DiscardHandler), time.Now); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("damaged at the start: %v", err)
	}
}
