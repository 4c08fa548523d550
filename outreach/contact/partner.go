package contact

import (
	"strings"

	"presage"
)

// PartnerOf is a workshop as the reader of a text: its own people, who agreed to it by
// being a partner, unless they have stopped it. They read Chinese where their number or
// their clock is China's.
func PartnerOf(w presage.Workshop, stops []presage.Suppression) presage.Customer {
	c := presage.Customer{Phone: w.Phone, Zone: w.Zone, Lang: presage.English, Consent: presage.Consent{SMS: true}}
	if strings.HasPrefix(string(w.Phone), "+86") || w.Phone == "" && w.Zone == "Asia/Shanghai" {
		c.Lang = presage.Chinese
	}
	for _, x := range stops {
		if x.Channel == presage.ChannelSMS {
			c.Consent = Without(c.Consent, presage.ChannelSMS)
		}
	}
	return c
}
