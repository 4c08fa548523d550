package outreach_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/contact"
	"presage/outreach/outbox"
)

// line is a channel of a scenario, with a provider that can be told to fail.
type line interface {
	outreach.Channel
	fail(fault, customer string, times int) error // of one customer, "" for all
}

// received is one text on a customer's phone.
type received struct {
	presage.Message
	At         time.Time
	ProviderID string
	expected   bool
}

// reader is a customer's ID, or a workshop's behind @.
func (r *received) reader() string {
	if r.WorkshopID != "" {
		return "@" + r.WorkshopID
	}
	return r.CustomerID
}

// inbox keeps every text of every customer, in the order in which they came.
type inbox struct {
	mu    sync.Mutex
	texts []*received
}

func (b *inbox) add(r received) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.texts = append(b.texts, &r)
}

// rest are the texts that no line of the script has expected yet, over one
// channel or "" for all, to one customer or "" for all.
func (b *inbox) rest(channel presage.ChannelName, customer string) []*received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.texts), func(r *received) bool {
		return r.expected || (channel != "" && r.Channel != channel) || (customer != "" && r.reader() != customer)
	})
}

// last is the newest text to a customer over a channel.
func (b *inbox) last(channel presage.ChannelName, customer string) (received, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range slices.Backward(b.texts) {
		if r.Channel == channel && r.CustomerID == customer {
			return *r, true
		}
	}
	return received{}, false
}

func (s *scenario) list(texts []*received) string {
	var b strings.Builder
	for _, r := range texts {
		fmt.Fprintf(&b, "%s %s %s %s: %s\n", s.clock(r.At), r.Channel, r.CustomerID, r.Kind, r.Body)
	}
	return b.String()
}

// open connects a channel; one that was open before keeps its provider's memory.
func (s *scenario) open(st *step, name presage.ChannelName) {
	twilio := name == "twilio"
	if twilio {
		name = presage.ChannelSMS
	}
	s.names = append(s.names, name)
	switch {
	case twilio && s.lines[name] == nil:
		s.lines[name] = s.openTwilio(st)
	case s.lines[name] != nil:
	case name == presage.ChannelOutbox:
		s.lines[name] = screen{}
	case name == presage.ChannelPush || name == presage.ChannelSMS || name == presage.ChannelEmail:
		s.lines[name] = &phones{name: name, world: s, has: map[string]string{}, faults: map[string][]string{}}
	default:
		st.fatalf("unknown channel %q", name)
	}
}

// screen is the on-screen outbox; nobody receives anything.
type screen struct{ outbox.Channel }

func (screen) fail(string, string, int) error { return errors.New("the outbox cannot fail") }

// phones is a provider that reaches its customers' phones at once.
type phones struct {
	name  presage.ChannelName
	world *scenario

	mu     sync.Mutex
	has    map[string]string   // our message ID to the provider's, of what it accepted
	faults map[string][]string // by customer, "" for all
	early  *presage.Receipt    // reported before Send has returned
}

func (p *phones) Name() presage.ChannelName { return p.name }

const (
	lostAnswer = "lost_answer" // accepted, but the connection broke before its answer
	dark       = "dark"        // down, and answers no question either
)

func faults() map[string]error {
	return map[string]error{
		"down": presage.ErrUnavailable, "refused": presage.ErrInvalid, "opted_out": contact.ErrOptedOut,
		"quiet_hours": contact.ErrQuietHours, "account": contact.ErrAccount, lostAnswer: presage.ErrUnavailable,
		"unclear": fmt.Errorf("%w: %w", contact.ErrAccount, presage.ErrInvalid), dark: presage.ErrUnavailable,
		"bad_address": contact.ErrBadAddress,
	}
}

func (p *phones) fail(fault, customer string, times int) error {
	if faults()[fault] == nil {
		return fmt.Errorf("unknown fault %q", fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[customer] = slices.Repeat([]string{fault}, times)
	return nil
}

// fault takes the next fault for a customer; of a question only one that it meets.
func (p *phones) fault(customer string, asked bool) string {
	for _, of := range []string{customer, ""} {
		if list := p.faults[of]; len(list) > 0 && (!asked || list[0] == dark) {
			p.faults[of] = list[1:]
			return list[0]
		}
	}
	return ""
}

func (p *phones) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	id, early, err := p.take(m, c)
	if early != nil {
		early.ProviderID = id
		err = errors.Join(err, p.world.svc.Receive(ctx, *early))
	}
	return id, err
}

func (p *phones) take(m presage.Message, c presage.Customer) (id string, early *presage.Receipt, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := p.fault(c.ID, false)
	if fault != "" && fault != lostAnswer {
		return "", nil, fmt.Errorf("to %s: %w", string(c.Phone), faults()[fault])
	}
	id = fmt.Sprintf("%s-%d", p.name, len(p.has)+1)
	p.has[m.ID] = id
	p.world.inbox.add(received{Message: m, At: p.world.now, ProviderID: id})
	if fault == lostAnswer {
		return "", nil, fmt.Errorf("to %s: %w", string(c.Phone), faults()[fault])
	}
	early, p.early = p.early, nil
	return id, early, nil
}

func (p *phones) Find(_ context.Context, m presage.Message, c presage.Customer) (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault(c.ID, true) != "" {
		return "", false, presage.ErrUnavailable
	}
	id, found := p.has[m.ID]
	return id, found, nil
}

// provider makes the next sends of a channel fail: "provider sms fails down times=3",
// or those to one customer: "provider sms fails account for=anna".
func (s *scenario) provider(st *step) {
	name := presage.ChannelName(st.word("channel"))
	if s.lines[name] == nil {
		s.service(st)
	}
	if !st.is("fails") || s.lines[name] == nil {
		st.fatalf("want: provider CHANNEL fails FAULT, of a channel that is open")
	}
	customer := ""
	if id := st.opt("for", ""); id != "" {
		customer = s.customers[id].ID
	}
	st.must(s.lines[name].fail(st.word("fault"), customer, st.number(st.opt("times", "1"))))
}
