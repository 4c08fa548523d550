package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/port"
)

// alertRows bounds the alerts of one vehicle.
const alertRows = 100

func (h *handlers) alertRoutes(a huma.API) {
	route(a, h.Logger, get("list-alerts", "/v1/alerts", "Vehicles",
		"What the watch rules say: the newest alert of every rule, signal and vehicle, those that stand first"), h.alerts)
}

type alertsInput struct {
	VIN    string `query:"vin" maxLength:"17" doc:"Of one vehicle"`
	Firing bool   `query:"firing" default:"true" doc:"Those alone that stand; false for those that are over, too"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) alerts(ctx context.Context, in *alertsInput) (*body[page[presage.Alert]], error) {
	f := port.AlertFilter{Firing: in.Firing, Limit: in.Limit}
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
	return &body[page[presage.Alert]]{Body: page[presage.Alert]{Items: nonNil(rows)}}, nil
}
