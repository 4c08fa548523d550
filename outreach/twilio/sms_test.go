package twilio_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/twilio"
	"presage/outreach/twilio/twiliotest"
)

func now() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

const phone presage.Phone = "+8613800000007"

func channel(t *testing.T, server *twiliotest.Server, publicURL string) *twilio.SMS {
	t.Helper()
	s, err := twilio.New(twilio.Config{
		AccountSID: twiliotest.AccountSID, AuthToken: twiliotest.AuthToken, From: "+15005550006",
		BaseURL: server.URL, PublicURL: publicURL, Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func text() (presage.Message, presage.Customer) {
	return presage.Message{ID: "m1", Body: "您的前制动片已磨损87% https://service.example/b/abc", CreatedAt: now()},
		presage.Customer{ID: "k1", Phone: phone}
}

func TestSendAndFind(t *testing.T) {
	t.Parallel()
	server := twiliotest.New(t, now)
	s := channel(t, server, "https://service.example/")
	m, c := text()
	if _, found, err := s.Find(t.Context(), m, c); found || err != nil {
		t.Fatalf("found %v before it was sent, %v", found, err)
	}
	sid, err := s.Send(t.Context(), m, c)
	if err != nil {
		t.Fatal(err)
	}
	sent := server.Sent()
	if len(sent) != 1 || sent[0].To != string(phone) || sent[0].Body != m.Body ||
		sent[0].Callback != "https://service.example"+twilio.StatusPath {
		t.Fatalf("the server has %+v", sent)
	}
	if got, found, err := s.Find(t.Context(), m, c); !found || got != sid || err != nil {
		t.Errorf("found %q %v %v, want %q", got, found, err, sid)
	}
	later := m
	later.CreatedAt = now().Add(time.Hour) // another message with the same text, planned after that one
	if _, found, _ := s.Find(t.Context(), later, c); found {
		t.Error("an older message was taken for a newer one")
	}
}

func TestAFullQueueSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	server := twiliotest.New(t, now)
	m, c := text()
	server.Fail(twiliotest.Fault{Status: 429, Code: 20429, RetryAfter: 40 * time.Second})
	if _, err := channel(t, server, "").Send(t.Context(), m, c); contact.Wait(err) != 40*time.Second {
		t.Errorf("%v asks to wait %s, want 40s", err, contact.Wait(err))
	}
}

func TestErrorsByWhatToDo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault twiliotest.Fault
		want  error
	}{
		"texted STOP":     {twiliotest.Fault{Status: 400, Code: 21610}, contact.ErrOptedOut},
		"local night":     {twiliotest.Fault{Status: 400, Code: 30610}, contact.ErrQuietHours},
		"no such number":  {twiliotest.Fault{Status: 400, Code: 21211}, presage.ErrInvalid},
		"too many":        {twiliotest.Fault{Status: 429, Code: 20429}, presage.ErrUnavailable},
		"their fault":     {twiliotest.Fault{Status: 503, Code: 20503}, presage.ErrUnavailable},
		"our credentials": {twiliotest.Fault{Status: 401, Code: 20003}, contact.ErrAccount},
		"our account":     {twiliotest.Fault{Status: 404, Code: 20404}, contact.ErrAccount},
		"suspended":       {twiliotest.Fault{Status: 403, Code: 20403}, contact.ErrAccount},
		"a landline":      {twiliotest.Fault{Status: 400, Code: 21635}, presage.ErrInvalid},
		"no mobile":       {twiliotest.Fault{Status: 400, Code: 21614}, presage.ErrInvalid},
		"no route":        {twiliotest.Fault{Status: 400, Code: 21612}, presage.ErrInvalid},
		"lost":            {twiliotest.Fault{Lost: true}, presage.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := twiliotest.New(t, now)
			s := channel(t, server, "")
			m, c := text()
			server.Fail(tc.fault)
			_, err := s.Send(t.Context(), m, c)
			if !errors.Is(err, tc.want) {
				t.Fatalf("%v, want %v", err, tc.want)
			}
			if strings.Contains(err.Error(), "138") || strings.Contains(err.Error(), "磨损") {
				t.Errorf("the number or the text is in the error: %v", err)
			}
			_, found, err := s.Find(t.Context(), m, c)
			if err != nil || found != tc.fault.Lost {
				t.Errorf("found %v, %v; want %v", found, err, tc.fault.Lost)
			}
		})
	}
}

// What Twilio's dictionary says of our sender, account or settings.
func TestFaultsOfOurAccount(t *testing.T) {
	t.Parallel()
	for _, code := range []int{
		21212, 21408, 21603, 21606, 21608, 21611, 21617, 21659, 21660, 21661, 21701, 21703, 30002, 30034, 63007,
	} {
		server := twiliotest.New(t, now)
		server.Fail(twiliotest.Fault{Status: 400, Code: code})
		m, c := text()
		_, err := channel(t, server, "").Send(t.Context(), m, c)
		if !errors.Is(err, contact.ErrAccount) || errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%d: %v, want our account's fault", code, err)
		}
	}
	server := twiliotest.New(t, now)
	server.Fail(twiliotest.Fault{Status: 400, Code: 99999})
	m, c := text()
	_, err := channel(t, server, "").Send(t.Context(), m, c)
	if !errors.Is(err, contact.ErrAccount) || !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("an unknown code: %v, want that it is unclear whose fault it is", err)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	_, err := twilio.New(twilio.Config{AccountSID: "x", AuthToken: "a b", PublicURL: "service"})
	for _, field := range []string{"account_sid", "auth_token", "from", "public_url"} {
		if err == nil || !strings.Contains(err.Error(), "twilio."+field) {
			t.Errorf("%s is not named in %v", field, err)
		}
	}
}
