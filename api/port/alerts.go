package port

import (
	"context"

	"presage"
)

// Alerts reads what the watch rules say: of every rule, signal and vehicle the
// newest alert, those that stand first, then the newest first.
type Alerts interface {
	Alerts(ctx context.Context, f presage.AlertFilter) ([]presage.Alert, error)
}
