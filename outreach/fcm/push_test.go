package fcm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/fcm"
	"presage/outreach/fcm/fcmtest"
	"presage/outreach/link"
)

func now() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

// desk knows the devices and one offer.
type desk struct{ devices []presage.Device }

func (d *desk) Devices(context.Context, string) ([]presage.Device, error) {
	return slices.Clone(d.devices), nil
}

func (d *desk) DropToken(_ context.Context, token presage.Secret) error {
	d.devices = slices.DeleteFunc(d.devices, func(x presage.Device) bool { return x.Token == token })
	return nil
}

func (d *desk) Offer(_ context.Context, id string) (presage.Offer, error) {
	if id != "o1" {
		return presage.Offer{}, presage.ErrNotFound
	}
	return presage.Offer{ID: id, ExpiresAt: now().Add(72 * time.Hour)}, nil
}

func channel(t *testing.T, server *fcmtest.Server, devices ...string) (*fcm.Push, *desk) {
	t.Helper()
	d := &desk{}
	for i, token := range devices {
		d.devices = append(d.devices, presage.Device{ID: fmt.Sprint(i), CustomerID: "k1", Token: presage.Secret(token)})
	}
	links, err := link.NewSigner("a key of 32 characters, or longer", "https://service.example")
	if err != nil {
		t.Fatal(err)
	}
	p, err := fcm.New(fcm.Config{Credentials: server.Credentials(), BaseURL: server.URL, Timeout: 5 * time.Second},
		fcm.Deps{Store: d, Links: links, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return p, d
}

func text() (presage.Message, presage.Customer) {
	return presage.Message{
		ID: "m1", Key: "offer/o1/push", OfferID: "o1", Kind: "offer", Title: "前制动片", Body: "您的前制动片已磨损87%",
		Link: "https://service.example/b/abc",
	}, presage.Customer{ID: "k1"}
}

func TestSendToEveryDevice(t *testing.T) {
	t.Parallel()
	server := fcmtest.New(t)
	p, _ := channel(t, server, "phone", "tablet")
	m, c := text()
	m.Safety = true
	id, err := p.Send(t.Context(), m, c)
	if err != nil || id != m.ID {
		t.Fatalf("sent as %q, %v", id, err)
	}
	sent := server.Sent()
	if len(sent) != 2 || sent[0].Token != "phone" || sent[1].Token != "tablet" {
		t.Fatalf("the server has %+v", sent)
	}
	got := sent[0]
	if got.Title != m.Title || got.Body != m.Body || got.Data["link"] != m.Link || got.Data["message_id"] != "m1" ||
		got.Data["receipt"] == "" {
		t.Errorf("the message is %+v", got)
	}
	if got.Priority != "HIGH" || got.APNS["apns-priority"] != "10" || got.TTL != "259200s" { // 72 h
		t.Errorf("priority %s, %s, TTL %s", got.Priority, got.APNS["apns-priority"], got.TTL)
	}
	if got.Key == "" || got.Tag != got.Key || got.APNS["apns-collapse-id"] != got.Key || len(got.Key) > 64 {
		t.Errorf("keys %q, %q, %v", got.Key, got.Tag, got.APNS)
	}
	m.Safety, m.OfferID = false, ""
	if _, err := p.Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	if got := server.Sent()[2]; got.Priority != "NORMAL" || got.TTL != "86400s" {
		t.Errorf("a message about nothing urgent: %s, %s", got.Priority, got.TTL)
	}
	if server.Tokens() != 1 {
		t.Errorf("%d access tokens for 4 requests, want 1", server.Tokens())
	}
}

func TestErrorsByWhatToDo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault fcmtest.Fault
		want  error
		wait  time.Duration
		drops bool
	}{
		"app removed":    {fault: fcmtest.Fault{Status: 404, Code: "UNREGISTERED"}, want: presage.ErrInvalid, drops: true},
		"other project":  {fault: fcmtest.Fault{Status: 403, Code: "SENDER_ID_MISMATCH"}, want: presage.ErrInvalid, drops: true},
		"no such token":  {fault: fcmtest.Fault{Status: 400, Code: "INVALID_ARGUMENT", Field: "message.token"}, want: presage.ErrInvalid, drops: true},
		"too long":       {fault: fcmtest.Fault{Status: 400, Code: "INVALID_ARGUMENT", Field: "message.data"}, want: presage.ErrInvalid},
		"too many":       {fault: fcmtest.Fault{Status: 429, Code: "QUOTA_EXCEEDED", RetryAfter: time.Hour}, want: presage.ErrUnavailable, wait: time.Hour},
		"their fault":    {fault: fcmtest.Fault{Status: 503, Code: "UNAVAILABLE", RetryAfter: 2 * time.Minute}, want: presage.ErrUnavailable, wait: 2 * time.Minute},
		"internal":       {fault: fcmtest.Fault{Status: 500, Code: "INTERNAL"}, want: presage.ErrUnavailable},
		"no APNs key":    {fault: fcmtest.Fault{Status: 401, Code: "THIRD_PARTY_AUTH_ERROR"}, want: contact.ErrAccount},
		"not allowed":    {fault: fcmtest.Fault{Status: 403, Code: "PERMISSION_DENIED"}, want: contact.ErrAccount},
		"no such server": {fault: fcmtest.Fault{Status: 404, Code: "NOT_FOUND"}, want: contact.ErrAccount},
		"lost":           {fault: fcmtest.Fault{Lost: true}, want: presage.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := fcmtest.New(t)
			p, d := channel(t, server, "token138")
			m, c := text()
			server.Fail(tc.fault)
			_, err := p.Send(t.Context(), m, c)
			if !errors.Is(err, tc.want) || contact.Wait(err) != tc.wait {
				t.Fatalf("%v after %s, want %v after %s", err, contact.Wait(err), tc.want, tc.wait)
			}
			if strings.Contains(err.Error(), "token138") || strings.Contains(err.Error(), "磨损") {
				t.Errorf("the token or the text is in the error: %v", err)
			}
			if dropped := len(d.devices) == 0; dropped != tc.drops {
				t.Errorf("device removed: %v, want %v", dropped, tc.drops)
			}
		})
	}
}

