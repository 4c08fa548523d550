package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"presage"
	"presage/internal/throttle"
)

// Logins keeps who is logged in, for every process that shares it.
type Logins interface {
	PutLogin(ctx context.Context, s presage.Login) error
	// Login returns a login, over or not; ErrNotFound when it was ended.
	Login(ctx context.Context, id string) (presage.Login, error)
	EndLogin(ctx context.Context, id string) error
	// UseLink notes that a link was used; ErrExpired when it was used before.
	UseLink(ctx context.Context, id string, now, expires time.Time) error
}

// How often an address may show a wrong key.
const (
	keyTries   = 20
	keyEvery   = 10 * time.Second
	RetryAfter = "10" // seconds, the header of the answer to one too many
)

// userAdmin is who holds the admin key, until there are accounts.
const userAdmin = "admin"

// Guard answers whether a request may pass. It is safe for use by many
// goroutines.
type Guard struct {
	key         presage.Secret
	fingerprint string // of the key, as logins keep it
	logins      Logins
	log         *slog.Logger
	now         func() time.Time

	mu    sync.Mutex
	tries throttle.Tries[netip.Addr]
}

// New returns a guard for the key, which must not be empty. The clock is the
// wall's: a login must not run out with a demonstration's virtual days.
func New(key presage.Secret, logins Logins, log *slog.Logger, now func() time.Time) *Guard {
	return &Guard{
		key: key, fingerprint: fingerprint(key), logins: logins, log: log, now: now,
		tries: throttle.NewTries[netip.Addr](keyTries, keyEvery),
	}
}

// fingerprint tells keys apart without telling them.
func fingerprint(key presage.Secret) string {
	return hex.EncodeToString(sign(key, "presage key fingerprint", nil)[:8])
}

// sign is the HMAC of text for one purpose.
func sign(key presage.Secret, purpose string, text []byte) []byte {
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	h.Write([]byte(purpose + "\x00"))
	h.Write(text)
	return h.Sum(nil)
}

// Check returns nil when r may pass, by bearer key or by session. Otherwise
// ErrForbidden: log in; ErrThrottled: too many wrong keys from this address;
// ErrUnavailable: nobody can look the session up now.
func (g *Guard) Check(r *http.Request) error {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, key, _ := strings.Cut(strings.TrimSpace(header), " ")
		if strings.EqualFold(scheme, "Bearer") {
			return g.Verify(r, presage.Secret(strings.TrimSpace(key)))
		}
	}
	session, err := g.session(r)
	if err == nil {
		name(r.Context(), session.User)
	}
	return err
}

// Verify compares a presented key in constant time and counts a wrong one
// against the address that r comes from. The errors are those of Check.
func (g *Guard) Verify(r *http.Request, key presage.Secret) error {
	if key.Equal(g.key) {
		name(r.Context(), userAdmin)
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.tries.Spend(throttle.Source(Remote(r)), g.now()) {
		return fmt.Errorf("%w: too many wrong keys from this address: try again in %s seconds",
			presage.ErrThrottled, RetryAfter)
	}
	return fmt.Errorf("%w: this is not the admin key; on the service's own machine `presage key` prints it",
		presage.ErrForbidden)
}

// session returns the session that r shows.
func (g *Guard) session(r *http.Request) (presage.Login, error) {
	missing := fmt.Errorf("%w: send Authorization: Bearer with the admin key, or log in at /login", presage.ErrForbidden)
	c, err := r.Cookie(cookieName)
	if err != nil || c.Value == "" {
		return presage.Login{}, missing
	}
	s, err := g.logins.Login(r.Context(), digest(c.Value))
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return s, missing
	case err != nil:
		g.log.ErrorContext(r.Context(), "access: a session cannot be looked up", "error", err)
		return s, fmt.Errorf("%w: logins cannot be checked now; the key still works", presage.ErrUnavailable)
	case !g.now().Before(s.ExpiresAt) || s.Key != g.fingerprint:
		return s, missing
	}
	return s, nil
}

// Remote is the address that r came from directly; headers are not asked.
func Remote(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr()
}

// digest is what the store keeps of what only a browser holds.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
