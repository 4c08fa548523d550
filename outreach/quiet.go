package outreach

import (
	"slices"
	"time"

	"presage"
)

// quietUntil returns when a customer may next be written to: t itself outside
// quiet hours, else the end of them. Hours are wall-clock hours in zone.
func (c Config) quietUntil(t time.Time, zone *time.Location) time.Time {
	if c.QuietFrom == c.QuietTo {
		return t
	}
	local := t.In(zone)
	h := local.Hour()
	inside := h >= c.QuietFrom && h < c.QuietTo
	if c.QuietFrom > c.QuietTo {
		inside = h >= c.QuietFrom || h < c.QuietTo
	}
	if !inside {
		return t
	}
	y, m, d := local.Date()
	end := time.Date(y, m, d, c.QuietTo, 0, 0, 0, zone)
	if !end.After(local) {
		end = time.Date(y, m, d+1, c.QuietTo, 0, 0, 0, zone)
	}
	return end.UTC()
}

// zoneOf is the customer's zone, UTC when it is unknown: the offer page must
// open all the same.
func zoneOf(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// route lists the channels that reach a customer, in the order they are tried:
// push, then SMS, each only with consent, an address and a provider. The outbox
// stands in for those two when neither can be used for want of a provider.
func (s *Service) route(c presage.Customer) []presage.ChannelName {
	var names []presage.ChannelName
	push, sms := s.channels[presage.ChannelPush] != nil, s.channels[presage.ChannelSMS] != nil
	if push && c.Consent.Push && c.PushToken != "" {
		names = append(names, presage.ChannelPush)
	}
	if sms && c.Consent.SMS && c.Phone != "" {
		names = append(names, presage.ChannelSMS)
	}
	if len(names) > 0 || s.channels[presage.ChannelOutbox] == nil {
		return names
	}
	return s.standIn(c)
}

// standIn is the outbox where the customer agreed to a channel that has no provider.
func (s *Service) standIn(c presage.Customer) []presage.ChannelName {
	push, sms := s.channels[presage.ChannelPush] != nil, s.channels[presage.ChannelSMS] != nil
	if (!push && c.Consent.Push) || (!sms && c.Consent.SMS) {
		return []presage.ChannelName{presage.ChannelOutbox}
	}
	return nil
}

// allowed tells whether the customer may be written to over a channel now.
func (s *Service) allowed(c presage.Customer, name presage.ChannelName) bool {
	return slices.Contains(s.route(c), name)
}
