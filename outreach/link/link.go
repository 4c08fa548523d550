// Package link signs and reads the tokens of booking links. A token names one
// offer and the instant until which the link works; it holds nothing about the
// customer or the vehicle and cannot be made without the key.
//
//	token = base64url( expiry, 4 bytes, unix seconds | offer ID | first 16 bytes of
//	                   HMAC-SHA256(key, "presage.link.v1" | expiry | offer ID) )
//
// The tag is cut to 128 bits (RFC 2104, section 5, allows half the hash), which
// keeps the link short enough for a text message.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"presage"
)

const (
	tagBytes    = 16
	expiryBytes = 4
	minKey      = 16
	purpose     = "presage.link.v1"
	path        = "/b/"
)

// Signer makes and reads tokens. Its key never leaves it. Safe for use by
// several goroutines at the same time.
type Signer struct {
	key  []byte
	base string
}

// NewSigner takes a key of at least 16 bytes and the address that customers
// reach, e.g. "https://service.example". ErrInvalid for a shorter key.
func NewSigner(key presage.Secret, baseURL string) (*Signer, error) {
	if len(key.Reveal()) < minKey {
		return nil, fmt.Errorf("%w link key: %d bytes, want at least %d", presage.ErrInvalid, len(key.Reveal()), minKey)
	}
	return &Signer{key: []byte(key.Reveal()), base: strings.TrimRight(baseURL, "/")}, nil
}

// Sign makes the token of an offer that works until expires (whole seconds, before 2106).
func (s *Signer) Sign(offerID string, expires time.Time) string {
	body := binary.BigEndian.AppendUint32(nil, uint32(expires.Unix()))
	body = append(body, offerID...)
	return base64.RawURLEncoding.EncodeToString(append(body, s.tag(body)...))
}

// URL is the booking page of a token.
func (s *Signer) URL(token string) string { return s.base + path + token }

// TokenOf cuts the token out of a booking link; "" when it is none.
func TokenOf(url string) string {
	i := strings.LastIndex(url, path)
	if i < 0 {
		return ""
	}
	return url[i+len(path):]
}

// Read returns the offer that token names. ErrForbidden when the token was not
// signed by this key, ErrExpired after its time, each in words a customer can
// read. The signature is compared in constant time and before anything else.
func (s *Signer) Read(token string, now time.Time) (offerID string, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) <= expiryBytes+tagBytes {
		return "", fmt.Errorf("booking link: %w: the link is incomplete or was changed", presage.ErrForbidden)
	}
	body, tag := raw[:len(raw)-tagBytes], raw[len(raw)-tagBytes:]
	if !hmac.Equal(tag, s.tag(body)) {
		return "", fmt.Errorf("booking link: %w: the link is incomplete or was changed", presage.ErrForbidden)
	}
	if until := time.Unix(int64(binary.BigEndian.Uint32(body)), 0); now.After(until) {
		return "", fmt.Errorf("booking link: %w on %s", presage.ErrExpired, until.UTC().Format(time.DateOnly))
	}
	return string(body[expiryBytes:]), nil
}

func (s *Signer) tag(body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(purpose))
	mac.Write(body)
	return mac.Sum(nil)[:tagBytes]
}
