package webhook_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/contact"
	"presage/outreach/converse"
	"presage/outreach/hook"
	"presage/outreach/webhook"
	"presage/outreach/webhook/webhooktest"
)

func now() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

const newer presage.Secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

type phones struct{}

func (phones) Devices(context.Context, string) ([]presage.Device, error) {
	return []presage.Device{{ID: "phone", Platform: presage.IOS, Token: "token"}}, nil
}

func channel(t *testing.T, server *webhooktest.Server, name presage.ChannelName) *webhook.Channel {
	t.Helper()
	c, err := webhook.New(webhook.Config{
		Channel: name, URL: server.URL, Secrets: []presage.Secret{newer, webhooktest.Secret}, Timeout: 5 * time.Second,
	}, phones{}, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text() (presage.Message, presage.Customer) {
	return presage.Message{ID: "m1", Key: "offer/o1/sms", Body: "您的前制动片已磨损87%"},
		presage.Customer{ID: "k1", Phone: "+8613800000007"}
}

// The secret, ID, time, body and signature of the specification's reference
// libraries (github.com/standard-webhooks/standard-webhooks, libraries/go).
func TestSignatureOfTheSpecification(t *testing.T) {
	t.Parallel()
	h, at, body := http.Header{}, time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)
	webhook.Sign(h, []presage.Secret{webhooktest.Secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	if got, want := h.Get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	both := []presage.Secret{newer, webhooktest.Secret}
	for name, tc := range map[string]struct {
		secrets []presage.Secret
		at      time.Time
		body    string
		want    bool
	}{
		"right":           {both[1:], at, string(body), true},
		"one of two":      {both, at, string(body), true},
		"another secret":  {both[:1], at, string(body), false},
		"another body":    {both, at, `{"test": 2}`, false},
		"too old":         {both, at.Add(6 * time.Minute), string(body), false},
		"from the future": {both, at.Add(-6 * time.Minute), string(body), false},
	} {
		if got := webhook.Verify(h, tc.secrets, tc.at, []byte(tc.body)); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	server := webhooktest.New(t, now)
	m, c := text()
	if id, err := channel(t, server, presage.ChannelSMS).Send(t.Context(), m, c); err != nil || id != "m1" {
		t.Fatalf("sent as %q, %v", id, err)
	}
	m.ID = "m2"
	if _, err := channel(t, server, presage.ChannelPush).Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	sent := server.Sent()
	if sent[0].Phone != string(c.Phone) || sent[0].Body != m.Body || len(sent[0].Devices) != 0 {
		t.Errorf("the text is %+v", sent[0])
	}
	if sent[1].Phone != "" || len(sent[1].Devices) != 1 || sent[1].Devices[0].Token != "token" {
		t.Errorf("the push is %+v", sent[1])
	}
}

// A lost answer: the same ID again, which the receiver has.
func TestALostAnswerIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	server := webhooktest.New(t, now)
	sms := channel(t, server, presage.ChannelSMS)
	m, c := text()
	server.Fail(webhooktest.Fault{Lost: true})
	if _, err := sms.Send(t.Context(), m, c); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatal(err)
	}
	if id, err := sms.Send(t.Context(), m, c); err != nil || id != "m1" || len(server.Sent()) != 1 {
		t.Errorf("%q, %v, accepted %d times", id, err, len(server.Sent()))
	}
}

func TestErrorsByWhatToDo(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		400: presage.ErrInvalid, 410: presage.ErrInvalid, 422: presage.ErrInvalid, 401: contact.ErrAccount,
		403: contact.ErrAccount, 404: contact.ErrAccount, 302: contact.ErrAccount, 429: presage.ErrUnavailable,
		408: presage.ErrUnavailable, 500: presage.ErrUnavailable, 503: presage.ErrUnavailable,
	} {
		server := webhooktest.New(t, now)
		server.Fail(webhooktest.Fault{Status: status, RetryAfter: time.Hour})
		m, c := text()
		_, err := channel(t, server, presage.ChannelSMS).Send(t.Context(), m, c)
		if !errors.Is(err, want) || strings.Contains(err.Error(), "138") {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		if waits := contact.Wait(err) == time.Hour; waits != errors.Is(want, presage.ErrUnavailable) {
			t.Errorf("%d: waits %s", status, contact.Wait(err))
		}
	}
}

// desk writes down what comes back.
type desk struct {
	receipts []presage.Receipt
	replies  []string
	err      error
}

func (d *desk) Receive(_ context.Context, r presage.Receipt) error {
	d.receipts = append(d.receipts, r)
	return d.err
}

func (d *desk) ReplyFrom(_ context.Context, from presage.Phone, in converse.Inbound) (string, error) {
	d.replies = append(d.replies, string(from)+" "+in.Text)
	return "", d.err
}

func TestCallBacks(t *testing.T) {
	t.Parallel()
	d := &desk{err: presage.ErrUnavailable}
	sms := channel(t, webhooktest.New(t, now), presage.ChannelSMS)
	x := hook.Intake{To: d, Once: sqltest.Open(t), Now: now, Logger: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle(sms.StatusPath(), sms.Status(x))
	mux.Handle(sms.ReplyPath(), sms.Reply(x))
	ours := httptest.NewServer(mux)
	t.Cleanup(ours.Close)
	opened := map[string]string{"id": "m1", "event": "opened"}
	for _, tc := range []struct {
		path, id string
		at       time.Time
		body     any
		want     int
	}{
		{sms.StatusPath(), "e1", now(), opened, 503},
		{sms.StatusPath(), "e1", now(), opened, 204},
		{sms.StatusPath(), "e1", now(), opened, 204}, // again: does nothing
		{sms.StatusPath(), "e2", now(), map[string]string{"id": "m1", "event": "burnt"}, 400},
		{sms.StatusPath(), "e3", now().Add(-6 * time.Minute), opened, 403},
		{sms.ReplyPath(), "e4", now(), map[string]string{"from": "+8613800000007", "text": "退订"}, 204},
	} {
		got, err := webhooktest.Call(t.Context(), ours.URL+tc.path, tc.id, tc.at, tc.body)
		if err != nil || got != tc.want {
			t.Errorf("%s %s: %d, %v; want %d", tc.path, tc.id, got, err, tc.want)
		}
		d.err = nil
	}
	seen := presage.Receipt{ProviderID: "m1", Delivered: true, Seen: true}
	if diff := cmp.Diff([]presage.Receipt{seen, seen}, d.receipts); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"+8613800000007 退订"}, d.replies); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
}
