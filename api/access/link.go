package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"presage"
)

// LinkLife is how long a login link can be used.
const LinkLife = time.Hour

// A token holds when it expires (8 bytes, Unix seconds), a nonce and a signature.
const (
	linkTime  = 8
	linkNonce = 12
	linkMAC   = 20
)

const linkPurpose = "presage login link"

// NewLink makes the path of a link that logs a person in, once and until
// expires. Who holds the key can make links without asking the service.
func NewLink(key presage.Secret, expires time.Time) string {
	token := make([]byte, linkTime+linkNonce, linkTime+linkNonce+linkMAC)
	binary.BigEndian.PutUint64(token, uint64(expires.Unix()))
	_, _ = rand.Read(token[linkTime:]) // never fails: the program would have been stopped
	token = append(token, sign(key, linkPurpose, token)[:linkMAC]...)
	return "/login/" + base64.RawURLEncoding.EncodeToString(token)
}

// UseLink accepts a link's token if nobody has used it. ErrForbidden: it was not
// signed with the present key. ErrExpired: its time is over, or it was used.
func (g *Guard) UseLink(ctx context.Context, token string) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkTime+linkNonce+linkMAC {
		return fmt.Errorf("%w: not a login link", presage.ErrForbidden)
	}
	text, mac := raw[:linkTime+linkNonce], raw[linkTime+linkNonce:]
	if !hmac.Equal(mac, sign(g.key, linkPurpose, text)[:linkMAC]) {
		return fmt.Errorf("%w: the login link was not made with the present key", presage.ErrForbidden)
	}
	expires, now := time.Unix(int64(binary.BigEndian.Uint64(text)), 0), g.now()
	if !now.Before(expires) {
		return fmt.Errorf("%w login link", presage.ErrExpired)
	}
	return g.logins.UseLink(ctx, digest(token), now, expires)
}
