package app

import (
	"context"
	"fmt"

	"presage"
	"presage/cmd/presage/config"
	"presage/internal/wording"
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
	x := webhook.Config{
		Channel: name, URL: h.URL.Reveal(), Secrets: h.List(), MakeOf: a.makeOf,
		Account: webhook.Account{ID: h.KeyID, Secret: h.KeySecret},
	}
	if h.Template != "" {
		var err error
		if x.Gateway, err = webhook.ReadGateway(h.Template, messageKinds()); err != nil {
			return nil, nil, fmt.Errorf("webhook.%s.template: %s: %w", name, h.Template, err)
		}
	}
	c, err := webhook.New(x, a.SQL, a.Clock.Now)
	if err != nil {
		return nil, nil, err
	}
	return c, func(to *outreach.Service) {
		x := hook.Intake{To: to, Once: a.SQL, Now: a.Clock.Now, Logger: a.log}
		a.hook(c.StatusPath(), c.Status(x))
		a.hook(c.ReplyPath(), c.Reply(x))
	}, nil
}

// makeOf is the make of a car.
func (a *App) makeOf(ctx context.Context, vin presage.VIN) (string, error) {
	v, err := a.SQL.Vehicle(ctx, vin)
	return v.Make, err
}

// messageKinds are all kinds of messages.
func messageKinds() []string {
	kinds := []string{presage.KindPersonal}
	for _, k := range wording.Kinds() {
		kinds = append(kinds, string(k))
	}
	return kinds
}
