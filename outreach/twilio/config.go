package twilio

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"presage"
)

// Config is one Twilio account and sender.
type Config struct {
	AccountSID string         // "AC..."
	AuthToken  presage.Secret // also signs the webhooks
	// From is the sender: an E.164 number, a short code, or a messaging
	// service ("MG..."), which then chooses the number.
	From string
	// PublicURL is where Twilio reaches our webhooks, e.g.
	// "https://service.example"; "" for no receipts.
	PublicURL string
	// BaseURL replaces https://api.twilio.com, for tests and proxies; default "".
	BaseURL string
	// Timeout bounds one request; default 10 s.
	Timeout time.Duration
	// Transport carries the requests; default http.DefaultTransport.
	Transport http.RoundTripper
}

// Validate reports all faults at once by field name, as ErrInvalid.
func (c Config) Validate() error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, fmt.Errorf("%w twilio.%s: want %s", presage.ErrInvalid, field, want))
		}
	}
	alphanumeric := regexp.MustCompile(`^[A-Za-z0-9]+$`)
	check(strings.HasPrefix(c.AccountSID, "AC") && alphanumeric.MatchString(c.AccountSID), "account_sid", `"AC..."`)
	check(alphanumeric.MatchString(c.AuthToken.Reveal()), "auth_token", "letters and digits")
	check(c.From != "", "from", `a number or "MG..."`)
	for field, raw := range map[string]string{"public_url": c.PublicURL, "base_url": c.BaseURL} {
		u, err := url.Parse(raw)
		check(err == nil && (raw == "" || u.Host != ""), field, "an absolute URL")
	}
	return errors.Join(faults...)
}
