package door

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"presage"
)

// ClientTLS is how this process itself connects; nil without TLS. It knows the
// very certificate that the server shows, whoever signed it.
func (s *Server) ClientTLS() *tls.Config {
	if s.certs == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection is stricter
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 || !bytes.Equal(state.PeerCertificates[0].Raw, s.certs.Leaf()) {
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
