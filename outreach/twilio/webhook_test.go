package twilio_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/converse"
	"presage/outreach/hook"
	"presage/outreach/twilio"
	"presage/outreach/twilio/twiliotest"
)

// desk writes down what the webhooks report.
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
	d.replies = append(d.replies, fmt.Sprintf("%s %s %s", string(from), in.Channel, in.Text))
	return "", d.err
}

// public is a server with the webhooks, and the channel that knows its address.
func public(t *testing.T, d *desk) (*twiliotest.Server, *twilio.SMS, string) {
	t.Helper()
	var hooks http.Handler
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hooks.ServeHTTP(w, r) }))
	t.Cleanup(ours.Close)
	server := twiliotest.New(t, now)
	s := channel(t, server, ours.URL)
	hooks = s.Webhooks(hook.Intake{To: d, Once: sqltest.Open(t), Now: now, Logger: slog.New(slog.DiscardHandler)})
	return server, s, ours.URL
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	d := &desk{}
	server, s, _ := public(t, d)
	m, c := text()
	sid, err := s.Send(t.Context(), m, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		status string
		code   int
	}{{"sent", 0}, {"delivered", 0}, {"read", 0}, {"undelivered", 30003}, {"failed", 21610}, {"undelivered", 30610}} {
		if got, err := server.Report(t.Context(), sid, r.status, r.code); err != nil || got/100 != 2 {
			t.Errorf("%s: answered %d, %v", r.status, got, err)
		}
	}
	want := []presage.Receipt{
		{ProviderID: sid, Delivered: true},
		{ProviderID: sid, Delivered: true, Seen: true},
		{ProviderID: sid, Reason: "twilio error 30003"},
		{ProviderID: sid, OptedOut: true, Reason: "twilio error 21610"},
		{ProviderID: sid, QuietHours: true, Reason: "twilio error 30610"},
	}
	if diff := cmp.Diff(want, d.receipts); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
	if _, found, _ := s.Find(t.Context(), m, c); found {
		t.Error("an undelivered message counts as sent")
	}
}

func TestInbound(t *testing.T) {
	t.Parallel()
	d := &desk{}
	server, _, address := public(t, d)
	if got, err := server.Text(t.Context(), address+twilio.InboundPath, string(phone), "退订"); err != nil || got != 200 {
		t.Fatalf("answered %d, %v", got, err)
	}
	if diff := cmp.Diff([]string{string(phone) + " sms 退订"}, d.replies); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
	d.err = presage.ErrNotFound
	if got, _ := server.Text(t.Context(), address+twilio.InboundPath, "+10000000000", "hi"); got != 200 {
		t.Errorf("a stranger got %d, want 200: repeating will not help", got)
	}
	d.err = presage.ErrUnavailable
	if got, _ := server.Text(t.Context(), address+twilio.InboundPath, string(phone), "hi"); got != 503 {
		t.Errorf("with the store down: %d, want 503", got)
	}
}

func TestForgedWebhook(t *testing.T) {
	t.Parallel()
	d := &desk{}
	_, _, address := public(t, d)
	form := url.Values{"From": {string(phone)}, "Body": {"STOP"}}
	for _, token := range []string{"", "another"} {
		if got, err := twiliotest.Post(t.Context(), address+twilio.InboundPath, form, token); err != nil || got != 403 {
			t.Errorf("token %q: %d, %v; want 403", token, got, err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+twilio.InboundPath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusForbidden || len(d.replies) != 0 {
		t.Errorf("unsigned: %d, replies %v", res.StatusCode, d.replies)
	}
}

// The example of Twilio's "Webhooks security" page: its address, parameters,
// token and signature.
func TestSignatureOfTheManual(t *testing.T) {
	t.Parallel()
	got := twiliotest.Sign("https://example.com/myapp.php?foo=1&bar=2", url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675310"}, "Digits": {"1234"},
		"From": {"+14158675310"}, "To": {"+18005551212"},
	}, "12345")
	if want := "L/OH5YylLD5NRKLltdqwSvS0BnU="; got != want {
		t.Errorf("signature %q, want %q", got, want)
	}
}

// Each message acts once, whatever becomes of its repeats; what failed for now
// may come again.
func TestReplay(t *testing.T) {
	t.Parallel()
	d := &desk{err: presage.ErrUnavailable}
	server, s, address := public(t, d)
	start := url.Values{"From": {string(phone)}, "Body": {"START"}, "MessageSid": {"SM1"}}
	for i, want := range []int{503, 200, 200, 200} {
		if got, err := twiliotest.TextAgain(t.Context(), address+twilio.InboundPath, start); err != nil || got != want {
			t.Errorf("delivery %d: %d, %v; want %d", i+1, got, err, want)
		}
		d.err = nil
	}
	if len(d.replies) != 2 { // the one that failed, and the one that did not
		t.Errorf("replies %v", d.replies)
	}
	m, c := text()
	sid, err := s.Send(t.Context(), m, c)
	if err != nil {
		t.Fatal(err)
	}
	d.err = presage.ErrUnavailable
	for i, want := range []int{503, 200, 200} {
		if got, err := server.Report(t.Context(), sid, "failed", 21610); err != nil || got != want {
			t.Errorf("receipt %d: %d, %v; want %d", i+1, got, err, want)
		}
		d.err = nil
	}
	if len(d.receipts) != 2 {
		t.Errorf("receipts %v", d.receipts)
	}
	delete(start, "MessageSid")
	if got, err := twiliotest.TextAgain(t.Context(), address+twilio.InboundPath, start); err != nil || got != 400 {
		t.Errorf("without an ID: %d, %v; want 400", got, err)
	}
}
