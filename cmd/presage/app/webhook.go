package app

import (
	"presage"
	"presage/cmd/presage/config"
	"presage/outreach"
	"presage/outreach/hook"
	"presage/outreach/link"
	"presage/outreach/webhook"
)

func (a *App) openWebhookPush(*link.Signer) (outreach.Channel, mount, error) {
	return a.openWebhook(presage.ChannelPush, a.cfg.Webhook.Push)
}

func (a *App) openWebhookSMS(*link.Signer) (outreach.Channel, mount, error) {
	return a.openWebhook(presage.ChannelSMS, a.cfg.Webhook.SMS)
}

// openWebhook makes a channel over a receiver of the maker's own.
func (a *App) openWebhook(name presage.ChannelName, h config.Hook) (outreach.Channel, mount, error) {
	c, err := webhook.New(webhook.Config{Channel: name, URL: h.URL.Reveal(), Secrets: h.List()}, a.SQL, a.Clock.Now)
	if err != nil {
		return nil, nil, err
	}
	return c, func(to *outreach.Service) {
		x := hook.Intake{To: to, Once: a.SQL, Now: a.Clock.Now, Logger: a.log}
		a.hook(c.StatusPath(), c.Status(x))
		a.hook(c.ReplyPath(), c.Reply(x))
	}, nil
}
