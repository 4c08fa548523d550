package web

import (
	"context"

	"presage"
)

// Notices reads the e-mails to our own people; see rest.Notices.
type Notices interface {
	Notices(ctx context.Context, f presage.NoticeFilter) ([]presage.Notice, error)
}

// noticeRows is how many of the newest a page shows.
const noticeRows = 10

func (s *Site) newestNotices(ctx context.Context) ([]presage.Notice, error) {
	return s.Notices.Notices(ctx, presage.NoticeFilter{Limit: noticeRows})
}
