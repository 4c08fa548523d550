package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"presage"
	"presage/api/chart"
)

const (
	chartDays  = 180
	eventRows  = 12
	eventScan  = 500
	historyMax = 20
)

type vehicleBody struct {
	presage.Vehicle
	Status    presage.Status
	Customer  *presage.Customer
	Workshop  *presage.Workshop
	Case      *presage.Case
	Lead      *presage.Prognosis // the most urgent one when it asks for something
	Cards     []componentCard
	Charted   []presage.Prognosis // those with a measured quantity
	Chart     *presage.Prognosis  // the one drawn, nil for none
	ChartDays int
	Series    chart.Series
	Odometer  presage.Kilometre
	Software  string // that it said it runs, "" for not said
	Cases     []presage.Case
	Events    []presage.Event
	Labels    []presage.Label
	Silent    bool            // not heard from in time
	Alerts    []presage.Alert // that stand
}

// componentCard is one component as it is shown.
type componentCard struct {
	presage.Prognosis
	Severity presage.Severity
	Why      presage.Text
	Age      time.Duration // of the data
}

func vehicle(r *request) error {
	ctx, s := r.Request.Context(), r.site
	vin, err := presage.ParseVIN(r.Param("vin"))
	if err != nil {
		return err
	}
	b := vehicleBody{ChartDays: chartDays}
	if b.Vehicle, err = s.Vehicles.Vehicle(ctx, vin); err != nil {
		return err
	}
	if b.Software, err = s.Vehicles.SoftwareOf(ctx, vin); err != nil {
		return err
	}
	prognoses, err := s.Health.PrognosesWithPaths(ctx, vin)
	if err != nil {
		return err
	}
	b.Alerts, err = s.Alerts.Alerts(ctx, presage.AlertFilter{VIN: vin, Firing: true, Limit: vehicleAlerts})
	if err != nil {
		return err
	}
	s.judge(&b, prognoses)
	if err := s.chart(ctx, &b, presage.ComponentID(r.Query("component"))); err != nil {
		return err
	}
	if err := s.people(ctx, &b); err != nil {
		return err
	}
	if err := s.history(ctx, &b); err != nil {
		return err
	}
	_, b.Silent = s.silence().Since(b.Vehicle)
	return r.render(http.StatusOK, "vehicle", "vehicles", b.Make+" "+b.Model, b)
}

// judge lays the prognoses out, the most urgent first.
func (s *Site) judge(b *vehicleBody, prognoses []presage.Prognosis) {
	slices.SortStableFunc(prognoses, s.byUrgency)
	b.Status = presage.WorstStatus(prognoses)
	if len(prognoses) > 0 && prognoses[0].Status.Urgency() >= presage.StatusWatch.Urgency() {
		b.Lead = &prognoses[0]
	}
	for _, p := range prognoses {
		b.Cards = append(b.Cards, s.card(p))
		if p.Measured != nil {
			b.Charted = append(b.Charted, p)
		}
	}
}

func (s *Site) card(p presage.Prognosis) componentCard {
	c := componentCard{Prognosis: p}
	if row, err := s.Catalogue.Component(p.Component); err == nil {
		c.Severity, c.Why = row.Severity, row.Why
	}
	if !p.DataThrough.IsZero() {
		c.Age = s.Now().Sub(p.DataThrough)
	}
	return c
}

// chart picks the asked component, else the most urgent one that is measured.
func (s *Site) chart(ctx context.Context, b *vehicleBody, asked presage.ComponentID) error {
	if len(b.Charted) == 0 {
		return nil
	}
	i := max(0, slices.IndexFunc(b.Charted, func(p presage.Prognosis) bool { return p.Component == asked }))
	b.Chart = &b.Charted[i]
	var err error
	b.Series, err = chart.Read(ctx, s.Health, chart.Query{
		VIN: b.VIN, Feature: b.Chart.Measured.Feature, Days: chartDays, Now: s.Now(),
	})
	return err
}

// people adds the customer and the workshop where they are known.
func (s *Site) people(ctx context.Context, b *vehicleBody) error {
	if b.CustomerID != "" {
		c, err := s.Customers.Customer(ctx, b.CustomerID)
		switch {
		case err == nil:
			b.Customer = &c
		case !errors.Is(err, presage.ErrNotFound):
			return err
		}
	}
	if b.WorkshopID == "" {
		return nil
	}
	w, err := s.Places.Workshop(ctx, b.WorkshopID)
	switch {
	case err == nil:
		b.Workshop = &w
	case !errors.Is(err, presage.ErrNotFound):
		return err
	}
	return nil
}

// featureOdometer is the roll-ups' name for the odometer, in km.
const featureOdometer = "odometer_km"

// odometerOf is the newest reading of the last weeks, 0 when there is none.
func (s *Site) odometerOf(ctx context.Context, vin presage.VIN) (presage.Kilometre, error) {
	today := presage.DayOf(s.Now())
	days, err := s.Health.Rollups(ctx, vin, today-60, today)
	if err != nil {
		return 0, err
	}
	for _, r := range slices.Backward(days) {
		if km, ok := r.Features[featureOdometer]; ok {
			return presage.Kilometre(km), nil
		}
	}
	return 0, nil
}

// tellingEvents leaves out what every trip brings.
func (s *Site) tellingEvents(ctx context.Context, b *vehicleBody) error {
	events, err := s.Vehicles.Events(ctx, b.VIN, eventScan)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Code != "" && len(b.Events) < eventRows {
			b.Events = append(b.Events, e)
		}
	}
	return nil
}

func (s *Site) history(ctx context.Context, b *vehicleBody) (err error) {
	if b.Cases, err = s.Cases.Cases(ctx, presage.CaseFilter{VIN: b.VIN, Limit: historyMax}); err != nil {
		return err
	}
	if len(b.Cases) > 0 && !b.Cases[0].State.Ended() {
		b.Case = &b.Cases[0]
	}
	if err = s.tellingEvents(ctx, b); err != nil {
		return err
	}
	if b.Labels, err = s.Health.Labels(ctx, b.VIN); err != nil {
		return err
	}
	slices.SortStableFunc(b.Labels, func(x, y presage.Label) int { return y.At.Compare(x.At) })
	b.Labels = b.Labels[:min(historyMax, len(b.Labels))]
	b.Odometer, err = s.odometerOf(ctx, b.VIN)
	return err
}
