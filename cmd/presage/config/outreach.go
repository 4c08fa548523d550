package config

import (
	"cmp"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/fcm"
	"presage/outreach/mail"
	"presage/outreach/webhook"
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
	v.require(o.RetryAfter >= time.Second && o.RetryAfter <= time.Hour, "outreach.retry_after",
		"%s: want 1s-1h", o.RetryAfter)
	v.require(o.Senders >= 1 && o.Senders <= 256, "outreach.senders", "%d: want 1-256 messages at a time", o.Senders)
	v.channels(o.Channels)
	if t.BaseURL != "" {
		v.require(address(t.BaseURL.Reveal(), "http", "https"), "twilio.base_url",
			"%q: want http:// or https://, or empty for Twilio's own", t.BaseURL)
	}
	v.providers()
	v.staff()
}

// channelNames are what outreach.channels may hold; call needs no provider.
const channelNames = "push, sms, email, call or outbox"

func (v *check) channels(channels []string) {
	v.require(len(channels) > 0, "outreach.channels", "empty: want %s; outbox shows messages on the console alone",
		channelNames)
	for i, name := range channels {
		v.require(!slices.Contains(channels[:i], name), "outreach.channels", "duplicate channel %q", name)
		switch name {
		case "push", "sms", "email", "outbox":
		case "call":
			v.require(len(channels) > 1, "outreach.channels", `"call" alone: customers get no message before the call`)
		default:
			v.require(false, "outreach.channels", "%q: want %s", name, channelNames)
		}
	}
}

// providers checks who carries each channel that is used, and that customers
// and providers reach us.
func (v *check) providers() {
	o := v.e.Outreach
	var addresses []string // of providers
	for _, x := range []struct {
		channel, provider, key string
		check                  map[string]func() (address string)
	}{
		{"push", o.Push, "outreach.push", map[string]func() string{"fcm": v.fcm, "webhook": v.webhookPush}},
		{"sms", o.SMS, "outreach.sms", map[string]func() string{"twilio": v.twilio, "webhook": v.webhookSMS}},
	} {
		check := x.check[x.provider]
		v.require(check != nil, x.key, "%q: want one of %s", x.provider,
			strings.Join(slices.Sorted(maps.Keys(x.check)), ", "))
		if check != nil && slices.Contains(o.Channels, x.channel) {
			addresses = append(addresses, check())
		}
	}
	if slices.Contains(o.Channels, "email") {
		addresses = append(addresses, v.mail())
	}
	if len(addresses) > 0 {
		v.reachable(addresses)
	}
}

// reachable checks the address for links, receipts and answers. It may be this
// machine's when all providers are a test's on this machine.
func (v *check) reachable(providers []string) {
	public := v.e.HTTP.PublicURL
	if public == "" {
		v.require(false, "http.public_url", "empty while outreach.channels holds %s: want the https:// address at which "+
			"customers open their link and providers report receipts and answers", v.carried())
		return
	}
	stub := !slices.ContainsFunc(providers, func(at string) bool { return at == "" || !LocalURL(at) })
	v.require(stub || !LocalURL(public), "http.public_url",
		"%q leads to this machine while outreach.channels holds %s: neither customers nor providers can reach it",
		public, v.carried())
}

// carried lists the channels that a provider carries.
func (v *check) carried() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(v.e.Outreach.Channels), func(name string) bool {
		return name == "outbox" || name == "call"
	}), ", ")
}

// twilio is what a text by Twilio needs; it returns where Twilio is, "" for its own.
func (v *check) twilio() string {
	t := v.e.Twilio
	v.require(t.AccountSID != "", "twilio.account_sid", "empty while outreach.channels holds sms: the account's AC...")
	v.require(t.AuthToken != "", "twilio.auth_token", "empty while outreach.channels holds sms")
	v.require(t.From != "", "twilio.from", "empty while outreach.channels holds sms: a number +1... or MG...")
	return t.BaseURL.Reveal()
}

