package app

import (
	"net/http"
	"strings"

	"presage/outreach"
	"presage/outreach/hook"
	"presage/outreach/link"
	"presage/outreach/twilio"
)

// openTwilio makes the SMS channel. Its receipts come in through webhooks once
// customers and Twilio reach us under a public address.
func (a *App) openTwilio(*link.Signer) (outreach.Channel, mount, error) {
	sms, err := twilio.New(twilio.Config{
		AccountSID: a.cfg.Twilio.AccountSID, AuthToken: a.cfg.Twilio.AuthToken, From: a.cfg.Twilio.From,
		BaseURL: a.cfg.Twilio.BaseURL.Reveal(), PublicURL: a.cfg.HTTP.PublicURL,
	})
	if err != nil {
		return nil, nil, err
	}
	return sms, func(to *outreach.Service) {
		h := sms.Webhooks(hook.Intake{To: to, Once: a.SQL, Now: a.Clock.Now, Logger: a.log})
		a.hook(twilio.StatusPath, h)
		a.hook(twilio.InboundPath, h)
	}, nil
}

// hook serves a path below /hooks/ for whom the admin key does not keep out.
func (a *App) hook(path string, h http.Handler) {
	if a.webhooks == nil {
		a.webhooks = map[string]http.Handler{}
	}
	a.webhooks[strings.TrimPrefix(path, "/hooks/")] = h
}
