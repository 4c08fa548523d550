package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"presage"
)

// Guard answers whether a request may pass. It is safe for use by many
// goroutines; its fields are not changed after the first request.
type Guard struct {
	key  presage.Secret
	open bool
	now  func() time.Time
}

// New returns a guard for the key. Without a key, requests pass on loopback
// listeners when openOnLoopback is set, and none pass otherwise. The clock is
// the wall's: a login must not run out with a demonstration's virtual days.
func New(key presage.Secret, openOnLoopback bool, now func() time.Time) *Guard {
	return &Guard{key: key, open: openOnLoopback, now: now}
}

// NeedsLogin tells whether a login page makes sense: a key is set.
func (g *Guard) NeedsLogin() bool { return g.key != "" }

// Check returns nil when r may pass: by bearer key, by login cookie, or because
// it came over loopback and no key is set. The error is an ErrForbidden that
// says what to do.
func (g *Guard) Check(r *http.Request) error {
	if g.key == "" {
		return g.checkLoopback(r)
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return g.Verify(presage.Secret(strings.TrimSpace(token)))
	}
	if c, err := r.Cookie(cookieName); err == nil && g.validSession(c.Value) {
		return nil
	}
	return fmt.Errorf("%w: send Authorization: Bearer with the admin key, or log in at /login", presage.ErrForbidden)
}

// Verify compares a presented key in constant time. Guessing is answered by the
// key's length (Config.Validate asks for 16 characters), not by locking people out.
func (g *Guard) Verify(key presage.Secret) error {
	if g.key == "" {
		return fmt.Errorf("%w: no admin key is configured", presage.ErrForbidden)
	}
	if !sameSecret(key.Reveal(), g.key.Reveal()) {
		return fmt.Errorf("%w: this is not the admin key", presage.ErrForbidden)
	}
	return nil
}

// checkLoopback lets a request pass that reached a loopback listener directly,
// under a loopback name (a rebound DNS name is not) and through no proxy.
func (g *Guard) checkLoopback(r *http.Request) error {
	if !g.open {
		return fmt.Errorf("%w: set an admin key (http.admin_key or PRESAGE_HTTP_ADMIN_KEY)", presage.ErrForbidden)
	}
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !loopback(addr.String()) || !loopback(r.Host) || proxied(r) {
		return fmt.Errorf("%w: without an admin key only this machine may look; "+
			"set http.admin_key or PRESAGE_HTTP_ADMIN_KEY", presage.ErrForbidden)
	}
	return nil
}

func proxied(r *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return true
		}
	}
	return false
}

// loopback tells whether a host or host:port names this machine.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = strings.Trim(addr, "[]")
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
