package forecast

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// learnt is what one pass keeps for the next: it changes once a week or day.
type learnt struct {
	history    *History
	weights    *Weights
	leads      *Leads
	weightsFor presage.Day // Monday of the week in which they were found
	leadsFor   presage.Day // on which they were read
	leadsUnder int64       // version of the planning parameters, which hold the suppliers' calendars
	archived   presage.Day // Monday of the week whose forecasts are kept
}

// read gathers the input of a plan from one moment of the store, and what has
// to be learnt anew: the history of a new week and the lead times of a new day.
func (s *Service) read(ctx context.Context, now time.Time) (Input, error) {
	in := Input{Config: s.config, Catalogue: s.catalogue.Frozen(), AsOf: now}
	var record []presage.PartUse
	today := presage.DayOf(now)
	err := s.store.Snapshot(ctx, func(snapshot Reads) error {
		if err := s.readNow(ctx, snapshot, &in); err != nil {
			return err
		}
		if !s.learnt.history.For(today) {
			var err error
			from := Monday(today) - presage.Day(s.config.HistoryDays)
			if record, err = snapshot.PartUse(ctx, "", "", from, Monday(today)-1); err != nil {
				return fmt.Errorf("record of parts used: %w", err)
			}
		}
		return s.readDaily(ctx, snapshot, &in)
	})
	if err != nil {
		return in, err
	}
	if !s.learnt.history.For(today) {
		if s.learnt.history, err = LearnHistory(ctx, record, s.catalogue, today, s.config); err != nil {
			return in, err
		}
	}
	in.History, in.Leads = s.learnt.history, s.learnt.leads
	return in, nil
}

// readNow reads what may change at any time.
func (s *Service) readNow(ctx context.Context, snapshot Reads, in *Input) error {
	if err := readFleet(ctx, snapshot, in); err != nil {
		return err
	}
	var err error
	if in.Stock, err = snapshot.Stock(ctx, presage.StockFilter{}); err != nil {
		return fmt.Errorf("stock: %w", err)
	}
	today := presage.DayOf(in.AsOf)
	in.UseFrom = today - presage.Day(s.config.RecentDays)
	if in.Use, err = snapshot.PartUse(ctx, "", "", in.UseFrom, today-1); err != nil {
		return fmt.Errorf("parts use: %w", err)
	}
	in.UseFrom = firstUse(in.Use, today)
	if in.Orders, err = snapshot.OpenOrders(ctx, "", ""); err != nil {
		return fmt.Errorf("open orders: %w", err)
	}
	if in.Cases, err = snapshot.CasesIn(ctx, presage.CaseOpen, presage.CaseOffered, presage.CaseBooked,
		presage.CaseArrived, presage.CaseEscalated); err != nil {
		return fmt.Errorf("cases: %w", err)
	}
	from := (today - presage.Day(s.config.RecentDays)).Start().Add(-graceForLate)
	until := in.AsOf.AddDate(1, 0, 0) // nobody books further ahead
	if in.Bookings, err = snapshot.Bookings(ctx, presage.BookingFilter{From: from, To: until}); err != nil {
		return fmt.Errorf("bookings: %w", err)
	}
	if in.Overrides, err = snapshot.OverridesInForce(ctx, today); err != nil {
		return fmt.Errorf("overrides: %w", err)
	}
	if in.Parameters, err = snapshot.PlanningParameters(ctx, 0); err != nil {
		return fmt.Errorf("planning parameters: %w", err)
	}
	return nil
}

// remembered is how far back orders and scores are looked at, in days.
const remembered = 730

// readDaily reads what need not be newer than today.
func (s *Service) readDaily(ctx context.Context, snapshot Reads, in *Input) error {
	today := presage.DayOf(in.AsOf)
	under := in.Parameters.Version
	if s.learnt.leads == nil || s.learnt.leadsFor != today || s.learnt.leadsUnder != under {
		orders, err := snapshot.ReceivedOrders(ctx, (today - remembered).Start())
		if err != nil {
			return fmt.Errorf("received orders: %w", err)
		}
		s.learnt.leads = LearnLeads(append(orders, in.Orders...), in.Parameters.Sourcing(), in.AsOf)
		s.learnt.leadsFor, s.learnt.leadsUnder = today, under
	}
	return nil
}

