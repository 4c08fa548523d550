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

// Accounts are the persons who may log in.
type Accounts interface {
	// Account is one of them, disabled or not; ErrNotFound.
	Account(ctx context.Context, id string) (presage.Account, error)
	// AccountByKey is whose own key has the hash (HashKey); ErrNotFound.
	AccountByKey(ctx context.Context, hash string) (presage.Account, error)
}

// How often an address may show a wrong key.
const (
	keyTries   = 20
	keyEvery   = 10 * time.Second
	RetryAfter = "10" // seconds, the header of the answer to one too many
)

// Guard answers whether a request may pass. It is safe for use by many
// goroutines.
type Guard struct {
	key         presage.Secret
	fingerprint string // of the key, as logins keep it
	logins      Logins
	accounts    Accounts
	log         *slog.Logger
	now         func() time.Time

	mu    sync.Mutex
	tries throttle.Tries[netip.Addr]
}

// Config is what a guard is made of. The key must not be empty. The clock is the
// wall's: a login must not run out with a demonstration's virtual days.
type Config struct {
	Key      presage.Secret
	Logins   Logins
	Accounts Accounts
	Log      *slog.Logger
	Now      func() time.Time
}

// New returns a guard.
func New(c Config) *Guard {
	return &Guard{
		key: c.Key, fingerprint: fingerprint(c.Key), logins: c.Logins, accounts: c.Accounts, log: c.Log, now: c.Now,
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

// Check returns nil when r may pass, by a key or by a session. Otherwise
// NoRightError: who is logged in may not do this; another ErrForbidden: log in;
// ErrThrottled: too many wrong keys from this address; ErrUnavailable: nobody can
// look the session up now.
func (g *Guard) Check(r *http.Request) error {
	a, err := g.who(r)
	if err != nil {
		return err
	}
	name(r.Context(), a)
	if !May(a, r.Method, r.URL.EscapedPath()) {
		return presage.Refuse(NoRightError{a}, presage.WhyNoRight, "owner", a.Name)
	}
	return nil
}

// who makes the request.
func (g *Guard) who(r *http.Request) (presage.Account, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, key, _ := strings.Cut(strings.TrimSpace(header), " ")
		if strings.EqualFold(scheme, "Bearer") {
			return g.Verify(r, presage.Secret(strings.TrimSpace(key)))
		}
	}
	session, err := g.session(r)
	if err != nil {
		return presage.Account{}, err
	}
	return g.account(r.Context(), session.User)
}

// admin is who holds the admin key.
func admin() presage.Account { return presage.Account{ID: presage.AdminID, Name: presage.AdminID} }

// account is who may work under an ID, now; ErrForbidden for nobody.
func (g *Guard) account(ctx context.Context, id string) (presage.Account, error) {
	if id == presage.AdminID {
		return admin(), nil
	}
	a, err := g.accounts.Account(ctx, id)
	switch {
	case errors.Is(err, presage.ErrNotFound) || err == nil && a.Disabled():
		return a, fmt.Errorf("%w: the account is disabled, or is none; a manager enables it at /accounts",
			presage.ErrForbidden)
	case err != nil:
		return a, g.unknown(ctx, "an account", err)
	}
	return a, nil
}

// unknown logs why something cannot be looked up, and tells the caller no more than that.
func (g *Guard) unknown(ctx context.Context, what string, err error) error {
	g.log.ErrorContext(ctx, "access: "+what+" cannot be looked up", "error", err)
	return fmt.Errorf("%w: logins cannot be checked now; the admin key still works", presage.ErrUnavailable)
}

// Verify tells whose key it is: the admin's, compared in constant time, or a person's
// own. A wrong one counts against the address that r comes from. The errors are those
// of Check.
func (g *Guard) Verify(r *http.Request, key presage.Secret) (presage.Account, error) {
	if key.Equal(g.key) {
		name(r.Context(), admin())
		return admin(), nil
	}
	if isOwnKey(key) {
		a, err := g.accounts.AccountByKey(r.Context(), HashKey(key))
		if err == nil && !a.Disabled() {
			name(r.Context(), a)
			return a, nil
		}
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return a, g.unknown(r.Context(), "a key", err)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.tries.Spend(throttle.Source(Remote(r)), g.now()) {
		return presage.Account{}, fmt.Errorf("%w: too many wrong keys from this address: try again in %s seconds",
			presage.ErrThrottled, RetryAfter)
	}
	return presage.Account{}, fmt.Errorf("%w: this is neither the admin key nor a person's own; "+
		"on the service's own machine `presage key` prints it", presage.ErrForbidden)
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
		return s, g.unknown(r.Context(), "a session", err)
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
