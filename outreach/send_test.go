package outreach_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach"
	"presage/outreach/contact"
	"presage/outreach/outbox"
)

// provider is a channel that remembers and can be told to fail.
type provider struct {
	name     presage.ChannelName
	has      []string // message IDs that it accepted
	faults   []error  // of the next sends
	lost     bool     // the next send is accepted and its answer lost
	findings error
}

func (p *provider) Name() presage.ChannelName { return p.name }

func (p *provider) Send(_ context.Context, m presage.Message, c presage.Customer) (string, error) {
	if len(p.faults) > 0 {
		err := p.faults[0]
		p.faults = p.faults[1:]
		return "", fmt.Errorf("to %s: %w", string(c.Phone), err)
	}
	p.has = append(p.has, m.ID)
	if p.lost {
		p.lost = false
		return "", errors.New("connection reset")
	}
	return string(p.name) + ":" + m.ID, nil
}

func (p *provider) Find(_ context.Context, m presage.Message, _ presage.Customer) (string, bool, error) {
	return string(p.name) + ":" + m.ID, slices.Contains(p.has, m.ID), p.findings
}

// offered is a world with push and SMS and one offer planned at 10:00.
func offered(t *testing.T, part presage.ComponentID) (*world, *provider, *provider) {
	t.Helper()
	push, sms := &provider{name: presage.ChannelPush}, &provider{name: presage.ChannelSMS}
	x := standard()
	x.channels = []outreach.Channel{push, sms, outbox.Channel{}}
	w := newWorld(t, x)
	w.prognosis(vin, part, presage.StatusDue)
	w.decide()
	return w, push, sms
}

func (w *world) states() map[presage.ChannelName]presage.MessageState {
	got := map[presage.ChannelName]presage.MessageState{}
	for _, m := range w.messages() {
		got[m.Channel] = m.State
	}
	return got
}

func TestSilentChannelIsFollowed(t *testing.T) {
	t.Parallel()
	w, push, sms := offered(t, presage.Battery12V)
	w.send()
	w.now = w.now.Add(day - time.Minute)
	w.send()
	if len(push.has) != 1 || len(sms.has) != 0 {
		t.Fatalf("push %d, sms %d; want push alone", len(push.has), len(sms.has))
	}
	w.now = w.now.Add(time.Minute)
	w.send()
	if len(sms.has) != 1 {
		t.Fatal("no SMS after a day of silence")
	}
}

// A bot that shows a preview opens the link a second after the push: the SMS
// comes all the same.
func TestLookingAtTheLinkChangesNothing(t *testing.T) {
	t.Parallel()
	w, _, sms := offered(t, presage.Battery12V)
	w.send()
	_, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	_, err = w.s.ICS(w.ctx(), w.token())
	if !errors.Is(err, presage.ErrNotFound) {
		t.Errorf("calendar of no visit: %v", err)
	}
	w.now = w.now.Add(3 * day)
	w.send()
	if len(sms.has) != 1 {
		t.Errorf("sms sent %d times, %v", len(sms.has), w.states())
	}
}

func TestQuietHoursAtSendTime(t *testing.T) {
	t.Parallel()
	w, push, _ := offered(t, presage.BrakePadsFront)
	w.now = time.Date(2026, 11, 23, 21, 30, 0, 0, time.FixedZone("CST", 8*3600)) // planned at 10:00, up at 21:30
	if w.send() != 0 {
		t.Fatal("sent at night")
	}
	w.now = time.Date(2026, 11, 24, 7, 59, 0, 0, time.FixedZone("CST", 8*3600))
	if w.send() != 0 {
		t.Fatal("sent before eight")
	}
	w.now = w.now.Add(time.Minute)
	if w.send() != 1 || len(push.has) != 1 {
		t.Fatal("not sent in the morning")
	}
}

func TestLostAnswerIsNotSentTwice(t *testing.T) {
	t.Parallel()
	w, push, _ := offered(t, presage.Battery12V)
	push.lost = true
	if w.send() != 0 {
		t.Fatal("a lost answer counts as sent")
	}
	w.now = w.now.Add(time.Hour)
	if w.send() != 1 || len(push.has) != 1 {
		t.Fatalf("the provider has it %d times", len(push.has))
	}
}

