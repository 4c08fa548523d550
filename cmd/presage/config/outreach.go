package config

import (
	"slices"
	"time"
)

// outreach checks how customers are reached: each named channel must be able to
// hand a message over, for what no channel carries must not count as told.
func (v *check) outreach() {
	o, t := v.e.Outreach, v.e.Twilio
	v.require(o.Key == "" || len(o.Key) >= 32, "outreach.key",
		"shorter than 32 characters: take a longer one, or leave it empty to have one generated")
	v.texts()
	v.require(o.ClaimTimeout >= 10*time.Second && o.ClaimTimeout <= time.Hour, "outreach.claim_timeout",
		"%s: want 10s-1h", o.ClaimTimeout)
	v.require(o.Senders >= 1 && o.Senders <= 256, "outreach.senders", "%d: want 1-256 messages at a time", o.Senders)
	v.channels(o.Channels)
	if t.BaseURL != "" {
		v.require(address(t.BaseURL.Reveal(), "http", "https"), "twilio.base_url",
			"%q: want http:// or https://, or empty for Twilio's own", t.BaseURL)
	}
	if slices.Contains(o.Channels, "sms") {
		v.sms()
	}
}

func (v *check) channels(channels []string) {
	v.require(len(channels) > 0, "outreach.channels", "empty: want sms, or outbox to show messages on the console alone")
	for i, name := range channels {
		v.require(!slices.Contains(channels[:i], name), "outreach.channels", "duplicate channel %q", name)
		switch name {
		case "sms", "outbox":
		case "push":
			v.require(false, "outreach.channels",
				`"push": there is no push provider to hand messages to: take push out, and use sms or outbox`)
		case "call":
			v.require(false, "outreach.channels",
				`"call": there is no telephone provider: take call out. Advisers get call tasks without it`)
		default:
			v.require(false, "outreach.channels", "%q: want sms or outbox", name)
		}
	}
}

// sms is what a text needs: an account, and an address for its link, its
// receipts and its answers.
func (v *check) sms() {
	t, public := v.e.Twilio, v.e.HTTP.PublicURL
	v.require(t.AccountSID != "", "twilio.account_sid", "empty while outreach.channels holds sms: the account's AC...")
	v.require(t.AuthToken != "", "twilio.auth_token", "empty while outreach.channels holds sms")
	v.require(t.From != "", "twilio.from", "empty while outreach.channels holds sms: a number +1... or MG...")
	if public == "" {
		v.require(false, "http.public_url", "empty while outreach.channels holds sms: want the https:// address at which "+
			"customers open their link and Twilio reports receipts and answers")
		return
	}
	stub := t.BaseURL != "" && LocalURL(t.BaseURL.Reveal()) // a test's provider on this machine
	v.require(stub || !LocalURL(public), "http.public_url",
		"%q leads to this machine while outreach.channels holds sms: neither customers nor Twilio can reach it", public)
}
