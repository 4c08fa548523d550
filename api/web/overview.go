package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"presage"
	"presage/api/ready"
)

const (
	urgentRows  = 8
	urgentScan  = 60 // vehicles looked at in whole before the most urgent are chosen
	visitRows   = 5
	visitDays   = 14
	wentDays    = 90 // that the figures of visits look back
	demandRows  = 5
	heardWithin = 24 * time.Hour
)

// segment is a piece of a stacked bar of 100 units.
type segment struct {
	Class string // style of the piece: a status, a driver or a state
	From  float64
	Width float64
	Count float64
}

// componentHealth is one bar: a component over the whole fleet.
type componentHealth struct {
	ID         presage.ComponentID
	Due, Watch int
	Segments   []segment
}

// visitRow is a booked appointment with its vehicle and place.
type visitRow struct {
	presage.Booking
	Vehicle  presage.Vehicle
	Workshop presage.Workshop
}

// endState is how many cases ended in one way.
type endState struct {
	State presage.CaseState
	Count int
}

type fleetBody struct {
	presage.Overview
	Due, Watch, Stale      int
	Active, Booked         int // cases in hand; of them booked or at the workshop
	Components             []componentHealth
	Urgent                 []fleetRow
	Ended                  []endState
	EndedBar               []segment
	Visits                 []visitRow
	Went                   presage.VisitFigure // of all workshops
	Routes                 []routeRow          // the same days
	Remote                 float64             // share of cases that needed no way to the workshop
	Demand                 []partRow
	DemandDays             int
	HeardShare             float64
	Statuses               []presage.Status
	NothingYet, NoPrognose bool
	Alerts                 []alertRow
	MoreAlerts             int
	Troubles               []ready.Part // parts of the service that do not work, or not as they should
}

func fleet(r *request) error {
	ctx, s := r.Request.Context(), r.site
	o, err := s.Fleet.Overview(ctx, s.Now().Add(-heardWithin), s.silence())
	if err != nil {
		return err
	}
	parts, _ := ready.All(ctx, s.Checks)
	b := fleetBody{
		Troubles: slices.DeleteFunc(parts, func(p ready.Part) bool { return p.Reason == "" }),
		Overview: o, Due: o.ByStatus[presage.StatusDue], Watch: o.ByStatus[presage.StatusWatch],
		Stale: o.ByStatus[presage.StatusStale], Statuses: statuses(),
		Booked:     o.Cases[presage.CaseBooked] + o.Cases[presage.CaseArrived],
		Components: s.componentBars(o.Health), NothingYet: o.Vehicles == 0, NoPrognose: len(o.Health) == 0,
	}
	b.countCases()
	if o.Vehicles > 0 {
		b.HeardShare = float64(o.Heard) / float64(o.Vehicles)
	}
	if b.Alerts, b.MoreAlerts, err = s.alerts(ctx); err != nil {
		return err
	}
	if b.Urgent, err = s.urgent(ctx); err != nil {
		return err
	}
	if b.Visits, err = s.visits(ctx); err != nil {
		return err
	}
	if err = s.wentLately(ctx, &b); err != nil {
		return err
	}
	if err = s.demand(ctx, &b); err != nil {
		return err
	}
	return r.render(http.StatusOK, "fleet", "fleet", r.text("nav.fleet"), b)
}

// wentCache is how the visits of the last days went, and how cases were repaired: it is not
// counted for every look at the start page, because it takes reading all their results.
type wentCache struct {
	mu     sync.Mutex
	at     time.Time // when it was counted
	figure presage.VisitFigure
	routes []routeRow
}

// wentFresh is how long a count is shown, by the service's clock.
const wentFresh = 10 * time.Minute

// wentLately is how the visits of the last days went, and how cases were repaired.
func (s *Site) wentLately(ctx context.Context, b *fleetBody) (err error) {
	w := &s.went
	w.mu.Lock()
	defer w.mu.Unlock()
	now := s.Now()
	if w.at.IsZero() || now.Sub(w.at).Abs() >= wentFresh {
		from := now.AddDate(0, 0, -wentDays)
		if w.figure, err = s.Visited.VisitTotal(ctx, from, now); err != nil {
			return err
		}
		if w.routes, err = s.routeRows(ctx, from, now); err != nil {
			return err
		}
		w.at = now
	}
	b.Went, b.Routes = w.figure, w.routes
	for _, x := range b.Routes {
		if x.Route == presage.RouteOTA || x.Route == presage.RouteMobile {
			b.Remote += x.Share
		}
	}
	return nil
}

