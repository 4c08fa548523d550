package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"presage"
	"presage/api/port"
)

const (
	urgentRows  = 10
	vehicleRows = 50
	heardWithin = 24 * time.Hour
)

// statuses in the order people look for them.
func statuses() []presage.Status {
	return []presage.Status{
		presage.StatusDue, presage.StatusWatch, presage.StatusStale, presage.StatusUnknown, presage.StatusOK,
	}
}

// segment is a piece of a stacked bar of 100 units.
type segment struct {
	Class string // style of the piece: a status or a driver
	From  float64
	Width float64
	Count float64
}

// componentHealth is one bar: a component over the whole fleet.
type componentHealth struct {
	ID       presage.ComponentID
	Total    int
	Segments []segment
}

type fleetBody struct {
	port.Overview
	Due, Watch, Stale      int
	Active, Booked         int // cases in hand; of them booked or at the workshop
	Components             []componentHealth
	Urgent                 []fleetRow
	HeardShare             float64
	Statuses               []presage.Status
	NothingYet, NoPrognose bool
}

// fleetRow is a vehicle in a list with its most urgent component and newest case.
type fleetRow struct {
	presage.Vehicle
	Status presage.Status
	Worst  *presage.Prognosis
	Case   *presage.Case
}

func fleet(r *request) error {
	ctx, s := r.Request.Context(), r.site
	o, err := s.Fleet.Overview(ctx, s.Clock.Now().Add(-heardWithin))
	if err != nil {
		return err
	}
	urgent, err := s.Fleet.Urgent(ctx, urgentRows)
	if err != nil {
		return err
	}
	b := fleetBody{
		Overview: o, Due: o.ByStatus[presage.StatusDue], Watch: o.ByStatus[presage.StatusWatch],
		Stale: o.ByStatus[presage.StatusStale], Statuses: statuses(),
		Booked:     o.Cases[presage.CaseBooked] + o.Cases[presage.CaseArrived],
		Components: s.componentBars(o.Health), NothingYet: o.Vehicles == 0, NoPrognose: len(o.Health) == 0,
	}
	for state, n := range o.Cases {
		if !state.Ended() {
			b.Active += n
		}
	}
	if o.Vehicles > 0 {
		b.HeardShare = float64(o.Heard) / float64(o.Vehicles)
	}
	for _, p := range urgent {
		v, err := s.Vehicles.Vehicle(ctx, p.VIN)
		if errors.Is(err, presage.ErrNotFound) {
			continue // it left the fleet between the two reads
		}
		if err != nil {
			return err
		}
		row := fleetRow{Vehicle: v, Status: p.Status, Worst: &p}
		if row.Case, err = s.newestCase(ctx, v.VIN); err != nil {
			return err
		}
		b.Urgent = append(b.Urgent, row)
	}
	return r.render(http.StatusOK, "fleet", "fleet", r.text("nav.fleet"), b)
}

// newestCase is the case in hand of a vehicle, nil when it has none.
func (s *Site) newestCase(ctx context.Context, vin presage.VIN) (*presage.Case, error) {
	rows, err := s.Cases.Cases(ctx, port.CaseFilter{VIN: vin, Limit: 1})
	if err != nil || len(rows) == 0 || rows[0].State.Ended() {
		return nil, err
	}
	return &rows[0], nil
}

// componentBars stacks the counts of each component in the catalogue's order.
func (s *Site) componentBars(counts []port.HealthCount) []componentHealth {
	var bars []componentHealth
	for _, c := range s.Catalogue.Components {
		byStatus := map[presage.Status]int{}
		total := 0
		for _, n := range counts {
			if n.Component == c.ID {
				byStatus[n.Status] += n.Vehicles
				total += n.Vehicles
			}
		}
		if total == 0 {
			continue
		}
		bars = append(bars, componentHealth{ID: c.ID, Total: total, Segments: stack(byStatus, total)})
	}
	return bars
}

func stack(counts map[presage.Status]int, total int) []segment {
	var out []segment
	at := 0.0
	for _, status := range statuses() {
		n := counts[status]
		if n == 0 {
			continue
		}
		w := float64(n) / float64(total) * 100
		out = append(out, segment{Class: string(status), From: at, Width: w, Count: float64(n)})
		at += w
	}
	return out
}

type vehiclesBody struct {
	Rows     []fleetRow
	Query    string
	Status   presage.Status
	Statuses []presage.Status
	Next     string
}

func vehicles(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := vehiclesBody{Query: r.Query("q"), Statuses: statuses()}
	if status := presage.Status(r.Query("status")); slices.Contains(b.Statuses, status) {
		b.Status = status
	}
	rows, err := s.Vehicles.Vehicles(ctx, port.VehicleFilter{
		Status: b.Status, Query: b.Query, After: presage.VIN(r.Query("after")), Limit: vehicleRows,
	})
	if err != nil {
		return err
	}
	for _, v := range rows {
		prognoses, err := s.Health.Prognoses(ctx, v.VIN)
		if err != nil {
			return err
		}
		row := fleetRow{Vehicle: v, Status: port.Worst(prognoses), Worst: mostUrgent(prognoses)}
		if row.Case, err = s.newestCase(ctx, v.VIN); err != nil {
			return err
		}
		b.Rows = append(b.Rows, row)
	}
	if len(rows) == vehicleRows {
		b.Next = string(rows[len(rows)-1].VIN)
	}
	return r.render(http.StatusOK, "vehicles", "vehicles", r.text("nav.vehicles"), b)
}

// byUrgency orders prognoses: worse status first, then the higher 30-day probability.
func byUrgency(a, b presage.Prognosis) int {
	if d := port.Urgency(b.Status) - port.Urgency(a.Status); d != 0 {
		return d
	}
	switch {
	case a.FailWithin.D30 > b.FailWithin.D30:
		return -1
	case a.FailWithin.D30 < b.FailWithin.D30:
		return 1
	}
	return 0
}

// mostUrgent is nil for no prognoses.
func mostUrgent(ps []presage.Prognosis) *presage.Prognosis {
	if len(ps) == 0 {
		return nil
	}
	p := slices.MinFunc(ps, byUrgency)
	return &p
}
