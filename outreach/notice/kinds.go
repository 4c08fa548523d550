package notice

import (
	"context"
	"errors"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
)

// The kinds.
const (
	escalated = "escalated"
	late      = "late"
	account   = "account"
	digest    = "digest"
)

// who is told of something at a workshop: its own address, and the staff's.
func (n *Notifier) who(workshops []presage.Workshop, id string) []presage.Email {
	to := slices.Clone(n.Staff)
	for _, w := range workshops {
		if address := addressOf(w); w.ID == id && address != "" && !slices.Contains(to, address) {
			to = append(to, address)
		}
	}
	return to
}

// addressOf is a workshop's own address, "" for none that can be mailed.
func addressOf(w presage.Workshop) presage.Email {
	address, err := presage.ParseEmail(w.Email)
	if err != nil {
		return ""
	}
	return address
}

// escalated tells of safety cases that wait for a person.
func (n *Notifier) escalated(ctx context.Context, workshops []presage.Workshop) error {
	cases, err := n.Store.Cases(ctx, presage.CaseFilter{State: presage.CaseEscalated})
	faults := []error{err}
	for _, c := range cases {
		if c.Severity == presage.Safety {
			faults = append(faults, n.oneCase(ctx, c, n.who(workshops, c.WorkshopID)))
		}
	}
	return errors.Join(faults...)
}

func (n *Notifier) oneCase(ctx context.Context, c presage.Case, to []presage.Email) error {
	if len(to) == 0 {
		return nil
	}
	events, err := n.Store.CaseEvents(ctx, c.ID)
	if err != nil {
		return err
	}
	began := c.OpenedAt
	for _, e := range events {
		if e.To == presage.CaseEscalated && e.From != presage.CaseEscalated {
			began = e.At
		}
	}
	v, err := n.Store.Vehicle(ctx, c.VIN)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return err
	}
	car, due := wording.Car(v, n.Lang), c.DueAt.UTC().Format("2006-01-02 15:04 UTC")
	return n.tell(ctx, escalated+"/"+c.ID+"/"+casework.Instant(began), to, presage.Notice{
		Kind: escalated, Subject: n.Book.In(n.Lang, "notice.escalated.subject", car),
		Text: n.Book.In(n.Lang, "notice.escalated.text", car, due), Link: n.Base + "/cases/" + c.ID,
	})
}

// late tells of conversations that nobody answered in time: they are the manager's.
func (n *Notifier) late(ctx context.Context, workshops []presage.Workshop) error {
	waiting, err := n.Store.Conversations(ctx, presage.ConversationFilter{
		State: presage.ConversationOpen, Owner: presage.OwnerManager,
	})
	faults := []error{err}
	for _, c := range waiting {
		since := c.Since.UTC().Format("2006-01-02 15:04 UTC")
		key := late + "/" + c.CustomerID + "/" + casework.Instant(c.Since)
		faults = append(faults, n.tell(ctx, key, n.who(workshops, c.WorkshopID), presage.Notice{
			Kind: late, Subject: n.Book.In(n.Lang, "notice.late.subject"), Text: n.Book.In(n.Lang, "notice.late.text", since),
			Link: n.Base + "/outreach/conversations",
		}))
	}
	return errors.Join(faults...)
}

// account tells, once an hour at most, that a provider refuses our account. Of the
// mail server's own refusal no e-mail can tell: the log and /readyz do.
func (n *Notifier) account(ctx context.Context) error {
	var faults []error
	for _, f := range n.Faults() {
		if f.Channel == presage.ChannelEmail {
			continue
		}
		hour := n.Now().UTC().Truncate(time.Hour)
		channel := n.Book.In(n.Lang, "channel."+string(f.Channel))
		key := account + "/" + string(f.Channel) + "/" + casework.Instant(hour)
		faults = append(faults, n.tell(ctx, key, n.Staff, presage.Notice{
			Kind: account, Subject: n.Book.In(n.Lang, "notice.account.subject", channel),
			Text: n.Book.In(n.Lang, "notice.account.text", channel, f.Reason), Link: n.Base + "/outbox",
		}))
	}
	return errors.Join(faults...)
}
