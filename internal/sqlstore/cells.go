package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

// cellSeconds is the length of a cell, the smallest time that is sold.
const cellSeconds = 15 * 60

// cellsOf is the half-open range of cells that [start, end) touches.
func cellsOf(start, end time.Time) (first, past int64) {
	return start.Unix() / cellSeconds, (end.Unix() + cellSeconds - 1) / cellSeconds
}

// Busy lists the taken times of a workshop's bays and technicians that touch
// [from, to), in whole quarters of an hour, by resource and time; neighbouring
// ones are merged.
func (s *Store) Busy(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Busy, error) {
	first, past := cellsOf(from, to)
	rows, err := s.r.QueryContext(ctx, `SELECT resource, cell FROM booking_cells
		WHERE workshop_id = $1 AND cell >= $2 AND cell < $3 ORDER BY resource, cell`, workshopID, first, past)
	if err != nil {
		return nil, wrap(err, "calendar of workshop "+workshopID)
	}
	defer rows.Close() // rows.Err has what matters
	var out []presage.Busy
	for rows.Next() {
		var resource string
		var cell int64
		if err := rows.Scan(&resource, &cell); err != nil {
			return nil, wrap(err, "calendar of workshop "+workshopID)
		}
		start, end := time.Unix(cell*cellSeconds, 0).UTC(), time.Unix((cell+1)*cellSeconds, 0).UTC()
		if n := len(out); n > 0 && out[n-1].Resource == resource && out[n-1].End.Equal(start) {
			out[n-1].End = end
			continue
		}
		out = append(out, presage.Busy{Resource: resource, Start: start, End: end})
	}
	return out, wrap(rows.Err(), "calendar of workshop "+workshopID)
}

// sell takes all cells of the first candidate that is free and returns it.
// ErrConflict if none is.
func sell(ctx context.Context, tx *sql.Tx, b presage.Booking, what string, candidates []string) (string, error) {
	for _, resource := range candidates {
		free, err := take(ctx, tx, b, resource)
		if err != nil {
			return "", err
		}
		if free {
			return resource, nil
		}
	}
	return "", fmt.Errorf("%w: no %s is free from %s to %s", presage.ErrConflict, what,
		b.Start.UTC().Format(time.RFC3339), b.End.UTC().Format(time.RFC3339))
}

func take(ctx context.Context, tx *sql.Tx, b presage.Booking, resource string) (bool, error) {
	for _, hours := range b.Sold() {
		free, err := takeCells(ctx, tx, b, resource, hours)
		if err == nil && !free {
			_, err = tx.ExecContext(ctx, `DELETE FROM booking_cells WHERE booking_id = $1 AND resource = $2`, b.ID, resource)
		}
		if err != nil || !free {
			return false, err
		}
	}
	return true, nil
}

func takeCells(ctx context.Context, tx *sql.Tx, b presage.Booking, resource string, hours presage.Span) (bool, error) {
	first, past := cellsOf(hours.From, hours.To)
	for cell := first; cell < past; cell++ {
		res, err := tx.ExecContext(ctx, `INSERT INTO booking_cells (resource, cell, workshop_id, booking_id)
			VALUES ($1, $2, $3, $4) ON CONFLICT (resource, cell) DO NOTHING`, resource, cell, b.WorkshopID, b.ID)
		if err != nil {
			return false, err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return false, err
		}
	}
	return true, nil
}
