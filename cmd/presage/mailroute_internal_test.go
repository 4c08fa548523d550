package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/mail/mailtest"
	"presage/outreach/twilio"
)

const (
	annasMail = "anna@example.com"
	staffMail = "ops@norvik.example"
)

// E-mail from the offer to its end by one click, and what our own people hear of:
// a safety case that nobody can be told of, the day's figures, and a customer whom
// nobody answers.
func TestMailToCustomersAndStaff(t *testing.T) {
	t.Parallel()
	post := mailtest.New(t, mailtest.Options{})
	r := openRoute(t, filepath.Join(t.TempDir(), "presage.db"), map[string]string{
		"outreach.channels": "push,sms,email,call", "mail.host": "127.0.0.1", "mail.port": strconv.Itoa(post.Port()),
		"mail.tls": "none", "mail.from": "Norvik Service <service@norvik.example>", "mail.staff": staffMail,
		"mail.digest_hour": "7", "schedule.zone": "UTC",
	})
	m := &mailRoute{r, post, 0}
	anna, ben := r.customer(1, "battery_12v"), r.customer(2, presage.BrakePadsFront)
	m.prefers(anna, presage.ChannelEmail, presage.ChannelSMS)
	m.prefers(ben) // has agreed to nothing
	if _, err := r.app.Outreach.Decide(t.Context()); err != nil {
		t.Fatal(err)
	}
	// It is past the hour of the figures.
	m.hears(routeDay, "A safety case needs a person: Aurora One", "all workshops: figures of 2026-06-14")
	m.unsubscribes(m.offer(anna))

	morning := time.Date(2026, 6, 16, 7, 0, 0, 0, time.UTC)
	m.hears(morning.Add(-time.Minute))
	m.hears(morning, "all workshops: figures of 2026-06-15")
	// By hand: an offer to Anna, by one e-mail; Ben's case waits for a person.
	figures := post.Sent()[len(post.Sent())-1].Part("text/plain")
	for _, line := range []string{"Offers made: 1\n", "Messages to customers: 1\n", "Visits booked: 0\n", "wait for a person: 1\n"} {
		if !strings.Contains(figures, line) {
			t.Errorf("%q is not in the figures: %s", line, figures)
		}
	}

	next := routeDay.Add(r.waits().Mobility)
	m.hears(next) // her next channel, and no e-mail
	if have := r.course(anna); have[presage.ChannelSMS] != 1 || have[presage.ChannelPush] != 0 || len(post.Shown(annasMail)) != 1 {
		t.Errorf("Anna has %v and %d e-mails, want a text and the e-mail of yesterday", have, len(post.Shown(annasMail)))
	}
	if status, err := r.texts.Text(t.Context(), r.url+twilio.InboundPath, string(anna.phone), "I want to speak to a person about my invoice"); status != 200 {
		t.Fatalf("her text: HTTP %d, %v", status, err)
	}
	answered := next.Add(4 * time.Hour) // sla.answer_mobility
	m.hears(answered.Add(-time.Minute))
	m.hears(answered, "A customer has waited too long for an answer")
	m.listed()
}

type mailRoute struct {
	*route

	post *mailtest.Server
	told int // of what the server has: looked at
}

// prefers lets a customer agree to channels alone, in their order.
func (m *mailRoute) prefers(d *carOwner, channels ...presage.ChannelName) {
	m.t.Helper()
	c, err := m.app.SQL.Customer(m.t.Context(), d.id)
	c.Consent = presage.Consent{
		SMS: slices.Contains(channels, presage.ChannelSMS), Email: slices.Contains(channels, presage.ChannelEmail),
		Preferred: channels, Source: "contract", ChangedAt: m.clock.Now().Add(time.Microsecond),
	}
	if c.Consent.Email {
		c.Email = annasMail
	}
	err = errors.Join(err, m.app.SQL.PutFleet(m.t.Context(), presage.Fleet{Customers: []presage.Customer{c}}))
	if err != nil {
		m.t.Fatal(err)
	}
}

