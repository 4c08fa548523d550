package outreach_test

import (
	"testing"

	"presage"
	"presage/outreach"
)

// A channel that is taken out of the configuration takes no offer along: what
// was planned for it goes out over the one that is left.
func TestAChannelIsTakenAway(t *testing.T) {
	t.Parallel()
	w, push, sms := offered(t, presage.Battery12V)
	cfg := outreach.DefaultConfig()
	cfg.BaseURL = "https://service.example"
	w.deps.Channels = []outreach.Channel{sms}
	var err error
	if w.s, err = outreach.New(cfg, w.deps); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.SendDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(push.has) != 0 || len(sms.has) != 1 {
		t.Errorf("push has %d, SMS %d, want the offer by SMS", len(push.has), len(sms.has))
	}
	if got := w.states()[presage.ChannelPush]; got != presage.MessageFailed {
		t.Errorf("the push is %s, want failed", got)
	}
}
