package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"presage"
)

const suppressionInsert = `INSERT INTO suppressions (address, channel, since, source) VALUES ($1, $2, $3, $4)
	ON CONFLICT (address, channel) DO NOTHING`

// Suppress keeps that a number wants nothing more over a channel; the first time
// stands. No customer needs to have the number.
func (s *Store) Suppress(ctx context.Context, xs ...presage.Suppression) error {
	return put(s, suppressionInsert, xs, suppressionArgs)(ctx, "suppress a number")
}

// Lift ends what a number has stopped on the channels.
func (s *Store) Lift(ctx context.Context, phone presage.Phone, channels ...presage.ChannelName) error {
	return s.inTx(ctx, "lift a suppression", func(tx *sql.Tx) error { return lift(ctx, tx, string(phone), channels) })
}

// Suppressed lists what a number has stopped, by channel; nothing is no error.
func (s *Store) Suppressed(ctx context.Context, phone presage.Phone) ([]presage.Suppression, error) {
	xs, err := all(ctx, s.r, func(r row) (presage.Suppression, error) {
		var x presage.Suppression
		err := r.Scan(&x.Address, &x.Channel, instant{&x.Since}, &x.Source)
		return x, err
	}, `SELECT address, channel, since, source FROM suppressions WHERE address = $1 ORDER BY channel`, string(phone))
	return xs, wrap(err, "suppressions of "+phone.Masked())
}

func suppressionArgs(x presage.Suppression) ([]any, error) {
	return []any{x.Address, string(x.Channel), micros(x.Since), clean(x.Source)}, nil
}

func lift(ctx context.Context, tx *sql.Tx, address string, channels []presage.ChannelName) error {
	const stmt = `DELETE FROM suppressions WHERE address = $1 AND channel = $2`
	return each(ctx, tx, stmt, channels, func(c presage.ChannelName) ([]any, error) {
		return []any{address, string(c)}, nil
	})
}

// reach is where a customer's texts and e-mails go.
type reach struct{ phone, email string }

func scanReach(r row) (x reach, err error) {
	err = r.Scan(&x.phone, &x.email)
	x.email = presage.Email(x.email).Key()
	return x, err
}

// of is the address of a channel, "" for none.
func (x reach) of(channel presage.ChannelName) string {
	if channel == presage.ChannelEmail {
		return x.email
	}
	return x.phone
}

// keepStops keeps the suppressions of a number and an address in step with what
// their customer said.
func keepStops(ctx context.Context, tx *sql.Tx, at reach, c presage.Consent) error {
	var stops []presage.Suppression
	var faults []error
	for _, x := range []presage.ChannelName{
		presage.ChannelPush, presage.ChannelSMS, presage.ChannelEmail, presage.ChannelCall,
	} {
		address := at.of(x)
		switch {
		case address == "":
		case c.Stopped.Has(x):
			stops = append(stops, presage.Suppression{Address: address, Channel: x, Since: c.ChangedAt, Source: c.Source})
		case c.Has(x):
			faults = append(faults, lift(ctx, tx, address, []presage.ChannelName{x}))
		}
	}
	return errors.Join(append(faults, each(ctx, tx, suppressionInsert, stops, suppressionArgs))...)
}

// resumeStops ends what a START ends. E-mails that were ended by their own link stay so.
func resumeStops(ctx context.Context, tx *sql.Tx, at reach) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM suppressions WHERE address = $1 AND channel IN ('push', 'sms')
		OR address = $2 AND channel = 'email' AND source <> $3`, at.phone, at.email, presage.UnsubscribeSource)
	return err
}

// SetEmailBad keeps that an address reaches nobody, while the customer has it.
// Another address is good again.
func (s *Store) SetEmailBad(ctx context.Context, customerID string, address presage.Email) error {
	_, err := s.w.ExecContext(ctx, `UPDATE customers SET bad_email = email WHERE id = $1 AND email = $2`,
		customerID, string(address))
	return wrap(err, "bad e-mail address of customer "+customerID)
}
