package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

const suppressionInsert = `INSERT INTO suppressions (phone, channel, since, source) VALUES ($1, $2, $3, $4)
	ON CONFLICT (phone, channel) DO NOTHING`

// Suppress keeps that a number wants nothing more over a channel; the first time
// stands. No customer needs to have the number.
func (s *Store) Suppress(ctx context.Context, xs ...presage.Suppression) error {
	return put(s, suppressionInsert, xs, suppressionArgs)(ctx, "suppress a number")
}

// Lift ends what a number has stopped on the channels.
func (s *Store) Lift(ctx context.Context, phone presage.Phone, channels ...presage.ChannelName) error {
	return s.inTx(ctx, "lift a suppression", func(tx *sql.Tx) error { return lift(ctx, tx, phone, channels) })
}

// Suppressed lists what a number has stopped, by channel; nothing is no error.
func (s *Store) Suppressed(ctx context.Context, phone presage.Phone) ([]presage.Suppression, error) {
	xs, err := all(ctx, s.r, func(r row) (presage.Suppression, error) {
		var x presage.Suppression
		err := r.Scan(&x.Phone, &x.Channel, instant{&x.Since}, &x.Source)
		return x, err
	}, `SELECT phone, channel, since, source FROM suppressions WHERE phone = $1 ORDER BY channel`, string(phone))
	return xs, wrap(err, "suppressions of "+phone.Masked())
}

func suppressionArgs(x presage.Suppression) ([]any, error) {
	return []any{string(x.Phone), string(x.Channel), micros(x.Since), clean(x.Source)}, nil
}

func lift(ctx context.Context, tx *sql.Tx, phone presage.Phone, channels []presage.ChannelName) error {
	const stmt = `DELETE FROM suppressions WHERE phone = $1 AND channel = $2`
	return each(ctx, tx, stmt, channels, func(c presage.ChannelName) ([]any, error) {
		return []any{string(phone), string(c)}, nil
	})
}

// keepStops keeps the number's suppressions in step with what its customer said.
func keepStops(ctx context.Context, tx *sql.Tx, phone presage.Phone, c presage.Consent) error {
	if phone == "" {
		return nil
	}
	var stops []presage.Suppression
	var lifted []presage.ChannelName
	for _, x := range []struct {
		name           presage.ChannelName
		given, stopped bool
	}{
		{presage.ChannelPush, c.Push, c.Stopped.Push},
		{presage.ChannelSMS, c.SMS, c.Stopped.SMS},
		{presage.ChannelCall, c.Call, c.Stopped.Call},
	} {
		switch {
		case x.stopped:
			stops = append(stops, presage.Suppression{Phone: phone, Channel: x.name, Since: c.ChangedAt, Source: c.Source})
		case x.given:
			lifted = append(lifted, x.name)
		}
	}
	if err := each(ctx, tx, suppressionInsert, stops, suppressionArgs); err != nil {
		return err
	}
	return lift(ctx, tx, phone, lifted)
}
