package rest

import (
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// alertRows bounds the alerts of one vehicle.
const alertRows = 100

func (h *handlers) alertRoutes(a huma.API) {
	route(a, h.Logger, get("list-alerts", "/v1/alerts", "Vehicles",
		"What the watch rules say: the newest alert of every rule, signal and vehicle, those that stand first"), h.alerts)
}

type alertsInput struct {
	Window
	VIN    string `query:"vin" maxLength:"17" doc:"Of one vehicle"`
	Firing bool   `query:"firing" default:"true" doc:"Those alone that stand; false for those that are over, too"`
}

func (h *handlers) alerts(ctx context.Context, in *alertsInput) (*body[page[presage.Alert]], error) {
	f := presage.AlertFilter{Firing: in.Firing, Limit: more(in.Limit)}
	if in.After != "" {
		after, err := readAlert(in.After)
		if err != nil {
			return nil, err
		}
		f.After = &after
	}
	if in.VIN != "" {
		var err error
		if f.VIN, err = presage.ParseVIN(in.VIN); err != nil {
			return nil, err
		}
	}
	rows, err := h.Alerts.Alerts(ctx, f)
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, alertCursor), nil
}

// alertCursor holds the place of an alert in its list: it may have moved by the
// time that the next page is asked for.
func alertCursor(a presage.Alert) string {
	var cleared int64
	if !a.ClearedAt.IsZero() {
		cleared = a.ClearedAt.UnixMicro()
	}
	return cursorOf(number(cleared), number(a.FiredAt.UnixMicro()), string(a.VIN), a.Rule, a.Signal)
}

func readAlert(cursor string) (presage.Alert, error) {
	parts, err := readCursor(cursor, 5)
	if err != nil {
		return presage.Alert{}, err
	}
	cleared, errCleared := strconv.ParseInt(parts[0], 10, 64)
	fired, errFired := strconv.ParseInt(parts[1], 10, 64)
	if errCleared != nil || errFired != nil {
		return presage.Alert{}, gone("after", presage.ErrNotFound)
	}
	a := presage.Alert{
		FiredAt: time.UnixMicro(fired), VIN: presage.VIN(parts[2]), Rule: parts[3], Signal: parts[4],
	}
	if cleared != 0 {
		a.ClearedAt = time.UnixMicro(cleared)
	}
	return a, nil
}