func TestOneOfSeveralDevicesIsEnough(t *testing.T) {
	t.Parallel()
	server := fcmtest.New(t)
	p, d := channel(t, server, "old", "busy", "good")
	server.Break("old", fcmtest.Fault{Status: 404, Code: "UNREGISTERED"})
	server.Break("busy", fcmtest.Fault{Status: 503, Code: "UNAVAILABLE"})
	m, c := text()
	if _, err := p.Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	if len(server.Sent()) != 1 || len(d.devices) != 2 {
		t.Errorf("sent %+v, devices %v", server.Sent(), d.devices)
	}
	server.Break("good", fcmtest.Fault{Status: 404, Code: "UNREGISTERED"})
	if _, err := p.Send(t.Context(), m, c); !errors.Is(err, presage.ErrUnavailable) || len(d.devices) != 1 {
		t.Errorf("%v with devices %v: one may still take it later", err, d.devices)
	}
}

// The guarantee: at least once, and shown once.
func TestALostAnswerIsShownOnce(t *testing.T) {
	t.Parallel()
	server := fcmtest.New(t)
	p, _ := channel(t, server, "phone")
	m, c := text()
	server.Fail(fcmtest.Fault{Lost: true})
	if _, err := p.Send(t.Context(), m, c); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatal(err)
	}
	if _, found, err := p.Find(t.Context(), m, c); found || err != nil {
		t.Fatalf("found %v, %v: FCM cannot be asked", found, err)
	}
	if _, err := p.Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	if len(server.Sent()) != 2 || len(server.Shown("phone")) != 1 {
		t.Errorf("accepted %d, shown %d; want 2 and 1", len(server.Sent()), len(server.Shown("phone")))
	}
	m.Key = "reminder/b1/push"
	if _, err := p.Send(t.Context(), m, c); err != nil || len(server.Shown("phone")) != 2 {
		t.Errorf("another message took its place: %v, %v", server.Shown("phone"), err)
	}
}

func TestARefusedTokenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	server := fcmtest.New(t)
	p, _ := channel(t, server, "phone")
	m, c := text()
	server.Fail(fcmtest.Fault{Status: 401, Code: "UNAUTHENTICATED"})
	if _, err := p.Send(t.Context(), m, c); !errors.Is(err, contact.ErrAccount) {
		t.Fatal(err)
	}
	if _, err := p.Send(t.Context(), m, c); err != nil || server.Tokens() != 2 {
		t.Errorf("%v after %d tokens, want 2", err, server.Tokens())
	}
}

func TestCredentialFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cfg  fcm.Config
		want []string
	}{
		"none":     {fcm.Config{BaseURL: "fcm"}, []string{"fcm.base_url", "fcm.credentials: want the JSON key of a service account"}},
		"a user's": {fcm.Config{Credentials: `{"type":"authorized_user"}`}, []string{"service account"}},
		"empty": {
			fcm.Config{Credentials: `{"type":"service_account","private_key":"hunter2"}`},
			[]string{"project_id", "client_email", "private_key", "token_uri"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fcm.New(tc.cfg, fcm.Deps{})
			for _, part := range tc.want {
				if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), part) {
					t.Errorf("%s is not named in %v", part, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the key is in %v", err)
			}
		})
	}
}
