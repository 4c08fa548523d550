package credentials

import (
	"context"
	"time"

	"presage"
	"presage/internal/credential"
	"presage/internal/sqlstore"
)

// Local is the database of a service that does not run.
type Local struct {
	credential.Issuer
	SQL *sqlstore.Store
}

// Credentials lists a page of credentials behind after.
func (l Local) Credentials(ctx context.Context, after presage.VIN) ([]Row, error) {
	found, err := l.SQL.Credentials(ctx, presage.CredentialFilter{After: after, Limit: pageRows})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i, c := range found {
		rows[i] = Row{VIN: c.VIN, HasSecret: c.Hash != "", IssuedAt: known(c.IssuedAt), RevokedAt: known(c.RevokedAt)}
	}
	return rows, nil
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
