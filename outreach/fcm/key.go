package fcm

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
)

// pemKey tells whether raw is an RSA key that a token can be signed with.
func pemKey(raw []byte) bool {
	block, _ := pem.Decode(raw)
	if block == nil {
		return false
	}
	if parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		_, ok := parsed.(*rsa.PrivateKey)
		return ok
	}
	_, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	return err == nil
}
