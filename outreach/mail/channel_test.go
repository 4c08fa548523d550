package mail_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/link"
	"presage/outreach/mail"
	"presage/outreach/mail/mailtest"
)

func now() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

func channel(t *testing.T, cfg mail.Config) *mail.Channel {
	t.Helper()
	links, err := link.NewSigner("a key of 32 characters, or longer", "https://service.example")
	if err != nil {
		t.Fatal(err)
	}
	post, err := mail.NewMailer(cfg, now)
	if err != nil {
		t.Fatal(err)
	}
	return mail.New(post, mail.Deps{Links: links, Footer: presage.Text{ZH: "退订邮件：", EN: "To end these e-mails:"}})
}

const anna = "anna@example.com"

func text() (presage.Message, presage.Customer) {
	return presage.Message{
		ID: "m1", Key: "offer/o1/email", Kind: "offer", Lang: presage.English, Title: "Lumen E3: front brake pads",
		Body: "Hello Anna,\n\nyour front brake pads <87%> are worn.\n\nChoose a time:\nhttps://service.example/b/abc",
		Link: "https://service.example/b/abc", CreatedAt: now(),
	}, presage.Customer{ID: "k1", Email: anna}
}

func TestALetterIsRead(t *testing.T) {
	t.Parallel()
	for _, secrecy := range []string{mail.Plain, mail.STARTTLS, mail.Implicit} {
		t.Run(secrecy, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t, mailtest.Options{TLS: secrecy, Username: "norvik", Password: "open sesame"})
			m, c := text()
			id, err := channel(t, server.Config()).Send(t.Context(), m, c)
			if err != nil {
				t.Fatal(err)
			}
			sent := server.Sent()
			if len(sent) != 1 || sent[0].To != anna || sent[0].From != "service@norvik.example" || sent[0].ID != "<"+id+">" {
				t.Fatalf("the server has %+v, the channel says %q", sent, id)
			}
			plain, page := sent[0].Part("text/plain"), sent[0].Part("text/html")
			if sent[0].Header("Subject") != m.Title || sent[0].Header("Content-Language") != "en" {
				t.Errorf("headers of %s", sent[0].Raw)
			}
			if !strings.HasPrefix(plain, m.Body+"\n\n-- \nTo end these e-mails: https://service.example/u/") {
				t.Errorf("the text is %q", plain)
			}
			for _, part := range []string{"brake pads &lt;87%&gt; are worn", `<a href="https://service.example/b/abc"`, `lang="en"`} {
				if !strings.Contains(page, part) {
					t.Errorf("%q is not in %s", part, page)
				}
			}
		})
	}
}

func TestChinese(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	m, c := text()
	m.Lang, m.Title, m.Body = presage.Chinese, "启明E3：前制动片", "王伟您好，\n\n您的前制动片已磨损87%。"
	if _, err := channel(t, server.Config()).Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	sent := server.Sent()[0]
	if sent.Header("Subject") != m.Title || !strings.HasPrefix(sent.Part("text/plain"), m.Body+"\n\n-- \n退订邮件： https://") {
		t.Errorf("the server has %q: %q", sent.Header("Subject"), sent.Part("text/plain"))
	}
}

// RFC 8058, section 3.1: both headers, and an https address.
func TestUnsubscribeHeaders(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	m, c := text()
	if _, err := channel(t, server.Config()).Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	sent := server.Sent()[0]
	at := strings.Trim(sent.Header("List-Unsubscribe"), "<>")
	if sent.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(at, "https://service.example/u/") {
		t.Fatalf("headers %q, %q", sent.Header("List-Unsubscribe-Post"), at)
	}
	links, err := link.NewSigner("a key of 32 characters, or longer", "https://service.example")
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(at, "/u/")
	if id, err := links.ReadUnsubscribe(token, now().AddDate(4, 0, 0)); id != "k1" || err != nil {
		t.Errorf("the link is of %q, %v", id, err)
	}
	if _, err := links.ReadUnsubscribe(links.Sign("o1", now().Add(time.Hour)), now()); !errors.Is(err, presage.ErrForbidden) {
		t.Errorf("a booking link ends e-mails: %v", err)
	}
}

