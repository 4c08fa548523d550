package access

import (
	"cmp"
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

// A token holds when it expires (8 bytes, Unix seconds), a nonce, the account's ID, none
// for the admin, and a signature of all that.
const (
	linkTime  = 8
	linkNonce = 12
	linkMAC   = 20
)

const linkPurpose = "presage login link"

// NewLink makes the path of a link that logs somebody in, once and until expires: the
// account of the ID, the admin with "". Who holds the key can make links without asking
// the service.
func NewLink(key presage.Secret, id string, expires time.Time) string {
	token := make([]byte, linkTime+linkNonce, linkTime+linkNonce+len(id)+linkMAC)
	binary.BigEndian.PutUint64(token, uint64(expires.Unix()))
	_, _ = rand.Read(token[linkTime:]) // never fails: the program would have been stopped
	token = append(token, id...)
	token = append(token, sign(key, linkPurpose, token)[:linkMAC]...)
	return "/login/" + base64.RawURLEncoding.EncodeToString(token)
}

// Link makes the path of a link for an account, and when it expires; ErrConflict for a
// disabled one, ErrNotFound for none.
func (g *Guard) Link(ctx context.Context, id string) (string, time.Time, error) {
	a, err := g.accounts.Account(ctx, id)
	if err != nil {
		return "", time.Time{}, err
	}
	if a.Disabled() {
		return "", time.Time{}, fmt.Errorf("account %s: %w: it is disabled: enable it first", id, presage.ErrConflict)
	}
	expires := g.now().Add(LinkLife).Truncate(time.Second).UTC()
	return NewLink(g.key, id, expires), expires, nil
}

// UseLink accepts a link's token if nobody has used it, and tells whom it logs in.
// ErrForbidden: it was not signed with the present key, or the account is disabled.
// ErrExpired: its time is over, or it was used.
func (g *Guard) UseLink(ctx context.Context, token string) (presage.Account, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < linkTime+linkNonce+linkMAC {
		return presage.Account{}, fmt.Errorf("%w: not a login link", presage.ErrForbidden)
	}
	text, mac := raw[:len(raw)-linkMAC], raw[len(raw)-linkMAC:]
	if !hmac.Equal(mac, sign(g.key, linkPurpose, text)[:linkMAC]) {
		return presage.Account{}, fmt.Errorf("%w: the login link was not made with the present key", presage.ErrForbidden)
	}
	expires, now := time.Unix(int64(binary.BigEndian.Uint64(text)), 0), g.now()
	if !now.Before(expires) {
		return presage.Account{}, fmt.Errorf("%w login link", presage.ErrExpired)
	}
	a, err := g.account(ctx, cmp.Or(string(text[linkTime+linkNonce:]), presage.AdminID))
	if err != nil {
		return a, err
	}
	return a, g.logins.UseLink(ctx, digest(token), now, expires)
}
