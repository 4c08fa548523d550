package outreach_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/hook"
	"presage/outreach/twilio"
	"presage/outreach/twilio/twiliotest"
)

// texting is a world whose only channel is Twilio, with live webhooks.
func texting(t *testing.T) (*world, *twiliotest.Server, string) {
	t.Helper()
	var (
		hooks http.Handler
		w     *world
	)
	ours := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { hooks.ServeHTTP(rw, r) }))
	t.Cleanup(ours.Close)
	// The provider answers on goroutines of its own: its clock stands where the story begins.
	begin := newWorld(t, standard()).now
	server := twiliotest.New(t, func() time.Time { return begin })
	sms, err := twilio.New(twilio.Config{
		AccountSID: twiliotest.AccountSID, AuthToken: twiliotest.AuthToken, From: "+15005550006",
		BaseURL: server.URL, PublicURL: ours.URL, Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	x := standard()
	x.channels = []outreach.Channel{sms}
	w = newWorld(t, x)
	hooks = sms.Webhooks(hook.Intake{
		To: w.s, Once: w.store, Now: func() time.Time { return begin }, Logger: slog.New(slog.DiscardHandler),
	})
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	return w, server, ours.URL
}

// A time-out after acceptance never sends twice; the receipt arrives; the
// customer books by a number; the confirmation goes out.
func TestTwilioWholeWay(t *testing.T) {
	t.Parallel()
	w, server, address := texting(t)
	server.Fail(twiliotest.Fault{Status: 429, Code: 20429}, twiliotest.Fault{Lost: true})
	for range 4 {
		w.send()
		w.now = w.now.Add(10 * time.Minute)
	}
	sent := server.Sent()
	if len(sent) != 1 || w.states()[presage.ChannelSMS] != presage.MessageSent {
		t.Fatalf("Twilio has %d messages, row is %v", len(sent), w.states())
	}
	if _, err := server.Report(w.ctx(), sent[0].SID, "delivered", 0); err != nil {
		t.Fatal(err)
	}
	if got := w.states()[presage.ChannelSMS]; got != presage.MessageDelivered {
		t.Errorf("after the receipt the message is %s", got)
	}
	if status, err := server.Text(w.ctx(), address+twilio.InboundPath, sent[0].To, "1"); err != nil || status != 200 {
		t.Fatalf("reply: %d, %v", status, err)
	}
	w.wantCase(presage.CaseBooked, presage.OwnerWorkshop)
	w.send()
	if len(server.Sent()) != 2 {
		t.Errorf("Twilio has %d messages, want the offer and the confirmation", len(server.Sent()))
	}
}

func TestTwilioStop(t *testing.T) {
	t.Parallel()
	w, server, _ := texting(t)
	server.Fail(twiliotest.Fault{Status: 400, Code: 21610})
	w.send()
	c, err := w.store.Customer(w.ctx(), customer)
	w.do(err)
	if c.Consent.SMS || !c.Consent.Push {
		t.Errorf("consent %+v, want SMS alone withdrawn", c.Consent)
	}
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser) // the customer agreed to calls
}

// A START of before that comes again does not undo the STOP behind it, and a
// STOP that comes three times is one.
func TestTwilioReplay(t *testing.T) {
	t.Parallel()
	w, server, address := texting(t)
	w.send()
	to := server.Sent()[0].To
	for _, x := range []struct {
		sid, text string
		sms       bool
	}{
		{"SM1", "START", true},
		{"SM2", "STOP", false},
		{"SM1", "START", false},
		{"SM2", "STOP", false},
		{"SM2", "STOP", false},
		{"SM3", "START", true},
	} {
		status, err := twiliotest.TextAgain(w.ctx(), address+twilio.InboundPath,
			url.Values{"From": {to}, "Body": {x.text}, "MessageSid": {x.sid}})
		if err != nil || status != 200 {
			t.Fatalf("%s: %d, %v", x.sid, status, err)
		}
		c, err := w.store.Customer(w.ctx(), customer)
		w.do(err)
		if c.Consent.SMS != x.sms {
			t.Errorf("after %s %s consent to SMS is %v", x.sid, x.text, c.Consent.SMS)
		}
	}
	rs, err := w.store.Replies(w.ctx(), 0)
	w.do(err)
	if len(rs) != 3 {
		t.Errorf("%d replies, want one for each of three messages", len(rs))
	}
}

func TestTwilioUndeliveredAtNightIsRepeated(t *testing.T) {
	t.Parallel()
	w, server, _ := texting(t)
	w.send()
	if _, err := server.Report(w.ctx(), server.Sent()[0].SID, "undelivered", 30610); err != nil {
		t.Fatal(err)
	}
	w.send()
	if len(server.Sent()) != 1 {
		t.Fatal("repeated at once")
	}
	w.now = w.now.Add(day)
	w.send()
	if len(server.Sent()) != 2 {
		t.Errorf("Twilio has %d messages, want the second try", len(server.Sent()))
	}
}
