package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// PersonalData returns everything about a customer as it stands at one moment,
// or ErrNotFound.
func (s *Store) PersonalData(ctx context.Context, customerID string) (presage.PersonalData, error) {
	data := presage.PersonalData{CustomerID: customerID}
	err := s.inTx(ctx, "personal data of customer "+customerID, func(tx *sql.Tx) error {
		data.Tables, data.Files = nil, []presage.PersonalFile{}
		if err := customerKnown(ctx, tx, customerID); err != nil {
			return err
		}
		for _, t := range personalTables() {
			rows, err := t.read(ctx, tx, customerID)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			data.Tables = append(data.Tables, rows)
		}
		photos, err := all(ctx, tx, scanPhotoFile, `SELECT `+photoColumns+`, small, body FROM job_photos
			WHERE booking_id IN (SELECT id FROM bookings WHERE customer_id = $1) ORDER BY added_at, id`, customerID)
		for _, p := range photos {
			data.Files = append(data.Files, presage.PersonalFile{
				Name: "photos/" + p.ID + ".jpg", Type: "image/jpeg", Data: p.Body,
			})
		}
		return err
	})
	return data, err
}

func customerKnown(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := one(ctx, tx, scanString, `SELECT id FROM customers WHERE id = $1`, id)
	return err
}

// read returns the customer's rows with every column that is not secret.
func (t personal) read(ctx context.Context, tx *sql.Tx, customerID string) (presage.PersonalTable, error) {
	out := presage.PersonalTable{Name: t.name, Rows: []json.RawMessage{}}
	columns, rows, err := wholeRows(ctx, tx, `SELECT * FROM `+t.name+` WHERE `+t.mine, customerID)
	if err != nil {
		return out, err
	}
	for _, c := range columns {
		if !slices.Contains(t.secret, c) {
			out.Columns = append(out.Columns, c)
		}
	}
	for _, whole := range rows {
		row := make(map[string]any, len(out.Columns))
		for _, c := range out.Columns {
			row[c] = readable(c, whole[c])
		}
		if body, packed := whole["body"].(string); packed && t.name == "vehicle_prognoses" {
			vin, _ := whole["vin"].(string)
			if row["body"], err = prognosesIn(presage.VIN(vin), []byte(body)); err != nil {
				return out, err
			}
		}
		text, err := json.Marshal(row)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, text)
	}
	return out, nil
}

// readable is a column's value as a person reads it: instants as RFC 3339, nil
// for none, documents as what they hold.
func readable(column string, v any) any {
	switch x := v.(type) {
	case int64:
		if !timed(column) {
			return x
		}
		if x == 0 {
			return nil
		}
		return time.UnixMicro(x).UTC().Format(time.RFC3339)
	case string:
		if strings.HasPrefix(x, "{") || strings.HasPrefix(x, "[") {
			if json.Valid([]byte(x)) {
				return json.RawMessage(x)
			}
		}
	}
	return v
}

// timed tells whether a column holds instants, by its name.
func timed(column string) bool {
	return strings.HasSuffix(column, "_at") || slices.Contains([]string{
		"at", "since", "not_before", "visit_by", "held_until", "as_of", "data_through", "last_seen", "in_service",
	}, column)
}