func TestNoHeaderIsSmuggledIn(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	m, c := text()
	m.Title = "Brakes\r\nBcc: eve@example.com\r\n\r\nbody"
	m.Body = "hello\r\n.\r\nMAIL FROM:<eve@example.com>"
	if _, err := channel(t, server.Config()).Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	sent := server.Sent()
	if len(sent) != 1 || sent[0].Header("Bcc") != "" || sent[0].Header("Subject") != "Brakes Bcc: eve@example.com body" {
		t.Errorf("the server has %d: %s", len(sent), sent[0].Raw)
	}
	c.Email = "anna@example.com>\r\nRCPT TO:<eve@example.com"
	if _, err := channel(t, server.Config()).Send(t.Context(), m, c); !errors.Is(err, presage.ErrInvalid) || len(server.Sent()) != 1 {
		t.Errorf("%v, %d sent", err, len(server.Sent()))
	}
}

func TestErrorsByWhatToDo(t *testing.T) {
	t.Parallel()
	both := errors.Join(contact.ErrAccount, presage.ErrInvalid)
	for name, tc := range map[string]struct {
		fault mailtest.Fault
		want  error
	}{
		"no such mailbox":       {mailtest.Fault{At: mailtest.AtRecipient, Code: 550, Enhanced: [3]int{5, 1, 1}}, contact.ErrBadAddress},
		"no such domain":        {mailtest.Fault{At: mailtest.AtRecipient, Code: 550, Enhanced: [3]int{5, 1, 2}}, contact.ErrBadAddress},
		"mailbox closed":        {mailtest.Fault{At: mailtest.AtData, Code: 550, Enhanced: [3]int{5, 2, 1}}, contact.ErrBadAddress},
		"mailbox full for good": {mailtest.Fault{At: mailtest.AtRecipient, Code: 552, Enhanced: [3]int{5, 2, 2}}, presage.ErrInvalid},
		"taken for spam":        {mailtest.Fault{At: mailtest.AtData, Code: 554, Enhanced: [3]int{5, 7, 1}}, both},
		"no relay":              {mailtest.Fault{At: mailtest.AtRecipient, Code: 550, Enhanced: [3]int{5, 7, 1}}, both},
		"sender refused":        {mailtest.Fault{At: mailtest.AtSender, Code: 550, Enhanced: [3]int{5, 7, 60}}, contact.ErrAccount},
		"grey list":             {mailtest.Fault{At: mailtest.AtRecipient, Code: 451, Enhanced: [3]int{4, 7, 1}}, presage.ErrUnavailable},
		"too many connections":  {mailtest.Fault{At: mailtest.AtConnect, Code: 421, Enhanced: [3]int{4, 7, 0}}, presage.ErrUnavailable},
		"turned away":           {mailtest.Fault{At: mailtest.AtConnect, Code: 554, Enhanced: [3]int{5, 7, 1}}, contact.ErrAccount},
		"goes away":             {mailtest.Fault{At: mailtest.AtData, Code: 421, Enhanced: [3]int{4, 3, 2}}, presage.ErrUnavailable},
		"broken in the text":    {mailtest.Fault{At: mailtest.AtData, Broken: true}, presage.ErrUnavailable},
		"lost":                  {mailtest.Fault{At: mailtest.AtData, Lost: true}, presage.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t, mailtest.Options{})
			m, c := text()
			server.Fail(tc.fault, tc.fault) // whose EHLO is refused tries HELO
			_, err := channel(t, server.Config()).Send(t.Context(), m, c)
			for _, kind := range []error{contact.ErrAccount, contact.ErrBadAddress, presage.ErrInvalid, presage.ErrUnavailable} {
				if errors.Is(err, kind) != errors.Is(tc.want, kind) {
					t.Errorf("%v, want %v", err, tc.want)
				}
			}
			if strings.Contains(err.Error(), "anna") || strings.Contains(err.Error(), "welcome") {
				t.Errorf("the address or the server's text is in %v", err)
			}
		})
	}
}

