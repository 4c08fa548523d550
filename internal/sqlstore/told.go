package sqlstore

import (
	"context"
	"time"

	"presage"
)

// lastSent bounds LastSent: nobody answers what is older than so many cases.
const lastSent = 30

// LastSent lists, for each case of the customers, the last message that was
// really sent to them over the channel, the newest first: what they may answer.
func (s *Store) LastSent(
	ctx context.Context, customerIDs []string, channel presage.ChannelName,
) ([]presage.Message, error) {
	q := &selection{}
	q.text.WriteString(`SELECT ` + messageColumns + ` FROM (SELECT ` + messageColumns + `, ROW_NUMBER() OVER
		(PARTITION BY customer_id, case_id ORDER BY sent_at DESC, created_at DESC, id DESC) AS place FROM messages
		WHERE sent_at > 0 AND channel <> 'call' AND state IN ('sent', 'delivered', 'seen')`)
	q.is("channel", string(channel)).in("customer_id", customerIDs)
	q.text.WriteString(`) told WHERE place = 1`)
	ms, err := chosen(ctx, s.r, scanMessage, q.order("sent_at DESC, created_at DESC, id DESC", lastSent))
	return ms, wrap(err, "last messages sent")
}

// Told counts the messages of the kinds that were made for the customers at or
// after since and went out or are about to: automatic answers are bounded by it.
func (s *Store) Told(ctx context.Context, customerIDs, kinds []string, since time.Time) (int, error) {
	q := choose(`SELECT COUNT(*) FROM messages`).and("created_at >= ?", micros(since)).
		in("customer_id", customerIDs).in("kind", kinds)
	q.text.WriteString(` AND state NOT IN ('failed', 'suppressed')`)
	var n int
	err := s.r.QueryRowContext(ctx, q.text.String(), q.args...).Scan(&n)
	return n, wrap(err, "count messages of a kind")
}

// in adds "column is one of vs"; of none of them nothing is selected.
func (q *selection) in(column string, vs []string) *selection {
	q.text.WriteString(" AND " + column + " IN (NULL")
	for _, v := range vs {
		q.text.WriteString(", " + q.arg(clean(v)))
	}
	q.text.WriteString(")")
	return q
}
