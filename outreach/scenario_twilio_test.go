package outreach_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"time"

	"presage"
	"presage/outreach/converse"
	"presage/outreach/hook"
	"presage/outreach/twilio"
	"presage/outreach/twilio/twiliotest"
)

// twilioLine is the real channel on a fake Twilio, with live webhooks: its
// faults and receipts have Twilio's codes.
type twilioLine struct {
	*twilio.SMS
	world  *scenario
	server *twiliotest.Server
	hooks  string // where our webhooks are
	heard  int

	mu   sync.Mutex
	seen int // of what the server accepted
}

func (s *scenario) openTwilio(st *step) line {
	now := func() time.Time { return s.now }
	l := &twilioLine{world: s, server: twiliotest.New(s.t, now)}
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.Webhooks(hook.Intake{To: s.svc, Once: s.store, Now: now, Logger: slog.New(slog.DiscardHandler)}).ServeHTTP(w, r)
	}))
	s.t.Cleanup(ours.Close)
	l.hooks = ours.URL
	sms, err := twilio.New(twilio.Config{
		AccountSID: twiliotest.AccountSID, AuthToken: twiliotest.AuthToken, From: "+15005550006",
		BaseURL: l.server.URL, PublicURL: ours.URL, Timeout: 5 * time.Second,
	})
	st.must(err)
	l.SMS = sms
	return l
}

// Send keeps what Twilio accepted as the customer's, whatever it answered.
func (l *twilioLine) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, err := l.SMS.Send(ctx, m, c)
	sent := l.server.Sent()
	for _, x := range sent[l.seen:] {
		l.world.inbox.add(received{Message: m, At: l.world.now, ProviderID: x.SID})
	}
	l.seen = len(sent)
	return id, err
}

// fail takes an error code of Twilio's, "429", "401" or "lost_answer".
func (l *twilioLine) fail(fault, _ string, times int) error {
	f := twiliotest.Fault{Status: http.StatusBadRequest}
	code, err := strconv.Atoi(fault)
	switch {
	case fault == lostAnswer:
		f = twiliotest.Fault{Lost: true}
	case err != nil:
		return fmt.Errorf("unknown fault %q", fault)
	case code == http.StatusTooManyRequests:
		f = twiliotest.Fault{Status: code, Code: 20429}
	case code == http.StatusUnauthorized:
		f = twiliotest.Fault{Status: code, Code: 20003}
	default:
		f.Code = code
	}
	for range times {
		l.server.Fail(f)
	}
	return nil
}

// text is an incoming text; one with an ID comes under that MessageSid.
func (l *twilioLine) text(ctx context.Context, from presage.Phone, in converse.Inbound) (status int, err error) {
	l.heard++
	form := url.Values{
		"From": {string(from)}, "Body": {in.Text}, "AccountSid": {twiliotest.AccountSID},
		"MessageSid": {fmt.Sprintf("SM1%031d", l.heard)},
	}
	if in.ID != "" {
		form.Set("MessageSid", in.ID)
	}
	return twiliotest.Post(ctx, l.hooks+twilio.InboundPath, form, twiliotest.AuthToken)
}
