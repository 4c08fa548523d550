package broker

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"presage"
)

// HashSecret is what is stored of a vehicle's secret: HMAC-SHA256 under its
// VIN, in hex. Secrets are random and at least 16 bytes long, so that no slow
// hash is needed: a fleet that reconnects at once must not stall the broker.
func HashSecret(vin presage.VIN, secret presage.Secret) string {
	mac := hmac.New(sha256.New, []byte(vin))
	mac.Write([]byte(secret.Reveal()))
	return hex.EncodeToString(mac.Sum(nil))
}

func secretMatches(vin presage.VIN, secret, hash string) bool {
	return hmac.Equal([]byte(HashSecret(vin, presage.Secret(secret))), []byte(hash))
}
