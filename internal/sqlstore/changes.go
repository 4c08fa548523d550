package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"presage"
)

// change is what others are told of within the transaction that makes it.
type change struct {
	kind       presage.ChangeType
	order      string // the case, or what stands for one
	subject    string
	customerID string
	who        string // a subscription with this system is not told
	at         time.Time
	data       any
}

// tell writes a change down for everybody who wants to know it; nothing when nobody does.
func tell(ctx context.Context, tx *sql.Tx, c change) error {
	to, err := all(ctx, tx, scanString, `SELECT id FROM subscriptions
		WHERE (types = '' OR types LIKE $1) AND (system_name = '' OR system_name <> $2) ORDER BY id`,
		"% "+string(c.kind)+" %", c.who)
	if err != nil || len(to) == 0 {
		return err
	}
	data, err := encode(c.data)
	if err != nil {
		return err
	}
	var n int64
	err = tx.QueryRowContext(ctx, `INSERT INTO outbox_orders (name, last) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET last = outbox_orders.last + 1 RETURNING last`, c.order).Scan(&n)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%s.%d", c.order, n)
	if _, err := tx.ExecContext(ctx, `INSERT INTO outbox_events
		(id, order_name, n, type, subject, customer_id, at, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, c.order, n, string(c.kind), c.subject, c.customerID, micros(c.at), clean(data)); err != nil {
		return err
	}
	return each(ctx, tx, `INSERT INTO outbox_deliveries (id, subscription_id, event_id, order_name, n, state, attempts,
		not_before, claimed_at, updated_at, fault) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, $6, '')`, to,
		func(sub string) ([]any, error) {
			return []any{sub + ":" + id, sub, id, c.order, n, micros(c.at)}, nil
		})
}

// tellOrder tells what an order is now.
func tellOrder(ctx context.Context, tx *sql.Tx, o presage.Order, who string) error {
	return tell(ctx, tx, change{
		kind: presage.OrderChanged, order: o.ID, subject: o.ID, who: who, at: o.UpdatedAt, data: o,
	})
}

// tellTransfer tells what a transfer is now.
func tellTransfer(ctx context.Context, tx *sql.Tx, x presage.Shipment, who string) error {
	return tell(ctx, tx, change{
		kind: presage.TransferChanged, order: x.ID, subject: x.ID, who: who, at: x.UpdatedAt, data: x,
	})
}

// tellMove tells of a movement; those of a shelf come in the order of their numbers.
func tellMove(ctx context.Context, tx *sql.Tx, m presage.StockMovement) error {
	shelf := "stock/" + url.PathEscape(m.DepotID) + "/" + url.PathEscape(m.Part)
	return tell(ctx, tx, change{
		kind: presage.StockMoved, order: shelf, subject: shelf + "/" + strconv.FormatInt(m.N, 10),
		who: m.By, at: m.RecordedAt, data: m,
	})
}

// tellBooking tells of a change of a booking; replaces is the one before a move.
func tellBooking(ctx context.Context, tx *sql.Tx, kind presage.ChangeType, b presage.Booking, x told) error {
	b.Dispatch = nil // how our people are chosen is not others' business
	return tell(ctx, tx, change{
		kind: kind, order: b.CaseID, subject: b.ID, customerID: b.CustomerID, who: x.who, at: x.at,
		data: presage.BookingChange{Booking: b, Replaces: x.replaces},
	})
}

// told is by whom and when a booking changed.
type told struct {
	who, replaces string
	at            time.Time
}

// tellSale tells that a slot was sold, instead of another or not.
func tellSale(ctx context.Context, tx *sql.Tx, b presage.Booking, r presage.Reservation) error {
	kind := presage.BookingSold
	if r.Replaces != "" {
		kind = presage.BookingMoved
	}
	return tellBooking(ctx, tx, kind, b, told{r.Event.Who, r.Replaces, r.Now})
}

// tellState tells that a booking has another state.
func tellState(ctx context.Context, tx *sql.Tx, b presage.Booking, to presage.BookingState, x told) error {
	kind, known := map[presage.BookingState]presage.ChangeType{
		presage.BookingCancelled: presage.BookingGone, presage.BookingArrived: presage.BookingCame,
		presage.BookingNoShow: presage.BookingNotCome,
	}[to]
	if !known {
		return nil
	}
	b.State, b.UpdatedAt = to, x.at
	if to == presage.BookingCancelled {
		b.Sequence++
	}
	return tellBooking(ctx, tx, kind, b, x)
}

// caseChange is what is told of a case: not its decision, which is long and ours.
type caseChange struct {
	ID         string                `json:"id"`
	VIN        presage.VIN           `json:"vin"`
	CustomerID string                `json:"customer_id"`
	WorkshopID string                `json:"workshop_id"`
	Components []presage.ComponentID `json:"components"`
	Severity   presage.Severity      `json:"severity"`
	State      presage.CaseState     `json:"state"`
	OpenedAt   time.Time             `json:"opened_at"`
	Reason     presage.Reason        `json:"reason"`
}

// tellCase tells that a case was opened or closed, if it was.
func tellCase(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	was, is := ev.From == "" || ev.From.Ended(), c.State.Ended()
	kind := presage.CaseWasOpened
	switch {
	case was == is:
		return nil
	case is:
		kind = presage.CaseWasClosed
	}
	return tell(ctx, tx, change{
		kind: kind, order: c.ID, subject: c.ID, customerID: c.CustomerID, who: ev.Who, at: ev.At, data: caseChange{
			ID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID, WorkshopID: c.WorkshopID, Components: c.Components,
			Severity: c.Severity, State: c.State, OpenedAt: c.OpenedAt, Reason: ev.Reason,
		},
	})
}

// tellRescue tells the partner's system of a rescue.
func tellRescue(
	ctx context.Context, tx *sql.Tx, kind presage.ChangeType, r presage.Rescue, ev presage.RescueEvent,
) error {
	return tell(ctx, tx, change{
		kind: kind, order: r.CaseID, subject: r.ID, customerID: r.CustomerID, who: ev.Who, at: ev.At, data: r,
	})
}

// tellResult tells what a workshop found. Without a visit the vehicle stands for the case.
func tellResult(ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, b presage.Booking, who string) error {
	order, customer := b.CaseID, b.CustomerID
	if order == "" {
		sum := sha256.Sum256([]byte(r.VIN))
		order = "v" + hex.EncodeToString(sum[:8])
		var err error
		customer, err = one(ctx, tx, scanString,
			`SELECT COALESCE(MIN(customer_id), '') FROM vehicles WHERE vin = $1`, r.VIN)
		if err != nil {
			return err
		}
	}
	return tell(ctx, tx, change{
		kind: presage.ResultStored, order: order, subject: r.BookingID, customerID: customer, who: who, at: r.At, data: r,
	})
}

// typeList is how the types of a subscription are stored.
func typeList(types []presage.ChangeType) string {
	if len(types) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString(" ")
	for _, t := range types {
		text.WriteString(string(t) + " ")
	}
	return text.String()
}

func typesOf(text string) (types []presage.ChangeType) {
	for t := range strings.FieldsSeq(text) {
		types = append(types, presage.ChangeType(t))
	}
	return types
}
