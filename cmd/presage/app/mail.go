package app

import (
	"presage/internal/wording"
	"presage/outreach"
	"presage/outreach/link"
	"presage/outreach/mail"
)

// openMail makes the e-mail channel. Nothing calls back: what ends e-mails is a
// page of the service.
func (a *App) openMail(links *link.Signer) (outreach.Channel, mount, error) {
	post, err := mail.NewMailer(a.cfg.Mail.Config(), a.Clock.Now)
	if err != nil {
		return nil, nil, err
	}
	book, err := wording.Open()
	if err != nil {
		return nil, nil, err
	}
	return mail.New(post, mail.Deps{Links: links, Footer: book.Footer()}), nil, nil
}
