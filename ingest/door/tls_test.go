package door_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
	"presage/internal/certfile"
)

// secured is a door over TLS with client certificates, not open.
func secured(t *testing.T, a *authority, g *guests, m *memory, change func(*door.Config)) *door.Server {
	t.Helper()
	return startDoor(t, m, func(c *door.Config) {
		c.Open, c.Admission = false, g
		c.TLS.Cert, c.TLS.Key, c.TLS.ClientCA = a.files(t.TempDir())
		if change != nil {
			change(c)
		}
	})
}

func TestClientCertificates(t *testing.T) {
	t.Parallel()
	trusted, foreign := newAuthority(t), newAuthority(t)
	g := &guests{secrets: map[presage.VIN]presage.Secret{vinB: "right"}}
	m := newMemory()
	b := secured(t, trusted, g, m, nil)
	none := &tls.Config{InsecureSkipVerify: true}
	for name, tt := range map[string]struct {
		vin      presage.VIN // user name
		password presage.Secret
		tls      *tls.Config
		want     error
	}{
		"common name":                  {tls: trusted.vehicle(commonName(string(vinA)))},
		"URI":                          {tls: trusted.vehicle(sanURI(vinA))},
		"DNS":                          {tls: trusted.vehicle(func(c *x509.Certificate) { c.DNSNames = []string{strings.ToLower(string(vinA)) + ".cars.example"} })},
		"user name is the same":        {vin: vinA, tls: trusted.vehicle(commonName(string(vinA)))},
		"secret instead":               {vin: vinB, password: "right", tls: none},
		"user name of another":         {vin: vinB, password: "right", tls: trusted.vehicle(commonName(string(vinA))), want: presage.ErrForbidden},
		"two vehicles":                 {tls: trusted.vehicle(func(c *x509.Certificate) { commonName(string(vinA))(c); sanURI(vinB)(c) }), want: presage.ErrForbidden},
		"no VIN in it":                 {tls: trusted.vehicle(commonName("tbox")), want: presage.ErrForbidden},
		"neither":                      {tls: none, want: presage.ErrForbidden},
		"user name without a secret":   {vin: vinA, tls: none, want: presage.ErrForbidden},
		"foreign authority":            {tls: foreign.vehicle(commonName(string(vinA))), want: presage.ErrUnavailable},
		"expired":                      {tls: trusted.vehicle(func(c *x509.Certificate) { commonName(string(vinA))(c); c.NotAfter = time.Now().Add(-time.Minute) }), want: presage.ErrUnavailable},
		"not for clients":              {tls: trusted.vehicle(func(c *x509.Certificate) { commonName(string(vinA))(c); c.ExtKeyUsage[0] = x509.ExtKeyUsageServerAuth }), want: presage.ErrUnavailable},
		"the service's own trust only": {vin: vinA, tls: b.ClientTLS(), want: presage.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := publisher(t, b, func(c *mqtt.PublisherConfig) {
				c.VIN, c.Password, c.TLS, c.ClientID = tt.vin, tt.password, tt.tls, ""
				if tt.vin == "" {
					c.ClientID = "box-" + rand()
				}
			})
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
	t.Run("speaks for itself alone", func(t *testing.T) {
		t.Parallel()
		p, err := publisher(t, b, func(c *mqtt.PublisherConfig) {
			c.VIN, c.ClientID, c.TLS = "", "box", trusted.vehicle(commonName(string(vinA)))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, vin := range []presage.VIN{vinB, vinA} { // the first one is acknowledged and dropped
			if err := p.Publish(t.Context(), ingest.TelemetryTopic(vin), speed); err != nil {
				t.Error(err)
			}
		}
		m.until(t, "its own row", func() bool { return m.rows() == 1 })
		if l := m.deadLetters(); len(l) != 0 {
			t.Errorf("the refused one was taken in: %+v", l)
		}
	})
	t.Run("plain text", func(t *testing.T) {
		t.Parallel()
		_, err := publisher(t, b, func(c *mqtt.PublisherConfig) { c.Broker = strings.Replace(b.URL(), "mqtts://", "tcp://", 1) })
		if !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("a login without TLS: %v", err)
		}
	})
}

func TestChangedCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	old, anew := newAuthority(t), newAuthority(t)
	dir := t.TempDir()
	var lines logLines
	m := newMemory()
	b := secured(t, old, &guests{}, m, func(c *door.Config) {
		c.TLS.Cert, c.TLS.Key, c.TLS.ClientCA = old.files(dir)
		c.TLS.Every, c.Logger = 5*time.Millisecond, slog.New(slog.NewTextHandler(&lines, nil))
	})
	login := func(a *authority) error {
		_, err := publisher(t, b, func(c *mqtt.PublisherConfig) {
			c.VIN, c.ClientID, c.TLS = "", "box-"+rand(), a.vehicle(commonName(string(vinA)))
		})
		return err
	}
	if err := login(old); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/cert.pem", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.until(t, "a word about the damage", func() bool { _ = login(old); return lines.has("cannot be read") })
	if err := login(old); err != nil {
		t.Errorf("damaged files shut the door: %v", err)
	}
	anew.files(dir)
	m.until(t, "the new authority's vehicle", func() bool { return login(anew) == nil })
	if err := login(old); err == nil {
		t.Error("the old authority's vehicle still gets in")
	}
	if err := b.Probe(t.Context()); err != nil { // knows the new certificate
		t.Error(err)
	}
}

func TestBadTLSFiles(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	cert, key, ca := a.files(t.TempDir())
	for name, files := range map[string]certfile.Files{
		"missing":                {Cert: cert + "x", Key: key},
		"key of another":         {Cert: ca, Key: key},
		"authority is not a PEM": {Cert: cert, Key: key, ClientCA: key},
		"half":                   {Cert: cert},
		"authority on its own":   {ClientCA: ca},
	} {
		_, err := door.New(t.Context(), door.Config{Addr: "127.0.0.1:0", Sink: nowhere{}, Now: time.Now, TLS: files})
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
