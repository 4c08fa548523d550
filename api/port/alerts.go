package port

import (
	"context"

	"presage"
)

// AlertFilter selects alerts; zero fields select everything.
type AlertFilter struct {
	VIN    presage.VIN
	Firing bool // those alone that stand
	Limit  int  // 1-501
	// After is the last alert of the page before. What places it in the list
	// counts: VIN, Rule, Signal, FiredAt, and whether ClearedAt is set.
	After *presage.Alert
}

// Alerts reads what the watch rules say: of every rule, signal and vehicle the
// newest alert, those that stand first, then the newest first.
type Alerts interface {
	Alerts(ctx context.Context, f AlertFilter) ([]presage.Alert, error)
}
