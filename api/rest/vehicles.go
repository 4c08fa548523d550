package rest

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/chart"
)

func (h *handlers) vehicleRoutes(a huma.API) {
	route(a, h.Logger, get("list-vehicles", "/v1/vehicles", "Vehicles", "List vehicles"), h.vehicles)
	route(a, h.Logger, get("get-vehicle", "/v1/vehicles/{vin}", "Vehicles", "One vehicle"), h.vehicle)
	route(a, h.Logger, get("get-health", "/v1/vehicles/{vin}/health", "Vehicles",
		"Prognoses of a vehicle's components, alerts that stand, and how old the data are"), h.health)
	route(a, h.Logger, get("get-series", "/v1/vehicles/{vin}/series", "Vehicles",
		"One daily feature with its predicted course"), h.series)
	route(a, h.Logger, get("get-overview", "/v1/overview", "Vehicles", "The fleet in numbers"), h.overview)
}

type vehiclesInput struct {
	Status  presage.Status `query:"status" enum:"ok,watch,due,stale,unknown" doc:"Worst prognosis of what wears"`
	Service bool           `query:"service_due" doc:"Only those with something due by an interval"`
	Silent  bool           `query:"silent" doc:"Only those not heard from in time"`
	Query   string         `query:"q" maxLength:"64" doc:"Part of VIN, make or model"`
	After   string         `query:"after" maxLength:"17" doc:"Cursor: the last VIN of the previous page"`
	Limit   int            `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) vehicles(ctx context.Context, in *vehiclesInput) (*body[page[heardVehicle]], error) {
	f := presage.VehicleFilter{Status: in.Status, Query: in.Query, After: presage.VIN(in.After), Limit: more(in.Limit)}
	f.ServiceDue = in.Service
	if in.Silent {
		f.Silent = h.silence()
	}
	rows, err := h.Vehicles.Vehicles(ctx, f)
	if err != nil {
		return nil, err
	}
	heard := make([]heardVehicle, len(rows))
	for i, v := range rows {
		heard[i] = h.heard(v)
	}
	return paged(heard, in.Limit, func(v heardVehicle) string { return string(v.VIN) }), nil
}

func (h *handlers) vehicle(ctx context.Context, in *vinPath) (*body[heardVehicle], error) {
	vin, err := in.parse()
	if err != nil {
		return nil, err
	}
	v, err := h.Vehicles.Vehicle(ctx, vin)
	if err != nil {
		return nil, err
	}
	out := h.heard(v)
	if out.Software, err = h.Vehicles.SoftwareOf(ctx, vin); err != nil {
		return nil, err
	}
	return &body[heardVehicle]{Body: out}, nil
}

// heardVehicle is a vehicle with whether it keeps in touch.
type heardVehicle struct {
	presage.Vehicle
	Silent      bool       `json:"silent" doc:"Not heard from in time: nothing is known, neither good nor bad"`
	SilentSince *time.Time `json:"silent_since,omitempty" doc:"Its last sample; absent if there never was one"`
	// Software is told of one vehicle, not in lists.
	Software string `json:"software,omitempty" doc:"Version that it said it runs, by an event of the type software; not in lists" example:"4.1.0"` //nolint:lll // a tag cannot be broken
}

func (h *handlers) heard(v presage.Vehicle) heardVehicle {
	out := heardVehicle{Vehicle: v}
	var since time.Time
	if since, out.Silent = h.silence().Since(v); out.Silent && !since.IsZero() {
		out.SilentSince = &since
	}
	return out
}

// vehicleHealth is what is known about one vehicle now.
type vehicleHealth struct {
	VIN       presage.VIN     `json:"vin"`
	Now       time.Time       `json:"now" doc:"The service's clock"`
	LastSeen  *time.Time      `json:"last_seen" doc:"Newest event time stored; null if never heard from"`
	SilentFor float64         `json:"silent_hours" doc:"Hours since last_seen; 0 if never heard from"`
	Status    presage.Status  `json:"status" doc:"The worst of the components that wear"`
	Prognoses []prognosisBody `json:"prognoses"`
	Alerts    []presage.Alert `json:"alerts" doc:"Watch rules that fire"`
}

func (h *handlers) health(ctx context.Context, in *vinPath) (*body[vehicleHealth], error) {
	vin, err := in.parse()
	if err != nil {
		return nil, err
	}
	v, err := h.Vehicles.Vehicle(ctx, vin)
	if err != nil {
		return nil, err
	}
	prognoses, err := h.Health.PrognosesWithPaths(ctx, vin)
	if err != nil {
		return nil, err
	}
	alerts, err := h.Alerts.Alerts(ctx, presage.AlertFilter{VIN: vin, Firing: true, Limit: alertRows})
	if err != nil {
		return nil, err
	}
	out := vehicleHealth{
		VIN: vin, Now: h.Now().UTC(), Prognoses: h.prognoses(prognoses), Status: presage.WorstStatus(prognoses),
		Alerts: nonNil(alerts),
	}
	if !v.LastSeen.IsZero() {
		out.LastSeen = &v.LastSeen
		out.SilentFor = max(0, out.Now.Sub(v.LastSeen).Hours())
	}
	return &body[vehicleHealth]{Body: out}, nil
}

type seriesInput struct {
	VIN     string `path:"vin" doc:"Vehicle identification number (ISO 3779)"`
	Feature string `query:"feature" required:"true" maxLength:"100" doc:"Feature of the daily roll-ups, e.g. measured.feature of a prognosis"` //nolint:lll // a tag cannot be broken
	Days    int    `query:"days" minimum:"1" maximum:"1100" default:"120"`
}

func (h *handlers) series(ctx context.Context, in *seriesInput) (*body[chart.Series], error) {
	vin, err := presage.ParseVIN(in.VIN)
	if err != nil {
		return nil, err
	}
	if _, err := h.Vehicles.Vehicle(ctx, vin); err != nil {
		return nil, err
	}
	s, err := chart.Read(ctx, h.Health, chart.Query{
		VIN: vin, Feature: in.Feature, Days: in.Days, Now: h.Now(),
	})
	if err != nil {
		return nil, err
	}
	return &body[chart.Series]{Body: s}, nil
}

type overviewInput struct {
	HeardWithin int `query:"heard_within_hours" minimum:"1" maximum:"8760" default:"24"`
}

func (h *handlers) overview(ctx context.Context, in *overviewInput) (*body[presage.Overview], error) {
	since := h.Now().Add(-time.Duration(in.HeardWithin) * time.Hour)
	o, err := h.Fleet.Overview(ctx, since, h.silence())
	if err != nil {
		return nil, err
	}
	o.Health = nonNil(o.Health)
	return &body[presage.Overview]{Body: o}, nil
}
