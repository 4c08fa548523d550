package webhook

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/contact"
)

// Config is one receiver.
type Config struct {
	Channel presage.ChannelName // push or sms
	URL     string              // of the receiver; https, or http on this machine
	// Secrets sign requests ("whsec_BASE64"), and check what comes back: several
	// while one takes another's place.
	Secrets []presage.Secret
	// Gateway is a protocol of another kind; nil is Standard Webhooks. Then secrets
	// only check what comes back, and Account signs.
	Gateway *Gateway
	Account Account
	// MakeOf is the make of a car, whose registered sender signs; nil for one sender.
	MakeOf func(context.Context, presage.VIN) (string, error)
	// Nonce is another text for each request to a gateway; default random.
	Nonce func() string
	// Timeout bounds one request; default 10 s.
	Timeout time.Duration
	// Transport carries the requests; default http.DefaultTransport.
	Transport http.RoundTripper
}

// Faults are all faults of the configuration, by field.
func (c Config) Faults() contact.ConfigFaults {
	var faults contact.ConfigFaults
	u, err := url.Parse(c.URL)
	faults.Check(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && local(u)), "url",
		"https:// and the receiver's address; http:// on this machine alone")
	faults.Check(c.Gateway == nil || c.Channel == presage.ChannelSMS, "template", "none: a gateway carries sms alone")
	faults.Check(len(c.Secrets) > 0 || c.Gateway != nil, "secrets", "one secret, or two while one takes the other's place")
	good := !slices.ContainsFunc(c.Secrets, func(s presage.Secret) bool { _, ok := keyOf(s); return !ok })
	faults.Check(good, "secrets", "whsec_ and 24 to 64 random bytes in base64: openssl rand -base64 32")
	return faults
}

func local(u *url.URL) bool {
	return u.Hostname() == "localhost" || u.Hostname() == "::1" || strings.HasPrefix(u.Hostname(), "127.")
}
