package app

import (
	"context"
	"io"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach/casework"
	"presage/outreach/privacy"
)

// NewPrivacyOffice answers for customers' data in a database.
func NewPrivacyOffice(sql *sqlstore.Store, now func() time.Time) *privacy.Office {
	return &privacy.Office{Store: sql, Ledger: &casework.Ledger{Store: sql, Now: now}, Now: now}
}

func (a *App) privacyOffice() *privacy.Office { return NewPrivacyOffice(a.SQL, a.Clock.Now) }

// reported writes all that vehicles reported.
func (a *App) reported(ctx context.Context, w io.Writer, vins []presage.VIN) error {
	_, err := a.Export(ctx, w, Whole(vins), func() {})
	return err
}

// Whole selects all that vehicles ever reported.
func Whole(vins []presage.VIN) Selection {
	epoch := time.Unix(0, 0).UTC()
	return Selection{VINs: vins, From: epoch.AddDate(-70, 0, 0), To: epoch.AddDate(230, 0, 0)}
}
