package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"presage"
)

// The headers of Standard Webhooks.
const (
	headerID        = "webhook-id"
	headerTime      = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// tolerance is how far the time of a request may be from ours.
const tolerance = 5 * time.Minute

// keyOf reads a secret "whsec_BASE64" of 24 to 64 bytes.
func keyOf(secret presage.Secret) ([]byte, bool) {
	text, ours := strings.CutPrefix(secret.Reveal(), "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	return key, ours && err == nil && len(key) >= 24 && len(key) <= 64
}

// signature is "v1,HMAC" over the ID, the time and the body.
func signature(key []byte, id, seconds string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + seconds + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Sign sets the three headers, with a signature for each secret, so that the
// receiver may still know the old one or already the new one.
func Sign(h http.Header, secrets []presage.Secret, id string, at time.Time, body []byte) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	var all []string
	for _, s := range secrets {
		if key, ok := keyOf(s); ok {
			all = append(all, signature(key, id, seconds, body))
		}
	}
	h.Set(headerID, id)
	h.Set(headerTime, seconds)
	h.Set(headerSignature, strings.Join(all, " "))
}

// Verify tells whether one of the signatures is by one of the secrets, and the
// request was made within five minutes of now.
func Verify(h http.Header, secrets []presage.Secret, now time.Time, body []byte) bool {
	id, seconds := h.Get(headerID), h.Get(headerTime)
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || id == "" || now.Sub(time.Unix(at, 0)).Abs() > tolerance {
		return false
	}
	right := false
	for given := range strings.FieldsSeq(h.Get(headerSignature)) {
		for _, s := range secrets {
			key, ok := keyOf(s)
			same := hmac.Equal([]byte(given), []byte(signature(key, id, seconds, body)))
			right = right || ok && same
		}
	}
	return right
}
