package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

const waitColumns = `id, kind, customer_id, case_id, workshop_id, severity, owner,
	came_at, due_at, read_at, assigned_at, answered_at, closed_at, read_by`

// step is what one change does to a wait; zero times change nothing.
type step struct {
	presage.Wait

	stands bool // it waits: one begins where there is none
}

// follow keeps the wait of a conversation or a case in step with a change to it.
func (x step) follow(ctx context.Context, tx *sql.Tx, at time.Time) error {
	subject := x.CustomerID
	if x.Kind == presage.WaitCase {
		subject = x.CaseID
	}
	if x.stands {
		_, err := tx.ExecContext(ctx, `INSERT INTO waits (id, kind, customer_id, case_id, workshop_id, severity, owner,
			came_at, due_at, subject) SELECT $1, $2, $3, $4, $5, $6, '', $7, $8, $9
			WHERE NOT EXISTS (SELECT 1 FROM waits WHERE kind = $2 AND subject = $9 AND closed_at = 0)
			ON CONFLICT (id) DO NOTHING`,
			fmt.Sprintf("%s/%s/%d", x.Kind, subject, micros(x.CameAt)), string(x.Kind), x.CustomerID, x.CaseID, x.WorkshopID,
			string(x.Severity), micros(x.CameAt), micros(x.DueAt), subject)
		if err != nil {
			return err
		}
	}
	if x.Owner != "" && x.AssignedAt.IsZero() {
		x.AssignedAt = at
	}
	if x.ReadAt.IsZero() {
		x.ReadAt = x.AnsweredAt // who answers has read
	}
	_, err := tx.ExecContext(ctx, `UPDATE waits SET
		case_id = CASE WHEN $3 = '' THEN case_id ELSE $3 END,
		workshop_id = CASE WHEN $4 = '' THEN workshop_id ELSE $4 END,
		severity = $5, owner = CASE WHEN $6 = '' THEN owner ELSE $6 END,
		due_at = CASE WHEN CAST($7 AS BIGINT) > 0 AND CAST($7 AS BIGINT) < due_at THEN $7 ELSE due_at END,
		read_at = CASE WHEN read_at = 0 THEN $8 ELSE read_at END,
		read_by = CASE WHEN read_at = 0 AND CAST($8 AS BIGINT) > 0 THEN $6 ELSE read_by END,
		assigned_at = CASE WHEN assigned_at = 0 THEN $9 ELSE assigned_at END,
		answered_at = CASE WHEN answered_at = 0 THEN $10 ELSE answered_at END,
		closed_at = $11
		WHERE kind = $1 AND subject = $2 AND closed_at = 0`,
		string(x.Kind), subject, x.CaseID, x.WorkshopID, string(x.Severity), clean(x.Owner), micros(x.DueAt),
		micros(x.ReadAt), micros(x.AssignedAt), micros(x.AnsweredAt), micros(x.ClosedAt))
	return err
}

// person is an owner who is one, "" for a role.
func person(owner string) string {
	switch owner {
	case presage.OwnerOutreach, presage.OwnerAdviser, presage.OwnerWorkshop, presage.OwnerManager:
		return ""
	}
	return owner
}

// followTalk is follow for a conversation that was put.
func followTalk(ctx context.Context, tx *sql.Tx, c presage.Conversation) error {
	x := step{Wait: presage.Wait{
		Kind: presage.WaitConversation, CustomerID: c.CustomerID, CaseID: c.CaseID, WorkshopID: c.WorkshopID,
		Severity: c.Severity, Owner: person(c.Owner), CameAt: c.Since,
	}, stands: c.State == presage.ConversationOpen}
	if x.stands {
		x.DueAt = c.DueAt
	}
	switch c.Reason.Code {
	case presage.WhyAnswered, presage.WhyCalled, presage.WhyBooked: // a person has spoken to the customer
		x.AnsweredAt = c.UpdatedAt
	}
	if c.State == presage.ConversationClosed {
		x.ClosedAt = c.UpdatedAt
	}
	return x.follow(ctx, tx, c.UpdatedAt)
}

// followCase is follow for a case and its event.
func followCase(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	if ev.From != presage.CaseEscalated && ev.To != presage.CaseEscalated {
		return nil
	}
	x := step{Wait: presage.Wait{
		Kind: presage.WaitCase, CustomerID: c.CustomerID, CaseID: c.ID, WorkshopID: c.WorkshopID, Severity: c.Severity,
		Owner: person(c.Owner), CameAt: ev.At, DueAt: c.DueAt,
	}, stands: ev.To == presage.CaseEscalated && ev.From != ev.To}
	if ev.From == presage.CaseEscalated {
		x.DueAt = time.Time{} // what a person puts off is not answered later for that
		switch ev.Reason.Code {
		case presage.WhyAnswered, presage.WhyCalled:
			x.AnsweredAt = ev.At
		}
		if x.Owner == "" && ev.Reason.Args["at"] != "" { // a person did it
			x.Owner = person(ev.Who)
		}
	}
	if ev.To != presage.CaseEscalated {
		x.Owner, x.ClosedAt = "", ev.At
	}
	return x.follow(ctx, tx, ev.At)
}

// ReadWait notes that a person, who may be "", has read what waits; the first time counts.
func (s *Store) ReadWait(ctx context.Context, kind presage.WaitKind, id, who string, at time.Time) error {
	_, err := s.rows(ctx, `UPDATE waits SET read_at = $1, read_by = $4
		WHERE kind = $2 AND subject = $3 AND closed_at = 0 AND read_at = 0`, micros(at), string(kind), id, clean(who))
	return wrap(err, "note that "+string(kind)+" "+id+" was read")
}

// Waits lists the times in which somebody waited for a person, the oldest first.
func (s *Store) Waits(ctx context.Context, f presage.WaitFilter) ([]presage.Wait, error) {
	q := choose(`SELECT `+waitColumns+` FROM waits`).is("workshop_id", f.WorkshopID)
	if !f.From.IsZero() {
		q.and("came_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		q.and("came_at < ?", micros(f.To))
	}
	if f.Open {
		q.and("closed_at = ?", 0)
	}
	ws, err := chosen(ctx, s.r, scanWait, q.order("came_at, id", f.Limit))
	return ws, wrap(err, "list waits")
}

func scanWait(r row) (presage.Wait, error) {
	var w presage.Wait
	err := r.Scan(&w.ID, &w.Kind, &w.CustomerID, &w.CaseID, &w.WorkshopID, &w.Severity, &w.Owner, instant{&w.CameAt},
		instant{&w.DueAt}, instant{&w.ReadAt}, instant{&w.AssignedAt}, instant{&w.AnsweredAt}, instant{&w.ClosedAt},
		&w.ReadBy)
	return w, err
}
