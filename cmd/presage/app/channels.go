package app

import (
	"errors"

	"presage"
	"presage/outreach"
	"presage/outreach/link"
	"presage/outreach/outbox"
)

// mount serves what a channel's provider, or the app behind it, calls.
type mount func(to *outreach.Service)

// openChannels makes the configured channels and what serves their callbacks.
// The error names the faults of all of them.
func (a *App) openChannels(key presage.Secret) (list []outreach.Channel, mounts []mount, err error) {
	links, err := link.NewSigner(key, a.baseURL())
	if err != nil {
		return nil, nil, err
	}
	open := map[string]func(*link.Signer) (outreach.Channel, mount, error){
		"push/fcm": a.openFCM, "push/webhook": a.openWebhookPush,
		"sms/twilio": a.openTwilio, "sms/webhook": a.openWebhookSMS, "email/": a.openMail,
	}
	provider := map[string]string{"push": a.cfg.Outreach.Push, "sms": a.cfg.Outreach.SMS}
	var faults []error
	for _, name := range a.cfg.Outreach.Channels {
		if name == "outbox" {
			list = append(list, outbox.Channel{})
			continue
		}
		f := open[name+"/"+provider[name]]
		if f == nil { // call: advisers' tasks need nobody to carry them
			continue
		}
		c, m, err := f(links)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		list = append(list, c)
		if m != nil {
			mounts = append(mounts, m)
		}
	}
	return list, mounts, errors.Join(faults...)
}
