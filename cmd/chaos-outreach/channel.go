package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"presage"
	"presage/outreach/fcm/fcmtest"
	"presage/outreach/twilio/twiliotest"
	"presage/outreach/webhook/webhooktest"
)

// carrier is a provider that carries messages, behind a line that spoils them.
type carrier struct {
	name      string
	channel   presage.ChannelName
	guarantee string
	unique    bool // it accepts no message twice; else a second one takes the place of the first
	line      *line
	// accepted is how often it has accepted the message to a customer, shown how
	// many of them the customer sees.
	accepted, shown func(c car) int
	close           func()
}

const (
	once      = "exactly once"
	onceByID  = "exactly once by webhook-id"
	onceShown = "at least once, shown once"
	// onceByMessageID counts as shown what a mailbox shows that knows Message-IDs.
	onceByMessageID = "at least once, one Message-ID"
	onceAsTask      = "exactly once a case"
)

// wave is a configuration under which messages are sent: at most one provider a channel.
type wave struct {
	carriers []*carrier
	set      []string
}

// waves are all providers in two configurations.
func (r *rig) waves() ([]wave, error) {
	push, texts := r.fcm(), r.twilio()
	letters, toServer := r.email()
	key := filepath.Join(r.dir, "fcm.json")
	if err := os.WriteFile(key, []byte(push.credentials), 0o600); err != nil {
		return nil, err
	}
	hookPush, hookTexts := r.webhook(presage.ChannelPush), r.webhook(presage.ChannelSMS)
	all := []string{"outreach.channels=push,sms,call"}
	return []wave{
		{[]*carrier{push.carrier, texts, letters}, append(toServer, "outreach.channels=push,sms,email,call",
			"outreach.push=fcm", "fcm.credentials_file="+key, "fcm.base_url="+push.line.server.URL,
			"twilio.base_url="+texts.line.server.URL)},
		{[]*carrier{hookPush, hookTexts}, append(all[:1:1],
			"outreach.push=webhook", "webhook.push.url="+hookPush.line.server.URL,
			"webhook.push.secrets="+webhooktest.Secret.Reveal(),
			"outreach.sms=webhook", "webhook.sms.url="+hookTexts.line.server.URL,
			"webhook.sms.secrets="+webhooktest.Secret.Reveal())},
	}, nil
}

// carry puts a line before a provider.
func (r *rig) carry(c carrier, target string, keyOf func(*http.Request, []byte) string, end func()) *carrier {
	c.line = startLine(target, keyOf, r.dice())
	c.close = func() {
		c.line.close()
		end()
	}
	return &c
}

type withCredentials struct {
	*carrier
	credentials string
}

func deviceToken(c car) string { return "token-of-" + c.customer }

func (r *rig) fcm() withCredentials {
	s := fcmtest.Start()
	c := carrier{name: "push by FCM", channel: presage.ChannelPush, guarantee: onceShown}
	c.accepted = func(to car) (n int) {
		for _, m := range s.Sent() {
			if m.Token == deviceToken(to) {
				n++
			}
		}
		return n
	}
	c.shown = func(to car) int { return len(s.Shown(deviceToken(to))) }
	return withCredentials{r.carry(c, s.URL, tokenOf, s.Close), s.Credentials().Reveal()}
}

// tokenOf is the device that a request to FCM is for.
func tokenOf(_ *http.Request, body []byte) string {
	var in struct {
		Message struct {
			Token string `json:"token"`
		} `json:"message"`
	}
	_ = json.Unmarshal(body, &in) // what asks for an access token is a form
	return in.Message.Token
}

func (r *rig) twilio() *carrier {
	s := twiliotest.Start(time.Now)
	c := carrier{name: "SMS by Twilio", channel: presage.ChannelSMS, guarantee: once, unique: true}
	c.accepted = func(to car) (n int) {
		for _, m := range s.Sent() {
			if m.To == string(to.phone) {
				n++
			}
		}
		return n
	}
	c.shown = c.accepted
	return r.carry(c, s.URL, numberOf, s.Close)
}

// numberOf is the number that a request to Twilio sends to.
func numberOf(req *http.Request, body []byte) string {
	if req.Method != http.MethodPost {
		return ""
	}
	form, _ := url.ParseQuery(string(body)) // as twilio-go wrote it
	return form.Get("To")
}

func (r *rig) webhook(channel presage.ChannelName) *carrier {
	s := webhooktest.Start(time.Now)
	name := map[presage.ChannelName]string{presage.ChannelPush: "push by webhook", presage.ChannelSMS: "SMS by webhook"}
	c := carrier{name: name[channel], channel: channel, guarantee: onceByID, unique: true}
	c.accepted = func(to car) (n int) {
		for _, m := range s.Sent() {
			if m.ID == messageID(to, channel) {
				n++
			}
		}
		return n
	}
	c.shown = c.accepted
	return r.carry(c, s.URL, func(req *http.Request, _ []byte) string { return req.Header.Get("webhook-id") }, s.Close)
}

func messageID(c car, channel presage.ChannelName) string { return c.offer + "-" + string(channel) }