// fcm is what a push by FCM needs; it returns where FCM is, "" for Google's own.
func (v *check) fcm() string {
	f := v.e.FCM
	both := f.Credentials != "" && f.CredentialsFile != ""
	none := f.Credentials == "" && f.CredentialsFile == ""
	v.require(!both, "fcm.credentials", "set beside fcm.credentials_file: leave one out")
	v.require(!none, "fcm.credentials_file", "empty while outreach.channels holds push: the JSON key of a service account")
	key, err := f.Key()
	v.require(err == nil, "fcm.credentials_file", "cannot be read: %v", err)
	if both || none || err != nil {
		return f.BaseURL.Reveal()
	}
	v.all("fcm", fcm.Config{Credentials: key, BaseURL: f.BaseURL.Reveal()}.Faults())
	return f.BaseURL.Reveal()
}

func (v *check) webhookPush() string { return v.webhook(presage.ChannelPush, v.e.Webhook.Push) }
func (v *check) webhookSMS() string  { return v.webhook(presage.ChannelSMS, v.e.Webhook.SMS) }

// webhook is what a maker's own receiver needs; it returns where it is.
func (v *check) webhook(channel presage.ChannelName, h Hook) string {
	c := webhook.Config{Channel: channel, URL: h.URL.Reveal(), Secrets: h.List()}
	if h.Template != "" {
		g, err := webhook.ReadGateway(h.Template, nil)
		c.Gateway = cmp.Or(g, &webhook.Gateway{})
		v.require(err == nil, "webhook."+string(channel)+".template", "%s: %v", h.Template, err)
		v.require(h.KeyID != "" && h.KeySecret != "", "webhook."+string(channel)+".key_secret",
			"empty, or key_id is, beside a template: want the account at the gateway")
	}
	v.all("webhook."+string(channel), c.Faults())
	return h.URL.Reveal()
}

// List is Secrets one by one.
func (h Hook) List() (list []presage.Secret) {
	for s := range strings.SplitSeq(h.Secrets.Reveal(), ",") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, presage.Secret(s))
		}
	}
	return list
}

// mail is what e-mails need; it returns where the server is.
func (v *check) mail() string {
	m := v.e.Mail
	v.all("mail", m.Config(v.e.Outreach.ClaimTimeout).Faults())
	return "smtp://" + net.JoinHostPort(m.Host, strconv.Itoa(m.Port))
}

// staff checks who gets notices, and that a server sends them.
func (v *check) staff() {
	m := v.e.Mail
	for _, address := range m.Staff {
		_, err := presage.ParseEmail(address)
		v.require(err == nil && address != "", "mail.staff", "an address cannot be used: want NAME@DOMAIN, without spaces")
	}
	v.require(m.StaffLang == "zh" || m.StaffLang == "en", "mail.staff_lang", "%q: want zh or en", m.StaffLang)
	v.require(m.DigestHour >= -1 && m.DigestHour <= 23, "mail.digest_hour",
		"%d: want an hour of 0-23, or -1", m.DigestHour)
	if len(m.Staff) > 0 && !slices.Contains(v.e.Outreach.Channels, "email") {
		v.all("mail", m.Config(v.e.Outreach.ClaimTimeout).Faults())
	}
}

// mailTakes is how long the server may take for one message.
const mailTakes = 30 * time.Second

// Config is the channel's, where a message that was claimed is taken for lost after
// claim. A claim is renewed once half of it has passed, so a message must be over and
// recorded in the other half: else another process sends it once more meanwhile.
func (m Mail) Config(claim time.Duration) mail.Config {
	return mail.Config{
		Host: m.Host, Port: m.Port, TLS: m.TLS, Username: m.Username, Password: m.Password,
		From: m.From, ReplyTo: m.ReplyTo, Timeout: min(mailTakes, claim*2/5),
	}
}

// all notes the faults that a channel found in its own section.
func (v *check) all(section string, faults contact.ConfigFaults) {
	for _, f := range faults {
		v.require(false, section+"."+f.Field, "want %s", f.Want)
	}
}

// Key is the service account's JSON key, from its file or from the configuration.
func (f FCM) Key() (presage.Secret, error) {
	if f.CredentialsFile == "" {
		return f.Credentials, nil
	}
	raw, err := os.ReadFile(f.CredentialsFile)
	return presage.Secret(raw), err
}
