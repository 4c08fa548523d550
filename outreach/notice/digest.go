package notice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/outreach/contact"
)

// digests tells each workshop of its own day before, and the staff of all of them.
func (n *Notifier) digests(ctx context.Context, workshops []presage.Workshop) error {
	if n.Digest < 0 {
		return nil
	}
	faults := []error{n.day(ctx, presage.Workshop{Name: wholeFleet()}, n.Zone, n.Staff)}
	for _, w := range workshops {
		if address := addressOf(w); address != "" {
			faults = append(faults, n.day(ctx, w, contact.ZoneOf(w.Zone), []presage.Email{address}))
		}
	}
	return errors.Join(faults...)
}

func wholeFleet() presage.Text { return presage.Text{ZH: "全部网点", EN: "all workshops"} }

// day tells of yesterday from the hour of the digest on, and, late, of the day
// before whose hour no process saw.
func (n *Notifier) day(ctx context.Context, w presage.Workshop, zone *time.Location, to []presage.Email) error {
	now := n.Now().In(zone)
	y, m, d := now.Date()
	var faults []error
	for back := 1; back >= 0; back-- {
		hour := time.Date(y, m, d-back, n.Digest, 0, 0, 0, zone)
		if len(to) == 0 || now.Before(hour) {
			continue
		}
		from, until := time.Date(y, m, d-back-1, 0, 0, 0, 0, zone), time.Date(y, m, d-back, 0, 0, 0, 0, zone)
		key := digest + "/" + w.ID + "/" + from.Format(time.DateOnly)
		whom, err := n.untold(ctx, key, to)
		if err == nil && back > 0 {
			whom, err = n.usedTo(ctx, hour, whom)
		}
		if err == nil && len(whom) > 0 {
			err = n.figures(ctx, key, w, span{from, until}, whom)
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// untold are those who have no notice of a key.
func (n *Notifier) untold(ctx context.Context, key string, to []presage.Email) (left []presage.Email, err error) {
	for _, address := range to {
		known, err := n.Store.NoticeKnown(ctx, noticeID(key, address))
		if err != nil {
			return nil, err
		}
		if !known {
			left = append(left, address)
		}
	}
	return left, nil
}

// usedTo are those who had figures before an hour: who is new has missed none.
func (n *Notifier) usedTo(ctx context.Context, hour time.Time, to []presage.Email) (old []presage.Email, err error) {
	for _, address := range to {
		had, err := n.Store.Notices(ctx, presage.NoticeFilter{Kind: digest, To: address, CreatedBefore: hour, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(had) > 0 {
			old = append(old, address)
		}
	}
	return old, nil
}

type span struct{ from, until time.Time }

// figures tells of a day.
func (n *Notifier) figures(ctx context.Context, key string, w presage.Workshop, day span, to []presage.Email) error {
	f, err := n.Store.DayFigures(ctx, w.ID, day.from, day.until)
	if err != nil {
		return err
	}
	name, date := w.Name.In(n.Lang), day.from.Format(time.DateOnly)
	lines := []string{n.Book.In(n.Lang, "notice.digest.text", name, date), ""}
	for _, x := range []struct {
		key    string
		figure int
	}{
		{"offers", f.Offers},
		{"messages", f.Messages},
		{"answered", f.Answered},
		{"booked", f.Booked},
		{"cancelled", f.Cancelled},
		{"no_shows", f.NoShows},
		{"visits", f.Visits},
		{"waiting", f.Waiting},
	} {
		lines = append(lines, fmt.Sprintf("%s: %d", n.Book.In(n.Lang, "notice.digest."+x.key), x.figure))
	}
	return n.tell(ctx, key, to, presage.Notice{
		Kind: digest, Subject: n.Book.In(n.Lang, "notice.digest.subject", name, date), Text: strings.Join(lines, "\n"),
		Link: n.Base + "/",
	})
}
