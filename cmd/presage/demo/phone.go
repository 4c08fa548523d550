package demo

import (
	"context"
	"sync"

	"presage"
	"presage/outreach"
)

// phones are the telephones of the world's customers: SMS reaches all of them,
// push those that have the maker's app, e-mails those that have an address. Nothing leaves the machine.
type phones struct {
	mu  sync.Mutex
	got map[string]bool // messages by ID
	new []presage.Message
}

func newPhones() *phones { return &phones{got: map[string]bool{}} }

// channels are the ways to the phones.
func (p *phones) channels() []outreach.Channel {
	return []outreach.Channel{
		carrier{p, presage.ChannelPush}, carrier{p, presage.ChannelSMS}, carrier{p, presage.ChannelEmail},
	}
}

// news returns what arrived since the last call.
func (p *phones) news() []presage.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	arrived := p.new
	p.new = nil
	return arrived
}

// carrier takes messages to phones over one channel.
type carrier struct {
	phones *phones
	name   presage.ChannelName
}

// Name implements outreach.Channel.
func (c carrier) Name() presage.ChannelName { return c.name }

// Send shows the message on the customer's phone.
func (c carrier) Send(_ context.Context, m presage.Message, _ presage.Customer) (string, error) {
	c.phones.mu.Lock()
	defer c.phones.mu.Unlock()
	id := arrivedAs(m)
	if !c.phones.got[m.ID] {
		c.phones.got[m.ID] = true
		m.ProviderID = id
		c.phones.new = append(c.phones.new, m)
	}
	return id, nil
}

// Find tells whether it is on the phone already.
func (c carrier) Find(_ context.Context, m presage.Message, _ presage.Customer) (string, bool, error) {
	c.phones.mu.Lock()
	defer c.phones.mu.Unlock()
	return arrivedAs(m), c.phones.got[m.ID], nil
}

func arrivedAs(m presage.Message) string { return "phone:" + m.ID }
