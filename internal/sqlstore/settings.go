package sqlstore

import "context"

// Setting returns the value stored under key, or ErrNotFound.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	v, err := one(ctx, s.r, scanString, `SELECT value FROM settings WHERE name = $1`, key)
	return v, wrap(err, "setting "+key)
}

// FirstSetting returns the value stored under key, which is the one given if nobody stored
// any before. Of several at once all get the same.
func (s *Store) FirstSetting(ctx context.Context, key, value string) (string, error) {
	if _, err := s.w.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO NOTHING`, key, value); err != nil {
		return "", wrap(err, "keep setting "+key)
	}
	return s.Setting(ctx, key)
}

const putSetting = `INSERT INTO settings (name, value) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET value = excluded.value`

// PutSetting stores value under key.
func (s *Store) PutSetting(ctx context.Context, key, value string) error {
	_, err := s.w.ExecContext(ctx, putSetting, key, value)
	return wrap(err, "put setting "+key)
}