// The guarantee: at least once, with one Message-ID.
func TestALostAnswerIsShownOnce(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	ch := channel(t, server.Config())
	m, c := text()
	server.Fail(mailtest.Fault{At: mailtest.AtData, Lost: true})
	if _, err := ch.Send(t.Context(), m, c); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatal(err)
	}
	if _, found, err := ch.Find(t.Context(), m, c); found || err != nil {
		t.Fatalf("found %v, %v: SMTP cannot be asked", found, err)
	}
	if _, err := ch.Send(t.Context(), m, c); err != nil {
		t.Fatal(err)
	}
	if len(server.Sent()) != 2 || len(server.Shown(anna)) != 1 {
		t.Errorf("accepted %d, shown %d; want 2 and 1", len(server.Sent()), len(server.Shown(anna)))
	}
	m.Key = "reminder/b1/email"
	if _, err := ch.Send(t.Context(), m, c); err != nil || len(server.Shown(anna)) != 2 {
		t.Errorf("another message took its place: %v, %v", server.Shown(anna), err)
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	t.Parallel()
	open := mailtest.Options{TLS: mail.STARTTLS, Username: "norvik", Password: "open sesame"}
	for name, tc := range map[string]struct {
		server mailtest.Options
		change func(*mail.Config)
		want   error
	}{
		"wrong password":       {open, func(c *mail.Config) { c.Password = "hunter22" }, contact.ErrAccount},
		"no login":             {open, func(c *mail.Config) { c.Username, c.Password = "", "" }, contact.ErrAccount},
		"unknown authority":    {open, func(c *mail.Config) { c.Roots = nil }, contact.ErrAccount},
		"no STARTTLS there":    {mailtest.Options{}, func(c *mail.Config) { c.TLS = mail.STARTTLS }, contact.ErrAccount},
		"no TLS there":         {mailtest.Options{}, func(c *mail.Config) { c.TLS = mail.Implicit }, contact.ErrAccount},
		"no login asked for":   {mailtest.Options{}, func(c *mail.Config) { c.Username, c.Password = "a", "b" }, contact.ErrAccount},
		"nobody listens there": {mailtest.Options{}, func(c *mail.Config) { c.Port = 1 }, presage.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t, tc.server)
			cfg := server.Config()
			tc.change(&cfg)
			m, c := text()
			_, err := channel(t, cfg).Send(t.Context(), m, c)
			if !errors.Is(err, tc.want) || errors.Is(err, presage.ErrInvalid) || len(server.Sent()) != 0 {
				t.Errorf("%v with %d sent, want %v", err, len(server.Sent()), tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter22") {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cfg  mail.Config
		want []string
	}{
		"nothing":         {mail.Config{}, []string{"mail.host", "mail.tls", "mail.from"}},
		"a URL":           {mail.Config{Host: "smtp://mail.example:25", TLS: "starttls", From: "a@b.example"}, []string{"mail.host"}},
		"plain, far away": {mail.Config{Host: "mail.example", TLS: "none", From: "a@b.example"}, []string{"mail.tls"}},
		"half a login":    {mail.Config{Host: "mail.example", TLS: "starttls", From: "a@b.example", Username: "x"}, []string{"mail.password"}},
		"port and sender": {mail.Config{Host: "mail.example", Port: 70000, TLS: "starttls", From: "nobody", ReplyTo: "x"}, []string{"mail.port", "mail.from", "mail.reply_to"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mail.NewMailer(tc.cfg, now)
			for _, part := range tc.want {
				if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), part) {
					t.Errorf("%s is not named in %v", part, err)
				}
			}
			if err != nil && strings.Count(err.Error(), "want") != len(tc.want) {
				t.Errorf("%v, want %d faults", err, len(tc.want))
			}
		})
	}
}

// What chaos-outreach spoils its letters with: who leaves before a late answer is
// told, who waits for it is not, and a course that refuses takes nothing.
func TestACourseOfTheServer(t *testing.T) {
	t.Parallel()
	gone := make(chan string, 1)
	courses := map[string]mailtest.Fault{
		"slow@example.com": {At: mailtest.AtData, Delay: time.Hour, Gone: func() { gone <- "slow" }},
		"soon@example.com": {At: mailtest.AtData, Delay: time.Millisecond, Gone: func() { gone <- "soon" }},
		"grey@example.com": {At: mailtest.AtRecipient, Code: 451, Enhanced: [3]int{4, 7, 1}},
		"busy@example.com": {At: mailtest.AtData, Code: 421, Enhanced: [3]int{4, 3, 2}},
	}
	server := mailtest.New(t, mailtest.Options{Course: func(to string) mailtest.Fault { return courses[to] }})
	ch := channel(t, server.Config())
	m, c := text()
	send := func(to presage.Email) error {
		c.Email = to
		_, err := ch.Send(t.Context(), m, c)
		return err
	}
	for _, to := range []presage.Email{"grey@example.com", "busy@example.com"} {
		if err := send(to); !errors.Is(err, presage.ErrUnavailable) || len(server.Sent()) != 0 {
			t.Errorf("%s: %v, %d sent", to, err, len(server.Sent()))
		}
	}
	if err := send("soon@example.com"); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	c.Email = "slow@example.com"
	go func(c presage.Customer) {
		_, err := ch.Send(ctx, m, c)
		failed <- err
	}(c)
	for len(server.Shown("slow@example.com")) == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-failed; !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("it left, and says %v", err)
	}
	if who := <-gone; who != "slow" {
		t.Errorf("%s was told", who)
	}
}
