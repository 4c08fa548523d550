package contact

import (
	"slices"

	"presage"
)

// Directory holds the channels that are configured. A channel named outbox
// stands in for push and SMS where those are not configured.
type Directory map[presage.ChannelName]Channel

// NewDirectory lists channels by their names.
func NewDirectory(channels []Channel) Directory {
	d := make(Directory, len(channels))
	for _, c := range channels {
		d[c.Name()] = c
	}
	return d
}

// Route lists the channels that reach a customer, in the order they are tried:
// push, then SMS, each only with consent, an address and a provider.
func (d Directory) Route(c presage.Customer) []presage.ChannelName {
	var names []presage.ChannelName
	push, sms := d[presage.ChannelPush] != nil, d[presage.ChannelSMS] != nil
	if push && c.Consent.Push && c.PushToken != "" {
		names = append(names, presage.ChannelPush)
	}
	if sms && c.Consent.SMS && c.Phone != "" {
		names = append(names, presage.ChannelSMS)
	}
	if len(names) > 0 || d[presage.ChannelOutbox] == nil {
		return names
	}
	if (!push && c.Consent.Push) || (!sms && c.Consent.SMS) {
		return []presage.ChannelName{presage.ChannelOutbox}
	}
	return nil
}

// Allows tells whether the customer may be written to over a channel.
func (d Directory) Allows(c presage.Customer, name presage.ChannelName) bool {
	return slices.Contains(d.Route(c), name)
}

// After is the first channel of the customer's route that comes behind name, "" for none.
func (d Directory) After(c presage.Customer, name presage.ChannelName) presage.ChannelName {
	rank := map[presage.ChannelName]int{presage.ChannelPush: 1, presage.ChannelSMS: 2, presage.ChannelOutbox: 3}
	for _, n := range d.Route(c) {
		if rank[n] > rank[name] {
			return n
		}
	}
	return ""
}

// Without takes back the consent to one channel, to both for the outbox.
func Without(c presage.Consent, name presage.ChannelName) presage.Consent {
	if name != presage.ChannelSMS {
		c.Push, c.Stopped.Push = false, true
	}
	if name != presage.ChannelPush {
		c.SMS, c.Stopped.SMS = false, true
	}
	return c
}