// learn scores the forecasts whose days are over, weighs prognoses and history
// by all scores, and tells whether this plan is to be archived.
func (s *Service) learn(ctx context.Context, in *Input) (int, error) {
	today := presage.DayOf(in.AsOf)
	scored, err := s.score(ctx, in.AsOf)
	if err != nil {
		return 0, err
	}
	if s.learnt.weights == nil || s.learnt.weightsFor != Monday(today) || len(scored) > 0 {
		if err := s.weigh(ctx, in.AsOf); err != nil {
			return len(scored), err
		}
	}
	in.Weights = s.learnt.weights
	week := Monday(today)
	if s.learnt.archived != week {
		newest, err := s.store.NewestArchived(ctx)
		if err != nil {
			return len(scored), fmt.Errorf("archive of forecasts: %w", err)
		}
		if !newest.IsZero() && Monday(presage.DayOf(newest)) >= week {
			s.learnt.archived = week
		}
	}
	in.Archive = s.learnt.archived != week
	return len(scored), nil
}

// weigh finds the weights from all the scores that are kept.
func (s *Service) weigh(ctx context.Context, now time.Time) error {
	today := presage.DayOf(now)
	err := s.store.Snapshot(ctx, func(snapshot Reads) error {
		skills := NewSkills(now, &s.config)
		err := snapshot.EachForecastScore(ctx, presage.ScoreFilter{Since: today - remembered}, skills.Add)
		s.learnt.weights, s.learnt.weightsFor = skills.Weigh(), Monday(today)
		return err
	})
	if err != nil {
		s.learnt.weights = nil
		return fmt.Errorf("scores of forecasts: %w", err)
	}
	return nil
}

// score scores what is due by the pieces used since.
func (s *Service) score(ctx context.Context, now time.Time) ([]presage.ScoredForecast, error) {
	due, err := s.store.UnscoredForecasts(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("forecasts that are due: %w", err)
	}
	if len(due) == 0 {
		return nil, nil
	}
	first := slices.MinFunc(due, func(a, b presage.ArchivedForecast) int { return a.AsOf.Compare(b.AsOf) })
	var use []presage.PartUse
	if err := s.store.Snapshot(ctx, func(snapshot Reads) error {
		use, err = snapshot.PartUse(ctx, "", "", presage.DayOf(first.AsOf), presage.DayOf(now)-1)
		return err
	}); err != nil {
		return nil, fmt.Errorf("parts used since the forecasts: %w", err)
	}
	scored, err := ScoreAll(due, use, s.catalogue)
	if err != nil {
		return nil, err
	}
	if err := s.store.PutForecastScores(ctx, scored); err != nil {
		return nil, fmt.Errorf("keep the scores of forecasts: %w", err)
	}
	return scored, nil
}

func readFleet(ctx context.Context, snapshot Reads, in *Input) error {
	depots, err := snapshot.Depots(ctx)
	if err != nil {
		return fmt.Errorf("depots: %w", err)
	}
	in.Regions = make(map[string]string, len(depots))
	for _, d := range depots {
		in.Regions[d.ID] = d.Region
	}
	workshops, err := snapshot.Workshops(ctx)
	if err != nil {
		return fmt.Errorf("workshops: %w", err)
	}
	in.WorkshopDepots = make(map[string]string, len(workshops))
	for _, w := range workshops {
		in.WorkshopDepots[w.ID] = w.DepotID
	}
	vehicles, err := snapshot.AllVehicles(ctx)
	if err != nil {
		return fmt.Errorf("vehicles: %w", err)
	}
	in.Depots = make(map[presage.VIN]string, len(vehicles))
	for _, v := range vehicles {
		in.Depots[v.VIN] = in.WorkshopDepots[v.WorkshopID] // "" without a workshop
	}
	for p, err := range snapshot.AllPrognoses(ctx) {
		if err != nil {
			return fmt.Errorf("prognoses: %w", err)
		}
		in.Prognoses = append(in.Prognoses, p)
	}
	return nil
}

// firstUse is the first day on record: before it there was no service rather
// than no demand. Without a record it is today.
func firstUse(use []presage.PartUse, today presage.Day) presage.Day {
	first := today
	for _, u := range use {
		first = min(first, u.Day)
	}
	return first
}
