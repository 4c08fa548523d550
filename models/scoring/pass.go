package scoring

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/models"
)

// rollUpBatch recomputes days from what is stored, keeps the roll-ups, then
// clears the days and returns how many. A day that cannot be read stays dirty
// and does not keep the others from theirs; unread is the first such fault.
func (s *Stage) rollUpBatch(ctx context.Context, of Part, days []presage.DirtyDay) (done int, unread, err error) {
	all := make([]presage.Rollup, len(days))
	faults := make([]error, len(days))
	known, err := s.vehiclesOf(ctx, days)
	if err != nil {
		return 0, nil, err
	}
	signals := models.Signals()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range days {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			rows := s.deps.Telemetry.Scan(ctx, d.VIN, d.Day.Start(), (d.Day + 1).Start(), signals...)
			if all[i], faults[i] = models.RollUp(d.VIN, d.Day, rows); faults[i] == nil {
				models.Complete(&all[i], known[d.VIN])
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return 0, nil, err
	}
	out, read := make([]presage.Rollup, 0, len(days)), make([]presage.DirtyDay, 0, len(days))
	for i, fault := range faults {
		if fault == nil {
			out, read = append(out, all[i]), append(read, days[i])
			continue
		}
		s.deps.Logger.ErrorContext(ctx, "a day cannot be read: it stays dirty", "error", fault)
		unread = cmp.Or(unread, fault)
	}
	return len(read), unread, s.keep(ctx, of, out, read)
}

// vehiclesOf reads the master data of the vehicles of days.
func (s *Stage) vehiclesOf(ctx context.Context, days []presage.DirtyDay) (map[presage.VIN]presage.Vehicle, error) {
	vins := make([]presage.VIN, len(days))
	for i, d := range days {
		vins[i] = d.VIN
	}
	vins = slices.Compact(slices.Sorted(slices.Values(vins)))
	vehicles, err := s.deps.Fleet.VehiclesOf(ctx, vins)
	if err != nil {
		return nil, fmt.Errorf("read vehicles: %w", err)
	}
	out := make(map[presage.VIN]presage.Vehicle, len(vehicles))
	for _, v := range vehicles {
		out[v.VIN] = v
	}
	return out, nil
}

// keep stores roll-ups and clears their days.
func (s *Stage) keep(ctx context.Context, of Part, out []presage.Rollup, days []presage.DirtyDay) error {
	if err := of.Rollups.PutRollups(ctx, out); err != nil {
		return fmt.Errorf("store %d roll-ups: %w", len(out), err)
	}
	if s.deps.Series != nil {
		s.deps.Series.PutRollups(ctx, RollupSeries(out))
	}
	if err := of.Queue.ClearDirty(ctx, days); err != nil {
		return fmt.Errorf("clear %d dirty days: %w", len(days), err)
	}
	return nil
}

// chunk is how many vehicles are judged and stored at a time.
const chunk = 1000

// learnAndJudge learns if it is time, and judges every vehicle.
func (s *Stage) learnAndJudge(ctx context.Context, of Part, now time.Time, rep *Report) error {
	// What comes while the pass runs gets another mark and stays on the list.
	outdated, err := of.Prognoses.Outdated(ctx, 0)
	if err != nil {
		return err
	}
	if err := s.learn(ctx, s.deps.Memory, now, rep); err != nil {
		return err
	}
	return s.judgeAll(ctx, of, outdated, now, rep)
}

// judgeAll judges every vehicle of a part, and takes those that were outdated off the list.
func (s *Stage) judgeAll(
	ctx context.Context, of Part, outdated []presage.Outdated, now time.Time, rep *Report,
) error {
	for vehicles, err := range of.vehicles(ctx) {
		if err != nil {
			return err
		}
		if err := s.judge(ctx, of, now, vehicles, rep); err != nil {
			return err
		}
	}
	return of.Prognoses.ClearOutdated(ctx, outdated)
}

// judgeOutdated judges the vehicles of which something new is known.
func (s *Stage) judgeOutdated(ctx context.Context, of Part, now time.Time, rep *Report) error {
	rep.VINs = []presage.VIN{}
	for {
		outdated, err := of.Prognoses.Outdated(ctx, chunk)
		if err != nil || len(outdated) == 0 {
			return err
		}
		vins := make([]presage.VIN, len(outdated))
		for i, o := range outdated {
			vins[i] = o.VIN
		}
		vehicles, err := s.deps.Fleet.VehiclesOf(ctx, vins)
		if err != nil {
			return fmt.Errorf("read vehicles: %w", err)
		}
		if err := s.judge(ctx, of, now, vehicles, rep); err != nil {
			return err
		}
		for _, v := range vehicles {
			rep.VINs = append(rep.VINs, v.VIN)
		}
		if err := of.Prognoses.ClearOutdated(ctx, outdated); err != nil {
			return err
		}
		if len(outdated) < chunk {
			return nil
		}
	}
}

// vehicles are all of the part by ascending VIN, chunk at a time.
func (of Part) vehicles(ctx context.Context) iter.Seq2[[]presage.Vehicle, error] {
	return func(yield func([]presage.Vehicle, error) bool) {
		var after presage.VIN
		for {
			some, err := of.Fleet.Vehicles(ctx, presage.VehicleFilter{After: after, Limit: chunk})
			if err != nil {
				yield(nil, fmt.Errorf("read vehicles: %w", err))
				return
			}
			if len(some) > 0 && !yield(some, nil) || len(some) < chunk {
				return
			}
			after = some[len(some)-1].VIN
		}
	}
}

// judge prognoses at most chunk vehicles and stores what comes out, as state and as series.
func (s *Stage) judge(
	ctx context.Context, of Part, now time.Time, vehicles []presage.Vehicle, rep *Report,
) error {
	desks := s.atWork()
	share := (len(vehicles) + len(desks) - 1) / len(desks)
	group, working := errgroup.WithContext(ctx)
	for i, d := range desks {
		part := vehicles[min(i*share, len(vehicles)):min((i+1)*share, len(vehicles))]
		group.Go(func() error {
			return s.tracks(working, now, part, &d.track, func(t *models.Track) {
				d.out = d.worker.PrognoseTrack(d.out, t, now)
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	flat := desks[0].out
	for _, d := range desks[1:] {
		flat = append(flat, d.out...)
	}
	desks[0].out = flat
	if err := of.Prognoses.PutPrognoses(ctx, flat); err != nil {
		return fmt.Errorf("store %d prognoses: %w", len(flat), err)
	}
	if err := s.putSeries(ctx, now, flat); err != nil {
		return err
	}
	rep.count(flat, len(vehicles))
	return nil
}

// desk is the memory that one goroutine judges with, used chunk after chunk.
type desk struct {
	worker *models.Worker
	of     *models.Prognoser // whose worker it is
	track  models.Track
	out    []presage.Prognosis
}

// atWork returns a cleared desk for each processor.
func (s *Stage) atWork() []*desk {
	if len(s.desks) == 0 {
		s.desks = make([]*desk, runtime.GOMAXPROCS(0))
		for i := range s.desks {
			s.desks[i] = &desk{}
		}
	}
	now := s.Prognoser()
	for _, d := range s.desks {
		if d.of != now {
			d.worker, d.of = now.Worker(), now
			d.worker.NoPaths = true // Paths computes them when somebody looks
		}
		d.worker.Reset()
		d.out = d.out[:0]
	}
	return s.desks
}

// tracks hands over the track of each vehicle, which ascend. The track is t and lent.
func (s *Stage) tracks(
	ctx context.Context, now time.Time, vehicles []presage.Vehicle, t *models.Track, each func(*models.Track),
) error {
	vins := make([]presage.VIN, len(vehicles))
	for i, v := range vehicles {
		vins[i] = v.VIN
	}
	labels, err := s.deps.Fleet.LabelsOf(ctx, vins)
	if err != nil {
		return fmt.Errorf("read labels: %w", err)
	}
	of := map[presage.VIN][]presage.Label{}
	for _, l := range labels {
		of[l.VIN] = append(of[l.VIN], l)
	}
	next := 0 // the vehicle whose track is being made
	begin := func() {
		t.Reset(vehicles[next])
		t.SetLabels(of[vehicles[next].VIN])
	}
	end := func() {
		each(t)
		if next++; next < len(vehicles) {
			begin()
		}
	}
	if len(vehicles) > 0 {
		begin()
	}
	from := presage.DayOf(now) - models.KeepDays
	err = s.deps.Rollups.RollupBlocks(ctx, vins, from, func(vin presage.VIN, b *presage.RollupBlock) {
		for vehicles[next].VIN != vin {
			end()
		}
		t.Append(b)
	})
	if err != nil {
		return fmt.Errorf("read roll-ups: %w", err)
	}
	for next < len(vehicles) {
		end()
	}
	return nil
}

func (r *Report) count(ps []presage.Prognosis, vehicles int) {
	r.Vehicles += vehicles
	r.Prognoses += len(ps)
	for i := range ps {
		r.Statuses[ps[i].Status]++
		if n := len(r.Due); ps[i].Status == presage.StatusDue && (n == 0 || r.Due[n-1] != ps[i].VIN) {
			r.Due = append(r.Due, ps[i].VIN)
		}
	}
}
