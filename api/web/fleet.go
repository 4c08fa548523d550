package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"presage"
)

const vehicleRows = 50

// statuses in the order people look for them.
func statuses() []presage.Status {
	return []presage.Status{
		presage.StatusDue, presage.StatusWatch, presage.StatusStale, presage.StatusUnknown, presage.StatusOK,
	}
}

// fleetRow is a vehicle in a list with its most urgent component and newest case.
type fleetRow struct {
	presage.Vehicle
	Status presage.Status
	Worst  *presage.Prognosis
	Case   *presage.Case
}

// caseShown is how long a list still shows how a vehicle's last case ended:
// it explains why nothing is in hand for a component that is due.
const caseShown = 45 * 24 * time.Hour

// caseRows are the cases of a vehicle among which is the one in hand.
const caseRows = 20

// newestCase is the newest case in hand of a vehicle or else the one that ended lately, nil without either.
func (s *Site) newestCase(ctx context.Context, vin presage.VIN) (*presage.Case, error) {
	rows, err := s.Cases.Cases(ctx, presage.CaseFilter{VIN: vin, Limit: caseRows})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if i := slices.IndexFunc(rows, func(c presage.Case) bool { return !c.State.Ended() }); i >= 0 {
		return &rows[i], nil
	}
	if c := rows[0]; c.State.Ended() && s.Now().Sub(c.UpdatedAt) > caseShown {
		return nil, nil //nolint:nilnil // absence is an answer here
	}
	return &rows[0], nil
}

type vehiclesBody struct {
	Rows     []fleetRow
	Query    string
	Status   presage.Status
	Statuses []presage.Status
	Silent   bool
	Service  bool // only those with something due by an interval
	Next     string
}

func vehicles(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := vehiclesBody{Query: r.Query("q"), Statuses: statuses()}
	if status := presage.Status(r.Query("status")); slices.Contains(b.Statuses, status) {
		b.Status = status
	}
	f := presage.VehicleFilter{
		Status: b.Status, Query: b.Query, After: presage.VIN(r.Query("after")), Limit: vehicleRows,
	}
	b.Service = r.Query("service") == "due"
	f.ServiceDue = b.Service
	if b.Silent = r.Query("silent") == "true"; b.Silent {
		f.Silent = s.silence()
	}
	rows, err := s.Vehicles.Vehicles(ctx, f)
	if err != nil {
		return err
	}
	for _, v := range rows {
		prognoses, err := s.Health.Prognoses(ctx, v.VIN)
		if err != nil {
			return err
		}
		row := fleetRow{Vehicle: v, Status: presage.WorstStatus(prognoses), Worst: s.mostUrgent(prognoses)}
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

// services puts what is due by an interval behind what is about to fail.
func services(p presage.Prognosis) int {
	if p.ByInterval() {
		return 1
	}
	return 0
}

// byUrgency orders prognoses: worse status first, then what wears, then what a failure within
// 30 days is expected to cost, then the higher probability of one.
func (s *Site) byUrgency(a, b presage.Prognosis) int {
	return cmp.Or(
		cmp.Compare(b.Status.Urgency(), a.Status.Urgency()),
		cmp.Compare(services(a), services(b)),
		cmp.Compare(s.stake(b), s.stake(a)),
		cmp.Compare(b.FailWithin.D30, a.FailWithin.D30),
	)
}

// stake is the expected cost of breakdowns within 30 days in minor units; 0
// for a component or job that is not in the catalogue. Half a percent is the
// least that counts, so that a hopeless part does not hide behind a nuisance.
func (s *Site) stake(p presage.Prognosis) float64 {
	c, err := s.Catalogue.Component(p.Component)
	if err != nil {
		return 0
	}
	j, err := s.Catalogue.Job(c.JobCode)
	if err != nil {
		return 0
	}
	return max(p.FailWithin.D30, 0.005) * float64(j.BreakdownCost.Minor)
}

// mostUrgent is nil for no prognoses.
func (s *Site) mostUrgent(ps []presage.Prognosis) *presage.Prognosis {
	if len(ps) == 0 {
		return nil
	}
	p := slices.MinFunc(ps, s.byUrgency)
	return &p
}
