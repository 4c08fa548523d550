package sqlstore

import (
	"context"

	"presage"
)

// React notes that a customer saw or answered a message that left; the first
// time of each counts. None that is meant is no error: an offer may be known
// from a person.
func (s *Store) React(ctx context.Context, x presage.Reaction) error {
	_, err := s.w.ExecContext(ctx, `UPDATE messages SET state = 'seen',
		delivered_at = CASE WHEN delivered_at = 0 THEN $3 ELSE delivered_at END,
		seen_at = CASE WHEN seen_at = 0 THEN $3 ELSE seen_at END,
		answered_at = CASE WHEN answered_at = 0 AND $4 THEN $3 ELSE answered_at END
		WHERE state IN ('sent', 'delivered', 'seen') AND id = CASE WHEN $1 <> '' THEN $1 ELSE (
			SELECT k.id FROM messages k WHERE k.offer_id = $2 AND k.offer_id <> '' AND k.sent_at > 0
				AND k.channel <> 'call' AND k.state IN ('sent', 'delivered', 'seen')
			ORDER BY k.sent_at DESC, k.created_at DESC, k.id DESC LIMIT 1) END`,
		x.MessageID, x.OfferID, micros(x.At), x.Answered)
	return wrap(err, "note a reaction to a message")
}
