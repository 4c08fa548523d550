package app

import (
	"net/http"
	"strings"

	"presage/outreach"
	"presage/outreach/twilio"
)

// openTwilio makes the SMS channel. Its receipts come in through webhooks once
// customers and Twilio reach us under a public address.
func (a *App) openTwilio() (*twilio.SMS, error) {
	return twilio.New(twilio.Config{
		AccountSID: a.cfg.Twilio.AccountSID, AuthToken: a.cfg.Twilio.AuthToken, From: a.cfg.Twilio.From,
		BaseURL: a.cfg.Twilio.BaseURL.Reveal(), PublicURL: a.cfg.HTTP.PublicURL,
	})
}

// mountTwilio serves the provider's callbacks.
func (a *App) mountTwilio(sms *twilio.SMS, to *outreach.Service) {
	h := sms.Webhooks(twilio.Hooks{To: to, Once: a.SQL, Now: a.Clock.Now, Logger: a.log})
	a.webhooks = map[string]http.Handler{
		strings.TrimPrefix(twilio.StatusPath, "/hooks/"):  h,
		strings.TrimPrefix(twilio.InboundPath, "/hooks/"): h,
	}
}
