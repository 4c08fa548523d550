package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/mail"
)

// Notifier writes and sends notices. Its fields are set once, before its first use.
type Notifier struct {
	Store  Store
	Post   Poster
	Faults func() []Fault
	Book   *wording.Book
	Staff  []presage.Email // get everything
	Lang   presage.Lang
	Digest int            // hour of the daily figures, -1 for none
	Zone   *time.Location // of the figures for Staff
	Base   string         // address of the console
	Now    func() time.Time
	Log    *slog.Logger
}

// Fault is a channel whose provider refuses our account.
type Fault struct {
	Channel presage.ChannelName
	Reason  string
}

// Poster hands a letter to the mail server; *mail.Mailer is one.
type Poster interface {
	Post(ctx context.Context, l mail.Letter) (messageID string, err error)
}

// Store is what notices are made of, and where they wait.
type Store interface {
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	// Rescues lists the newest first.
	Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error)
	Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error)
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	DayFigures(ctx context.Context, workshopID string, from, to time.Time) (presage.DayFigures, error)
	Notices(ctx context.Context, f presage.NoticeFilter) ([]presage.Notice, error)
	NoticeKnown(ctx context.Context, id string) (bool, error)
	PutNotices(ctx context.Context, ns []presage.Notice) error
	ClaimNotices(ctx context.Context, now, stale time.Time, limit int) ([]presage.Notice, error)
	SaveNotice(ctx context.Context, n presage.Notice) error
}

const (
	batch    = 100
	stale    = 5 * time.Minute // beyond what one letter takes
	pause    = time.Minute
	maxPause = time.Hour
)

// Run puts what is new and sends what is due. Without either it writes nothing.
func (n *Notifier) Run(ctx context.Context) error {
	workshops, err := n.Store.Workshops(ctx)
	if err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	return errors.Join(n.rescues(ctx, workshops), n.escalated(ctx, workshops), n.late(ctx, workshops), n.account(ctx),
		n.digests(ctx, workshops), n.send(ctx))
}

func noticeID(key string, to presage.Email) string { return casework.ID("n", key+"/"+to.Key()) }

// tell puts a notice for each address, unless it is known.
func (n *Notifier) tell(ctx context.Context, key string, to []presage.Email, made presage.Notice) error {
	left, err := n.untold(ctx, key, to)
	if err != nil {
		return err
	}
	var fresh []presage.Notice
	for _, address := range left {
		made.ID, made.To = noticeID(key, address), address
		made.Lang, made.State = n.Lang, presage.NoticePlanned
		made.NotBefore, made.CreatedAt, made.UpdatedAt = n.Now(), n.Now(), n.Now()
		fresh = append(fresh, made)
	}
	if len(fresh) == 0 {
		return nil
	}
	return n.Store.PutNotices(ctx, fresh)
}

// send hands over what is due. A letter that the server does not take now waits,
// twice as long each time, up to an hour; none is given up but one whose address
// reaches nobody.
func (n *Notifier) send(ctx context.Context) error {
	for {
		due, err := n.Store.ClaimNotices(ctx, n.Now(), n.Now().Add(-stale), batch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, x := range due {
			if err := n.one(ctx, x); err != nil {
				return err
			}
		}
	}
}

func (n *Notifier) one(ctx context.Context, x presage.Notice) error {
	text := x.Text
	if x.Link != "" {
		text += "\n\n" + x.Link
	}
	_, err := n.Post.Post(ctx, mail.Letter{
		Key: x.ID, To: x.To, Lang: x.Lang, Subject: x.Subject, Text: text, Link: x.Link,
	})
	now := n.Now()
	x.UpdatedAt, x.Error = now, ""
	switch {
	case err == nil:
		x.State, x.SentAt = presage.NoticeSent, now
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, presage.ErrInvalid) && !errors.Is(err, contact.ErrAccount):
		x.State, x.Error = presage.NoticeFailed, err.Error()
		n.Log.ErrorContext(ctx, "a notice reaches nobody: mend mail.staff or the workshop's email",
			"to", x.To, "error", err)
	default:
		x.State, x.Error = presage.NoticePlanned, err.Error()
		x.NotBefore = now.Add(min(maxPause, pause<<min(x.Attempts-1, 10)))
		if x.Attempts == 1 {
			n.Log.WarnContext(ctx, "a notice waits for the mail server", "kind", x.Kind, "error", err)
		}
	}
	return n.Store.SaveNotice(ctx, x)
}
