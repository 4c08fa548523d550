package casework

import (
	"context"
	"fmt"
	"slices"

	"presage"
)

// Alerts lists the alerts that stand, those on old data left out; vin "" means all vehicles.
func (l *Ledger) Alerts(ctx context.Context, vin presage.VIN) ([]presage.Alert, error) {
	states, err := l.Store.FiringWatches(ctx, vin)
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	var alerts []presage.Alert
	for _, x := range states {
		if a, ok := l.Catalogue.Alert(x); ok && x.Firing() && !x.Stale {
			alerts = append(alerts, a)
		}
	}
	return alerts, nil
}

// About keeps the alerts on components of a case.
func About(c presage.Case, alerts []presage.Alert) []presage.Alert {
	var list []presage.Alert
	for _, a := range alerts {
		if a.VIN == c.VIN && slices.Contains(c.Components, a.Component) {
			list = append(list, a)
		}
	}
	return list
}

// Urgent tells whether a case may not wait for daytime: a safety-critical
// alert on one of its components stands.
func Urgent(c presage.Case, alerts []presage.Alert) bool {
	return slices.ContainsFunc(About(c, alerts), func(a presage.Alert) bool { return a.Severity == presage.Safety })
}
