package sqlstore

import (
	"context"

	"presage"
)

// Notices lists notices, the newest first.
func (s *Store) Notices(ctx context.Context, f presage.NoticeFilter) ([]presage.Notice, error) {
	q := choose(`SELECT `+noticeColumns+` FROM notices`).
		is("kind", f.Kind).is("recipient", string(f.To)).is("state", string(f.State))
	if !f.CreatedBefore.IsZero() {
		q.and("created_at < ?", micros(f.CreatedBefore))
	}
	if f.BeforeID != "" {
		q.and("(created_at, id) < (SELECT b.created_at, b.id FROM notices b WHERE b.id = ?)", f.BeforeID)
	}
	ns, err := chosen(ctx, s.r, scanNotice, q.order("created_at DESC, id DESC", f.Limit))
	return ns, wrap(err, "list notices")
}