// countCases parts the cases in hand from those that ended.
func (b *fleetBody) countCases() {
	total := 0
	for state, n := range b.Cases {
		if state.Ended() {
			total += n
		} else {
			b.Active += n
		}
	}
	var parts []segment
	for _, state := range endedStates() {
		if n := b.Cases[state]; n > 0 {
			b.Ended = append(b.Ended, endState{state, n})
			parts = append(parts, segment{Class: string(state), Count: float64(n)})
		}
	}
	b.EndedBar = stacked(total, parts)
}

// stacked places the pieces of a bar by their shares of the whole, without those of nothing.
func stacked(whole int, parts []segment) []segment {
	var bar []segment
	at := 0.0
	for _, x := range parts {
		if x.Count == 0 {
			continue
		}
		x.From, x.Width = at, x.Count/float64(whole)*100
		bar = append(bar, x)
		at += x.Width
	}
	return bar
}

// urgent chooses the vehicles that cannot wait. The store ranks by probability
// alone; here what a failure would cost counts as well, over all components.
func (s *Site) urgent(ctx context.Context) ([]fleetRow, error) {
	found, err := s.Fleet.Urgent(ctx, urgentScan)
	if err != nil {
		return nil, err
	}
	for i, p := range found {
		if p.Status.Urgency() < presage.StatusWatch.Urgency() {
			found = found[:i]
			break
		}
		all, err := s.Health.Prognoses(ctx, p.VIN)
		if err != nil {
			return nil, err
		}
		if worst := s.mostUrgent(all); worst != nil {
			found[i] = *worst
		}
	}
	slices.SortStableFunc(found, s.byUrgency)
	var rows []fleetRow
	for _, p := range found {
		if len(rows) == urgentRows {
			break
		}
		v, err := s.Vehicles.Vehicle(ctx, p.VIN)
		if errors.Is(err, presage.ErrNotFound) {
			continue // it left the fleet between the two reads
		}
		if err != nil {
			return nil, err
		}
		row := fleetRow{Vehicle: v, Status: p.Status, Worst: &p}
		if row.Case, err = s.newestCase(ctx, v.VIN); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// visits are the next appointments.
func (s *Site) visits(ctx context.Context) ([]visitRow, error) {
	now := s.Now().UTC()
	found, err := s.Bookings.Bookings(ctx, presage.BookingFilter{
		State: presage.BookingConfirmed, From: now, To: now.AddDate(0, 0, visitDays), Limit: visitRows,
	})
	if err != nil {
		return nil, err
	}
	rows := make([]visitRow, 0, len(found))
	for _, k := range found {
		row := visitRow{Booking: k}
		if row.Vehicle, err = s.Vehicles.Vehicle(ctx, k.VIN); err != nil && !errors.Is(err, presage.ErrNotFound) {
			return nil, err
		}
		row.Vehicle.VIN = k.VIN
		if row.Workshop, err = s.Places.Workshop(ctx, k.WorkshopID); err != nil && !errors.Is(err, presage.ErrNotFound) {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// demand lays out the parts that are going to be needed most.
func (s *Site) demand(ctx context.Context, b *fleetBody) error {
	most := func(lines []presage.PartForecast) []presage.PartForecast {
		slices.SortStableFunc(lines, func(a, b presage.PartForecast) int { return cmp.Compare(b.Mean, a.Mean) })
		return lines[:min(demandRows, len(lines))]
	}
	rows, err := s.Parts.PlanRows(ctx, presage.ForecastFilter{}, most)
	if err != nil || len(rows) == 0 {
		return err
	}
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	b.DemandDays = rows[0].HorizonDays
	for _, f := range rows {
		b.Demand = append(b.Demand, layOut(f, depots))
	}
	return nil
}

// componentBars stacks the counts of each component in the catalogue's order.
func (s *Site) componentBars(counts []presage.HealthCount) []componentHealth {
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
		bars = append(bars, componentHealth{
			ID: c.ID, Due: byStatus[presage.StatusDue], Watch: byStatus[presage.StatusWatch],
			Segments: stack(byStatus, total),
		})
	}
	return bars
}

func stack(counts map[presage.Status]int, total int) []segment {
	var parts []segment
	for _, status := range statuses() {
		parts = append(parts, segment{Class: string(status), Count: float64(counts[status])})
	}
	return stacked(total, parts)
}
