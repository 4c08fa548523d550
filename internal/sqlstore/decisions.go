package sqlstore

import (
	"context"
	"time"

	"presage"
)

const decisionColumns = `id, decided_at, vin, customer_id, workshop_id, case_id, outcome, policy_version, known`

// PutDecision keeps the record of a decision; one with the same ID is kept as it is.
func (s *Store) PutDecision(ctx context.Context, d presage.DecisionRecord) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO decisions (`+decisionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		d.ID, micros(d.At), string(d.VIN), d.CustomerID, d.WorkshopID, d.CaseID, string(d.Outcome), d.PolicyVersion,
		string(d.Known))
	return wrap(err, "keep decision "+d.ID)
}

// DecisionKept tells whether a record with the ID is kept.
func (s *Store) DecisionKept(ctx context.Context, id string) (bool, error) {
	n, err := one(ctx, s.r, scanCount, `SELECT COUNT(*) FROM decisions WHERE id = $1`, id)
	return n > 0, wrap(err, "decision "+id)
}

// Decisions lists the records of decisions, the oldest first. A record is
// written before its case: without the case there was no decision.
func (s *Store) Decisions(ctx context.Context, f presage.DecisionFilter) ([]presage.DecisionRecord, error) {
	q := choose(`SELECT ` + decisionColumns + ` FROM decisions d`)
	q.text.WriteString(` AND (case_id = '' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = d.case_id))`)
	if !f.From.IsZero() {
		q.and("decided_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		q.and("decided_at < ?", micros(f.To))
	}
	if f.AfterID != "" {
		q.and("(decided_at, id) > (SELECT b.decided_at, b.id FROM decisions b WHERE b.id = ?)", f.AfterID)
	}
	ds, err := chosen(ctx, s.r, scanDecision, q.order("decided_at, id", f.Limit))
	return ds, wrap(err, "list decisions")
}

// OffersTold lists the offers without Safety that were sent to a customer at or
// after since, each at its last text: those that MessagesSince counts.
func (s *Store) OffersTold(ctx context.Context, customerID string, since time.Time) ([]presage.ToldOffer, error) {
	told, err := all(ctx, s.r, scanToldOffer, `SELECT case_id, MAX(sent_at) FROM messages
		WHERE customer_id = $1 AND sent_at >= $2 AND sent_at > 0 AND kind = 'offer' AND NOT safety
			AND state IN ('sent', 'delivered', 'seen')
		GROUP BY offer_id, case_id ORDER BY 2, 1`, customerID, micros(since))
	return told, wrap(err, "offers told to customer "+customerID)
}

func scanToldOffer(r row) (t presage.ToldOffer, err error) {
	err = r.Scan(&t.CaseID, instant{&t.At})
	return t, err
}

func scanDecision(r row) (presage.DecisionRecord, error) {
	var d presage.DecisionRecord
	var known string
	err := r.Scan(&d.ID, instant{&d.At}, &d.VIN, &d.CustomerID, &d.WorkshopID, &d.CaseID, &d.Outcome, &d.PolicyVersion,
		&known)
	d.Known = []byte(known)
	return d, err
}
