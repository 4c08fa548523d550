package access

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"

	"presage"
)

const (
	cookieName  = "presage_session"
	sessionLife = 12 * time.Hour
)

// Begin logs the caller in as a: an HttpOnly cookie that is good for 12 hours, until
// End, until the admin key is another one, or until the account is disabled. Who was
// logged in before is not any more.
func (g *Guard) Begin(w http.ResponseWriter, r *http.Request, a presage.Account, secure bool) error {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := g.logins.EndLogin(r.Context(), digest(c.Value)); err != nil {
			return err
		}
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the program would have been stopped
	value, now := base64.RawURLEncoding.EncodeToString(raw), g.now()
	s := presage.Login{
		ID: digest(value), User: a.ID, Key: g.fingerprint, CreatedAt: now, ExpiresAt: now.Add(sessionLife),
	}
	if err := g.logins.PutLogin(r.Context(), s); err != nil {
		return err
	}
	name(r.Context(), a)
	http.SetCookie(w, cookie(value, s.ExpiresAt, secure))
	return nil
}

// End logs the caller out, here and at every other process: the cookie is of no
// more use to whoever has a copy.
func (g *Guard) End(w http.ResponseWriter, r *http.Request, secure bool) error {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := g.logins.EndLogin(r.Context(), digest(c.Value)); err != nil {
			return err
		}
	}
	http.SetCookie(w, cookie("", time.Unix(1, 0), secure))
	return nil
}

func cookie(value string, expires time.Time, secure bool) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure follows the public address: plain http on loopback must work
		Name: cookieName, Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
}
