package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	cookieName  = "presage_session"
	sessionLife = 12 * time.Hour
)

// SetSession logs the caller in: an HttpOnly cookie, signed with the admin key,
// that is good for 12 hours. A new key ends every session.
func (g *Guard) SetSession(w http.ResponseWriter, secure bool) {
	expires := g.now().Add(sessionLife)
	stamp := strconv.FormatInt(expires.Unix(), 10)
	http.SetCookie(w, g.cookie(stamp+"."+g.sign(stamp), expires, secure))
}

// EndSession logs the caller out.
func (g *Guard) EndSession(w http.ResponseWriter, secure bool) {
	http.SetCookie(w, g.cookie("", time.Unix(1, 0), secure))
}

func (g *Guard) cookie(value string, expires time.Time, secure bool) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure follows the public address: plain http on loopback must work
		Name: cookieName, Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
}

func (g *Guard) validSession(value string) bool {
	stamp, mac, ok := strings.Cut(value, ".")
	if !ok || !hmac.Equal([]byte(mac), []byte(g.sign(stamp))) {
		return false
	}
	at, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && g.now().Unix() < at
}

func (g *Guard) sign(stamp string) string {
	h := hmac.New(sha256.New, []byte(g.key.Reveal()))
	h.Write([]byte("presage console session " + stamp))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
