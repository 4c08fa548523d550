package scoring

import (
	"cmp"
	"context"
	"fmt"
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
func (s *Stage) rollUpBatch(ctx context.Context, days []presage.DirtyDay) (done int, unread, err error) {
	all := make([]presage.Rollup, len(days))
	faults := make([]error, len(days))
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
				if t, ok := s.tracks[d.VIN]; ok {
					models.Complete(&all[i], t.Vehicle)
				}
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
	return len(read), unread, s.keep(ctx, out, read)
}

// keep stores roll-ups, puts them on their tracks and clears their days.
func (s *Stage) keep(ctx context.Context, out []presage.Rollup, days []presage.DirtyDay) error {
	if err := s.deps.Rollups.PutRollups(ctx, out); err != nil {
		return fmt.Errorf("store %d roll-ups: %w", len(out), err)
	}
	if s.deps.Series != nil {
		s.deps.Series.PutRollups(ctx, RollupSeries(out))
	}
	for i := range out {
		t, ok := s.tracks[out[i].VIN]
		if !ok { // heard from, registered by nobody yet
			t = models.NewTrack(presage.Vehicle{VIN: out[i].VIN})
			s.tracks[out[i].VIN] = t
		}
		t.Put(out[i])
	}
	if err := s.deps.Queue.ClearDirty(ctx, days); err != nil {
		return fmt.Errorf("clear %d dirty days: %w", len(days), err)
	}
	return nil
}

// chunk is how many vehicles are prognosed and stored at a time.
const chunk = 1000

// prognose asks for every vehicle and stores what comes out, as state and as
// series. Each goroutine has a worker, whose memory serves chunk after chunk.
func (s *Stage) prognose(ctx context.Context, now time.Time, rep *Report) error {
	workers := make([]*models.Worker, runtime.GOMAXPROCS(0))
	for i := range workers {
		workers[i] = s.prognoser.Worker()
	}
	all := make([][]presage.Prognosis, min(chunk, len(s.tracks)))
	var flat []presage.Prognosis
	for vins := range slices.Chunk(s.order(), chunk) {
		var group errgroup.Group
		for part, w := range workers {
			group.Go(func() error {
				for i := part; i < len(vins); i += len(workers) {
					all[i] = w.PrognoseTrack(all[i][:0], s.tracks[vins[i]], now)
				}
				return nil
			})
		}
		_ = group.Wait() // nobody returns an error
		flat = flat[:0]
		for i := range vins {
			flat = append(flat, all[i]...)
		}
		if err := s.deps.Prognoses.PutPrognoses(ctx, flat); err != nil {
			return fmt.Errorf("store %d prognoses: %w", len(flat), err)
		}
		if err := s.putSeries(ctx, now, flat); err != nil {
			return err
		}
		rep.count(flat, len(vins))
		for _, w := range workers {
			w.Reset()
		}
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
