package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"presage"
	"presage/outreach/contact"
)

// SMS is the channel "sms" over Twilio. Safe for use by several goroutines.
type SMS struct {
	cfg  Config
	base *url.URL // nil for Twilio itself
}

// New checks the configuration; ErrInvalid names every fault. It connects to nothing.
func New(cfg Config) (*SMS, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	s := &SMS{cfg: cfg}
	if cfg.BaseURL != "" {
		base, err := url.Parse(cfg.BaseURL)
		if err != nil {
			return nil, fmt.Errorf("twilio.base_url: %w: %w", presage.ErrInvalid, err)
		}
		s.base = base
	}
	return s, nil
}

// Name is presage.ChannelSMS.
func (s *SMS) Name() presage.ChannelName { return presage.ChannelSMS }

// Send hands one message to Twilio and returns its SID. See the package
// comment for the errors.
func (s *SMS) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	p := &openapi.CreateMessageParams{}
	p.SetTo(string(c.Phone)).SetBody(m.Body)
	if strings.HasPrefix(s.cfg.From, "MG") {
		p.SetMessagingServiceSid(s.cfg.From)
	} else {
		p.SetFrom(s.cfg.From)
	}
	if s.cfg.PublicURL != "" {
		p.SetStatusCallback(strings.TrimRight(s.cfg.PublicURL, "/") + StatusPath)
	}
	api, answer := s.api(ctx)
	sent, err := api.CreateMessage(p)
	if err != nil {
		return "", later(classify("send", err), answer)
	}
	if sent.Sid == nil {
		return "", fmt.Errorf("twilio send: %w: the answer holds no SID", presage.ErrUnavailable)
	}
	return *sent.Sid, nil
}

// recent is how many of the newest messages to a number are compared.
const recent = 50

// Find looks for the message among the newest ones to the customer's number. A
// message that Twilio failed to deliver does not count. Twilio may put a prefix
// before the text (trial accounts), so the end decides.
func (s *SMS) Find(ctx context.Context, m presage.Message, c presage.Customer) (string, bool, error) {
	p := &openapi.ListMessageParams{}
	p.SetTo(string(c.Phone)).SetPageSize(recent)
	api, answer := s.api(ctx)
	page, err := api.PageMessage(p, "", "")
	if err != nil {
		return "", false, later(classify("find", err), answer)
	}
	for _, r := range page.Messages {
		if r.Sid == nil || r.Body == nil || !strings.HasSuffix(*r.Body, m.Body) || lost(r.Status) {
			continue
		}
		if before(r.DateCreated, m.CreatedAt.Add(-5*time.Minute)) {
			continue
		}
		return *r.Sid, true, nil
	}
	return "", false, nil
}

func lost(status *string) bool {
	return status != nil && (*status == "failed" || *status == "undelivered" || *status == "canceled")
}

// before tells whether Twilio's RFC 2822 date is known and earlier than t.
func before(date *string, t time.Time) bool {
	if date == nil {
		return false
	}
	d, err := time.Parse(time.RFC1123Z, *date)
	return err == nil && d.Before(t)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// later adds how long Twilio asks to wait, which twilio-go leaves out.
func later(err error, answer *http.Header) error {
	if errors.Is(err, presage.ErrUnavailable) {
		return contact.After(err, *answer)
	}
	return err
}

// api is a client for one call: twilio-go takes no context, so the transport
// carries it, and the address when it is not Twilio's own. answer is filled in
// with the header of the answer.
func (s *SMS) api(ctx context.Context) (api *openapi.ApiService, answer *http.Header) {
	answer = &http.Header{}
	carry := roundTrip(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(ctx)
		if s.base != nil {
			r.URL.Scheme, r.URL.Host, r.Host = s.base.Scheme, s.base.Host, s.base.Host
		}
		res, err := s.cfg.Transport.RoundTrip(r)
		if err == nil {
			*answer = res.Header
		}
		return res, err
	})
	c := &client.Client{
		Credentials: client.NewCredentials(s.cfg.AccountSID, s.cfg.AuthToken.Reveal()),
		HTTPClient:  contact.Client(carry, s.cfg.Timeout),
	}
	c.SetAccountSid(s.cfg.AccountSID)
	return openapi.NewApiService(&client.RequestHandler{Client: c}), answer
}
