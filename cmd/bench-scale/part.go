package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"time"

	"presage"
	"presage/internal/cluster"
	"presage/models/scoring"
)

// done is what one process did of a night.
type done struct {
	Vehicles int           `json:"vehicles"`
	CPU      time.Duration `json:"cpu"`
}

// judgePart is one process among others. Each line of orders holds how many there are and
// which night it is; when it has its part of the shards it answers with an empty
// line, and judges after the next line, whatever that holds.
func judgePart(ctx context.Context, url string, orders io.Reader, answers io.Writer) error {
	b := &bench{path: url, now: today().Add(2 * time.Hour), telemetry: samples{}}
	if err := b.open(ctx); err != nil {
		return err
	}
	self := presage.Process{
		ID: rand.Text(), Place: "bench:" + strconv.Itoa(os.Getpid()), Roles: []string{presage.ProcessScore},
		Since: time.Now(),
	}
	member := cluster.New(self, b.store, slog.New(slog.DiscardHandler))
	lines := bufio.NewScanner(orders)
	for lines.Scan() {
		var processes, night int
		if _, err := fmt.Sscan(lines.Text(), &processes, &night); err != nil {
			return fmt.Errorf("orders %q: %w", lines.Text(), err)
		}
		b.now = today().AddDate(0, 0, night).Add(2 * time.Hour)
		if err := b.gather(ctx, member, processes); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(answers); err != nil || !lines.Scan() {
			return err
		}
		did, err := b.judgeHeld(ctx, member)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(answers).Encode(did); err != nil {
			return err
		}
	}
	if err := member.Leave(ctx); err != nil {
		return err
	}
	return b.store.Close()
}

// gather beats until the shards are shared out among so many processes.
func (b *bench) gather(ctx context.Context, member *cluster.Member, processes int) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if err := member.Beat(ctx, time.Now()); err != nil {
			return err
		}
		duties, err := b.store.Duties(ctx)
		if err != nil {
			return err
		}
		if sharedOut(duties, processes) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// sharedOut tells whether every shard has an owner, and each of so many owners its part.
func sharedOut(duties []presage.Duty, processes int) bool {
	counts := map[string]int{}
	for _, d := range duties {
		if d.IsShard() {
			counts[d.Owner]++
		}
	}
	if _, without := counts[""]; without || len(counts) != processes {
		return false
	}
	for _, n := range counts {
		if n < presage.Shards/processes || n > presage.Shards/processes+1 {
			return false
		}
	}
	return true
}

// judgeHeld judges every vehicle of the shards that this process has, as the service does.
func (b *bench) judgeHeld(ctx context.Context, member *cluster.Member) (did done, err error) {
	if _, _, err := b.stage.Lesson(ctx); err != nil {
		return did, err
	}
	c, err := took(func() error {
		for _, d := range member.Begin() {
			on := b.store.On([]presage.Duty{d})
			rep, err := b.stage.ScorePart(ctx, scoring.Part{Queue: on, Rollups: on, Fleet: on, Prognoses: on})
			if err == nil {
				err = member.Finish(ctx, d, b.now)
			}
			if err != nil {
				return err
			}
			member.End(d)
			did.Vehicles += rep.Vehicles
		}
		return nil
	})
	did.CPU = c.cpu
	return did, err
}
