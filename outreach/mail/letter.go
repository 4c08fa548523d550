package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"html/template"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"presage"
)

// Letter is one e-mail.
type Letter struct {
	Key     string // its Message-ID follows from it: the same key is the same message
	To      presage.Email
	Lang    presage.Lang
	Subject string
	Text    string // paragraphs, with an empty line between two
	Link    string // of those in the text, the one that is a button in HTML; "" for none
	// Unsubscribe is the signed address by which the reader ends e-mails, Footer
	// the words before it; both "" in a letter to our own people.
	Unsubscribe string
	Footer      string
}

// messageID is fixed by the letter's key and the sender's domain.
func (l Letter) messageID(from *netmail.Address) string {
	sum := sha256.Sum256([]byte(l.Key))
	_, domain, _ := strings.Cut(from.Address, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

// write makes the message. Whatever a header is given, it stays one header.
func (m *Mailer) write(l Letter) (*gomail.Msg, error) {
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	out.FromMailAddress(m.from)
	if err := out.To(string(l.To)); err != nil {
		return nil, fmt.Errorf("mail: %w: the customer's address cannot be used", presage.ErrInvalid)
	}
	if m.replyTo != nil {
		out.ReplyToMailAddress(m.replyTo)
	}
	out.SetMessageIDWithValue(l.messageID(m.from))
	out.SetDateWithValue(m.now())
	out.Subject(oneLine(l.Subject))
	out.SetGenHeader("Content-Language", string(l.Lang))
	// Nobody's holiday notice answers a machine (RFC 3834).
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	text := l.Text
	if l.Unsubscribe != "" {
		out.SetListUnsubscribe(l.Unsubscribe)
		out.SetListUnsubscribePost()
		text += "\n\n-- \n" + l.Footer + " " + l.Unsubscribe
	}
	out.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n")
	page, err := l.html()
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	out.AddAlternativeString(gomail.TypeTextHTML, page)
	return out, nil
}

// oneLine keeps what a header is given from being a second header.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}

var sheet = template.Must(template.New("").Parse( //nolint:gochecknoglobals // a template is parsed once
	`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;background:#f4f5f7;color:#1c2430;font:16px/1.5 sans-serif">
<div style="max-width:36em;margin:0 auto;padding:24px;background:#fff">
{{range .Paragraphs}}<p style="margin:0 0 16px">{{.}}</p>
{{end}}{{with .Unsubscribe}}<p style="margin:24px 0 0;color:#5b6675;font-size:13px">` +
		`{{$.Footer}} <a href="{{.}}" style="color:#5b6675">{{.}}</a></p>
{{end}}</div></body></html>
`))

// html is the letter as a page: the same words, the link to be tapped.
func (l Letter) html() (string, error) {
	view := struct {
		Letter
		Paragraphs []template.HTML
	}{Letter: l}
	for p := range strings.SplitSeq(l.Text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			view.Paragraphs = append(view.Paragraphs, l.paragraph(p))
		}
	}
	var out strings.Builder
	err := sheet.Execute(&out, view)
	return out.String(), err
}

// paragraph escapes all, then breaks the lines and makes the letter's own link
// one that can be tapped.
func (l Letter) paragraph(text string) template.HTML {
	safe := strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n")
	if l.Link != "" && (strings.HasPrefix(l.Link, "https://") || strings.HasPrefix(l.Link, "http://")) {
		link := html.EscapeString(l.Link)
		safe = strings.ReplaceAll(safe, link, `<a href="`+link+`" style="color:#0b5cad;font-weight:bold">`+link+`</a>`)
	}
	return template.HTML(safe) //nolint:gosec // every character of it was escaped above
}
