package app

import (
	"fmt"
	"time"

	"presage/outreach"
	"presage/outreach/fcm"
	"presage/outreach/link"
)

// openFCM makes the push channel over Firebase Cloud Messaging. Apps report what
// became of a message by themselves.
func (a *App) openFCM(links *link.Signer) (outreach.Channel, mount, error) {
	key, err := a.cfg.FCM.Key()
	if err != nil {
		return nil, nil, fmt.Errorf("fcm.credentials_file: %w", err)
	}
	push, err := fcm.New(fcm.Config{
		Credentials: key, BaseURL: a.cfg.FCM.BaseURL.Reveal(),
		// A token is asked for beside the message, in what the claim leaves.
		Timeout: min(10*time.Second, a.cfg.Outreach.ClaimTimeout/10),
	},
		fcm.Deps{Store: a.SQL, Links: links, Now: a.Clock.Now})
	if err != nil {
		return nil, nil, err
	}
	return push, func(to *outreach.Service) {
		a.hook(fcm.ReceiptPath, &fcm.Hook{Links: links, To: to, Now: a.Clock.Now, Logger: a.log})
	}, nil
}