func TestCrashBetweenSendAndRecord(t *testing.T) {
	t.Parallel()
	for _, accepted := range []bool{true, false} {
		w, push, _ := offered(t, presage.Battery12V)
		claimed, err := w.store.ClaimMessages(w.ctx(), "", w.now, 10)
		w.do(err)
		if accepted {
			push.has = append(push.has, claimed[0].ID)
		}
		if w.send() != 0 {
			t.Fatal("a fresh claim of another process was taken")
		}
		w.now = w.now.Add(5 * time.Minute)
		if w.send() != 1 || len(push.has) != 1 || w.states()[presage.ChannelPush] != presage.MessageSent {
			t.Fatalf("accepted %v: the provider has it %d times, row is %v", accepted, len(push.has), w.states())
		}
	}
}

func TestProviderFaults(t *testing.T) {
	t.Parallel()
	type states = map[presage.ChannelName]presage.MessageState
	for name, tc := range map[string]struct {
		fault error
		after time.Duration
		want  states
		push  bool // consent afterwards
	}{
		"temporary": {presage.ErrUnavailable, time.Hour, states{"push": presage.MessageSent, "sms": presage.MessagePlanned}, true},
		"permanent": {presage.ErrInvalid, time.Second, states{"push": presage.MessageFailed, "sms": presage.MessageSent}, true},
		"opted out": {contact.ErrOptedOut, time.Second, states{"push": presage.MessageFailed, "sms": presage.MessageSent}, false},
		"its night": {contact.ErrQuietHours, 23 * time.Hour, states{"push": presage.MessageSent, "sms": presage.MessagePlanned}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, push, _ := offered(t, presage.Battery12V)
			push.faults = []error{tc.fault}
			w.send()
			w.now = w.now.Add(tc.after)
			w.send()
			if diff := cmp.Diff(tc.want, w.states()); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			c, err := w.store.Customer(w.ctx(), customer)
			w.do(err)
			if c.Consent.Push != tc.push {
				t.Errorf("consent to push is %v", c.Consent.Push)
			}
			for _, m := range w.messages() {
				if len(m.Error) > 0 && slices.Contains([]byte(m.Error), '+') {
					t.Errorf("a number in the error text: %q", m.Error)
				}
			}
		})
	}
}

// An offer that may have arrived is neither sent again nor over another channel,
// and is asked for until the provider answers.
func TestUnknownOutcomeStaysWithOneChannel(t *testing.T) {
	t.Parallel()
	w, push, sms := offered(t, presage.Battery12V)
	push.lost, push.findings = true, errors.New("no answer")
	for range 20 {
		w.send()
		w.now = w.now.Add(time.Hour)
	}
	if len(push.has) != 1 || len(sms.has) != 0 || w.states()[presage.ChannelPush] != presage.MessagePlanned {
		t.Errorf("push %d, sms %d, %v", len(push.has), len(sms.has), w.states())
	}
	push.findings = nil
	w.now = w.now.Add(6 * time.Hour)
	w.send()
	if len(push.has) != 1 || w.states()[presage.ChannelPush] != presage.MessageSent {
		t.Errorf("after the answer: push %d, %v", len(push.has), w.states())
	}
}

func TestNoChannelLeft(t *testing.T) {
	t.Parallel()
	for part, want := range map[presage.ComponentID]string{presage.Battery12V: "call", presage.BrakePadsFront: "safety"} {
		w, push, sms := offered(t, part)
		push.faults, sms.faults = []error{presage.ErrInvalid}, []error{presage.ErrInvalid}
		w.send()
		w.now = w.now.Add(time.Second)
		w.send()
		if c := w.last(); c.State != presage.CaseEscalated || c.Owner != presage.OwnerAdviser {
			t.Errorf("%s: case is %s of %s, want an adviser", want, c.State, c.Owner)
		}
	}
}

func TestStopBeforeSending(t *testing.T) {
	t.Parallel()
	w, push, sms := offered(t, presage.Battery12V)
	w.do(w.s.StopByToken(w.ctx(), w.token()))
	w.now = w.now.Add(4 * day)
	w.send()
	if len(push.has)+len(sms.has) != 0 {
		t.Fatal("sent after STOP")
	}
	w.wantCase(presage.CaseSuppressed, presage.OwnerOutreach)
}
