package fcmtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"sync"

	"presage"
)

// key is of the one service account; made at its first use.
var key = sync.OnceValue(func() *rsa.PrivateKey { //nolint:gochecknoglobals // a key takes a while to make
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// Credentials is the JSON key of the service account, as the console gives it.
func (s *Server) Credentials() presage.Secret {
	der, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		panic(err)
	}
	raw, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": Project, "private_key_id": "1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "sender@" + Project + ".iam.gserviceaccount.com", "token_uri": s.URL + "/token",
	})
	if err != nil {
		panic(err)
	}
	return presage.Secret(raw)
}

// signed tells whether an assertion was signed by the account (RFC 7515, RS256).
func signed(assertion string) bool {
	i := strings.LastIndexByte(assertion, '.')
	if i < 0 {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(assertion[i+1:])
	sum := sha256.Sum256([]byte(assertion[:i]))
	return err == nil && rsa.VerifyPKCS1v15(&key().PublicKey, crypto.SHA256, sum[:], signature) == nil
}
