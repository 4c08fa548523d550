package contact

import (
	"slices"

	"presage"
)

// Directory holds the channels that are configured. A channel named outbox
// stands in for push, SMS and e-mail where none of them is: what is on a screen while others
// could carry it has reached nobody.
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
// as the customer wishes, else push, then SMS, then e-mail; each only with consent,
// an address and a provider.
func (d Directory) Route(c presage.Customer) []presage.ChannelName {
	var names []presage.ChannelName
	carried := false
	for _, x := range []struct {
		name    presage.ChannelName
		reaches bool
	}{
		{presage.ChannelPush, c.Devices > 0}, {presage.ChannelSMS, texted(c)}, {presage.ChannelEmail, mailed(c)},
	} {
		if d[x.name] == nil {
			continue
		}
		carried = true
		if x.reaches && c.Consent.Has(x.name) {
			names = append(names, x.name)
		}
	}
	if !carried && d[presage.ChannelOutbox] != nil && c.Consent.Has(presage.ChannelOutbox) {
		names = append(names, presage.ChannelOutbox)
	}
	return c.Consent.InOrder(names)
}

// texted tells whether the customer has a number that texts reach.
func texted(c presage.Customer) bool { return c.Phone != "" && !c.PhoneBad }

// mailed tells whether the customer has an address that e-mails reach.
func mailed(c presage.Customer) bool { return c.Email != "" && !c.EmailBad }

// Callable tells whether a person may call about what is no matter of safety: the
// customer agreed to calls, or to messages that no channel of ours can bring,
// and has not stopped them.
func Callable(c presage.Customer) bool {
	x := c.Consent
	return x.Call || x.Has(presage.ChannelOutbox) && !x.Stopped.Push && !x.Stopped.SMS
}

// Allows tells whether the customer may be written to over a channel.
func (d Directory) Allows(c presage.Customer, name presage.ChannelName) bool {
	return slices.Contains(d.Route(c), name)
}

// After is the first channel of the customer's route that comes behind name, "" for none.
func (d Directory) After(c presage.Customer, name presage.ChannelName) presage.ChannelName {
	for _, n := range d.From(c, name) {
		if n != name {
			return n
		}
	}
	return ""
}

// From is the customer's route from a channel on, the whole of it for "".
func (d Directory) From(c presage.Customer, name presage.ChannelName) []presage.ChannelName {
	order := c.Consent.InOrder([]presage.ChannelName{
		presage.ChannelPush, presage.ChannelSMS, presage.ChannelEmail, presage.ChannelOutbox,
	})
	return slices.DeleteFunc(d.Route(c), func(n presage.ChannelName) bool {
		return slices.Index(order, n) < slices.Index(order, name)
	})
}

// Without takes back the consent to one channel, to all that carry texts for the
// outbox.
func Without(c presage.Consent, name presage.ChannelName) presage.Consent {
	x := Alone(name)
	c.Push, c.Stopped.Push = c.Push && !x.Push, c.Stopped.Push || x.Push
	c.SMS, c.Stopped.SMS = c.SMS && !x.SMS, c.Stopped.SMS || x.SMS
	c.Email, c.Stopped.Email = c.Email && !x.Email, c.Stopped.Email || x.Email
	return c
}

// Alone are the ways of one channel, all that carry texts for the outbox.
func Alone(name presage.ChannelName) presage.Channels {
	all := name == presage.ChannelOutbox
	return presage.Channels{
		Push: all || name == presage.ChannelPush, SMS: all || name == presage.ChannelSMS,
		Email: all || name == presage.ChannelEmail,
	}
}
