package fcm_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/fcm"
	"presage/outreach/fcm/fcmtest"
	"presage/outreach/link"
)

type reports []presage.Receipt

func (r *reports) Receive(_ context.Context, x presage.Receipt) error {
	*r = append(*r, x)
	return nil
}

// The app reports with the token that its message brought, and with no other.
func TestReceipts(t *testing.T) {
	t.Parallel()
	server := fcmtest.New(t)
	p, _ := channel(t, server, "phone")
	m, c := text()
	if _, err := p.Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	links, err := link.NewSigner("a key of 32 characters, or longer", "https://service.example")
	if err != nil {
		t.Fatal(err)
	}
	var got reports
	ours := httptest.NewServer(&fcm.Hook{Links: links, To: &got, Now: now, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(ours.Close)
	sent := server.Sent()[0]
	for _, tc := range []struct {
		receipt, event string
		want           int
	}{
		{sent.Data["receipt"], "delivered", 204},
		{sent.Data["receipt"], "opened", 204},
		{sent.Data["receipt"], "burnt", 400},
		{links.Sign("m1", now().Add(time.Hour)), "opened", 403}, // a booking link's
		{links.Sign("receipt/m1", now().Add(-time.Hour)), "opened", 403},
		{"", "opened", 403},
	} {
		if status, err := fcmtest.Report(t.Context(), ours.URL, tc.receipt, tc.event); err != nil || status != tc.want {
			t.Errorf("%q with %q: %d, %v; want %d", tc.event, tc.receipt, status, err, tc.want)
		}
	}
	want := reports{{ProviderID: "m1", Delivered: true}, {ProviderID: "m1", Delivered: true, Seen: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
}
