package app

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach"
	"presage/outreach/link"
	"presage/outreach/mail"
	"presage/outreach/notice"
)

// openMail makes the e-mail channel. Nothing calls back: what ends e-mails is a
// page of the service.
func (a *App) openMail(links *link.Signer) (outreach.Channel, mount, error) {
	post, err := mail.NewMailer(a.cfg.Mail.Config(a.cfg.Outreach.ClaimTimeout), a.Clock.Now)
	if err != nil {
		return nil, nil, err
	}
	book, err := wording.Open()
	if err != nil {
		return nil, nil, err
	}
	return mail.New(post, mail.Deps{Links: links, Footer: book.Footer()}), nil, nil
}

// openNotices makes what tells our own people, where a mail server is configured.
func (a *App) openNotices() error {
	m := a.cfg.Mail
	if m.Host == "" {
		return nil
	}
	post, err := mail.NewMailer(m.Config(a.cfg.Outreach.ClaimTimeout), a.Clock.Now)
	if err != nil {
		return err
	}
	book, err := wording.Open()
	if err != nil {
		return err
	}
	var staff []presage.Email
	for _, text := range m.Staff {
		address, err := presage.ParseEmail(text)
		if err != nil {
			return fmt.Errorf("mail.staff: %w", err)
		}
		staff = append(staff, address)
	}
	zone, err := time.LoadLocation(a.cfg.Schedule.Zone)
	if err != nil {
		return fmt.Errorf("schedule.zone: %w: %w", presage.ErrInvalid, err)
	}
	a.notices = &notice.Notifier{
		Store: a.SQL, Post: post, Book: book, Staff: staff, Lang: presage.Lang(m.StaffLang), Digest: m.DigestHour, Zone: zone,
		Base: a.baseURL(), Now: a.Clock.Now, Log: a.log,
		Faults: func() (all []notice.Fault) {
			for _, f := range a.Outreach.Faults() {
				all = append(all, notice.Fault{Channel: f.Channel, Reason: f.Reason})
			}
			return all
		},
	}
	return nil
}

// Notify tells our own people what is new.
func (a *App) Notify(ctx context.Context) error {
	if a.notices == nil {
		return nil
	}
	return wrap("notices", a.notices.Run(ctx))
}