// hears does what the processes do at a time, and compares what came for the staff.
func (m *mailRoute) hears(now time.Time, want ...string) {
	m.t.Helper()
	m.pass(now)
	for range 2 { // the second has nothing to tell
		if err := m.app.Notify(m.t.Context()); err != nil {
			m.t.Fatal(err)
		}
	}
	var got []string
	sent := m.post.Sent()
	for _, x := range sent[m.told:] {
		if x.To == staffMail {
			got = append(got, x.Header("Subject"))
		}
	}
	m.told = len(sent)
	slices.Sort(got) // what is put at one moment has no order
	if !slices.Equal(got, want) {
		m.t.Errorf("%s: the staff hears %q, want %q", now.Sub(routeDay), got, want)
	}
}

// offer is the one e-mail to a customer; it returns the link that ends e-mails.
func (m *mailRoute) offer(d *carOwner) string {
	m.t.Helper()
	mails := m.post.Shown(annasMail)
	if len(mails) != 1 {
		m.t.Fatalf("Anna has %d e-mails, want one", len(mails))
	}
	x := mails[0]
	kept, err := m.app.SQL.Messages(m.t.Context(), presage.MessageFilter{State: presage.MessageSent})
	if err != nil || len(kept) != 1 || x.ID != "<"+kept[0].ProviderID+">" || kept[0].VIN != d.vin {
		m.t.Errorf("the Message-ID is %s, recorded is %+v, %v", x.ID, kept, err)
	}
	if !strings.Contains(x.Header("Subject"), "12 V battery") || !strings.Contains(x.Part("text/plain"), m.url+"/b/") {
		m.t.Errorf("the offer is %s", x.Raw)
	}
	link := strings.Trim(x.Header("List-Unsubscribe"), "<>")
	if x.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(link, m.url+"/u/") {
		m.t.Fatalf("the headers are %q, %q", x.Header("List-Unsubscribe"), x.Header("List-Unsubscribe-Post"))
	}
	return link
}

// unsubscribes opens the link, which changes nothing, and then clicks once.
func (m *mailRoute) unsubscribes(link string) {
	m.t.Helper()
	for _, step := range []struct {
		method, body string
		agrees       bool
	}{
		{http.MethodGet, "", true},
		{http.MethodGet, "", true},
		{http.MethodPost, url.Values{"List-Unsubscribe": {"One-Click"}}.Encode(), false},
	} {
		req, err := http.NewRequestWithContext(m.t.Context(), step.method, link, strings.NewReader(step.body))
		if err != nil {
			m.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			m.t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		c, err := m.app.SQL.Customer(m.t.Context(), "k1")
		if err != nil || res.StatusCode != http.StatusOK || c.Consent.Email != step.agrees || !c.Consent.SMS {
			m.t.Errorf("%s: HTTP %d, consent %+v, %v; want e-mail %v", step.method, res.StatusCode, c.Consent, err, step.agrees)
		}
	}
}

// listed compares the API's list of notices, page by page: the newest first, and
// the first two, of one moment, in any order.
func (m *mailRoute) listed() {
	m.t.Helper()
	var kinds []string
	for query := "?limit=2"; query != ""; {
		var page struct {
			Items []presage.Notice `json:"items"`
			Next  string           `json:"next"`
		}
		m.call(http.MethodGet, "/v1/notices"+query, nil, &page)
		for _, n := range page.Items {
			kinds = append(kinds, n.Kind+" "+string(n.State))
		}
		query = ""
		if page.Next != "" {
			query = "?limit=2&before=" + page.Next
		}
	}
	slices.Sort(kinds[min(2, len(kinds)):])
	if want := []string{"late sent", "digest sent", "digest sent", "escalated sent"}; !slices.Equal(kinds, want) {
		m.t.Errorf("the list has %q, want %q", kinds, want)
	}
}
