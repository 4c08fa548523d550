package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/ingest"
	"presage/internal/gauge"
)

// soakRate is how many messages a second one vehicle of a soak sends at the
// most: then the times of its events never run ahead of the wall.
const soakRate = float64(time.Second / spacing)

// soakSettings of a soak.
type soakSettings struct {
	settings
	For   time.Duration // of faults
	Disk  int64         // bytes of presage's disk
	Clock bool          // build presage with a clock that can be set
}

// soak is presage with all inside it, on a small disk, under faults at random.
type soak struct {
	*rig
	disk    *smallDisk
	wall    *wall // nil: the clock is left alone
	monitor *monitor
	hostile *hostile
	random  *rand.Rand
	log     *slog.Logger
	out     soakResult
}

// runSoak is a soak from the empty disk to the count.
func runSoak(ctx context.Context, s soakSettings) (out soakResult, err error) {
	dir, err := os.MkdirTemp("", "presage-soak-")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	k := &soak{log: s.Log, random: randomOf(s.Seed, 1)}
	k.out.Seed, k.out.Combination = s.Seed, combination{Name: "soak", Broker: brokerEmbedded, Store: storeEmbedded}
	of := rig{combination: k.out.Combination, program: s.Program, dir: dir}
	k.prepare(ctx, s, &of)
	defer func() { err = errors.Join(err, k.disk.close()) }() //nolint:contextcheck // a disk must not outlive ctx
	if k.rig, err = startRig(ctx, of); err != nil {
		return k.out, err
	}
	defer k.close()
	err = k.live(ctx, s)
	return k.out, err
}

func randomOf(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // a plan is not a secret
}

// prepare makes the disk and the program. What this machine does not allow is
// told and left out.
func (k *soak) prepare(ctx context.Context, s soakSettings, of *rig) {
	var err error
	if k.disk, err = mountDisk(ctx, filepath.Join(of.dir, "data"), s.Disk); err != nil {
		k.leaveOut(err)
	}
	if s.Clock {
		if k.wall, err = buildWall(ctx, of.dir); err != nil {
			k.leaveOut(err)
		} else {
			of.program, of.env = k.wall.program, k.wall.env()
		}
	}
	of.counted = func(l presage.DeadLetter) bool { return l.Reason == ingest.ReasonMalformed && l.VIN != hostileVIN }
}

func (k *soak) leaveOut(err error) {
	k.log.Warn("left out", "error", err)
	k.out.LeftOut = append(k.out.LeftOut, err.Error())
}

// live lets the fleet publish while faults come and go, and counts.
func (k *soak) live(ctx context.Context, s soakSettings) error {
	now := time.Now()
	fleet := k.fleet(s.settings, now)
	probes := newStream(900_000, now)
	probes.base = now.Add(-time.Minute).Truncate(time.Millisecond).UTC()
	k.monitor = &monitor{
		url: "http://" + k.http, began: now, within: ackWithin, prober: &prober{stream: probes, address: k.mqtt},
	}
	k.hostile = &hostile{vin: hostileVIN, address: k.mqtt, random: randomOf(s.Seed, 2)}
	stop := make(chan struct{})
	publishing, publishCtx := errgroup.WithContext(ctx)
	for _, v := range fleet {
		publishing.Go(func() error { return v.run(publishCtx, stop) })
	}
	err := k.torment(ctx, s.For)
	close(stop)
	if err != nil {
		_ = publishing.Wait()
		return fmt.Errorf("%w\n%s", err, k.presage.Output())
	}
	if err := k.finish(ctx, publishing); err != nil {
		return err
	}
	k.out.Took, k.out.PeakRSS, k.out.LoadAverage = time.Since(now), k.peak, gauge.LoadAverage()
	k.out.health, k.out.Deeds, k.out.Names = k.monitor.health, k.hostile.deeds, k.hostile.names
	k.out.GivenUp = k.monitor.prober.givenUp()
	return k.count(ctx, append(fleet, k.monitor.prober.vehicle()), &k.out.result)
}

// fleet are vehicles whose clocks are right, and one whose is ten days behind.
func (k *soak) fleet(s settings, now time.Time) []*vehicle {
	fleet := newFleet(k.rig, s)
	for i, v := range fleet {
		v.base = now.Add(-time.Minute).Truncate(time.Millisecond).UTC()
		if i == len(fleet)-1 {
			v.base = v.base.AddDate(0, 0, -10)
		}
	}
	return fleet
}

// torment inflicts faults for as long as d, and each is to heal.
func (k *soak) torment(ctx context.Context, d time.Duration) error {
	if _, err := k.monitor.awaitWell(ctx); err != nil {
		return fmt.Errorf("the service is not ready at the start: %w", err)
	}
	watching, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	group.Go(func() { k.monitor.run(watching) })
	group.Go(func() { k.hostile.run(watching) })
	group.Go(func() { k.measure(watching) })
	for began := time.Now(); time.Since(began) < d; {
		f := newSoakFault(k.random, can{disk: k.disk.mounted, clock: k.wall != nil})
		if err := pause(ctx, f.After); err != nil {
			return err
		}
		if err := k.suffer(ctx, f); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return pause(ctx, stale) // the last "ready" is held against a message too
}

// measure keeps the most that lay on the disk.
func (k *soak) measure(ctx context.Context) {
	for pause(ctx, time.Second) == nil {
		k.out.PeakDisk = max(k.out.PeakDisk, k.disk.used())
	}
}

// suffer inflicts f and waits until the service is ready again.
func (k *soak) suffer(ctx context.Context, f soakFault) error {
	began := time.Now()
	end := k.monitor.begin()
	err := k.inflict(ctx, f)
	end()
	if err != nil {
		return err
	}
	ended := time.Now()
	took, err := k.monitor.awaitWell(ctx)
	if err != nil {
		return fmt.Errorf("not ready again after %v: %w", took.Round(time.Second), err)
	}
	k.out.Healed = append(k.out.Healed, healed{f.Act, f.String(), ended.Sub(began), took})
	if f.Kill || f.Act == crash {
		k.out.Kills++
	}
	k.log.Info("ready again", "at", k.monitor.when(ended), "fault", f, "for", ended.Sub(began).Round(time.Millisecond),
		"healed_in", took.Round(time.Millisecond), "peak_mib", k.peak>>20, "disk_mib", k.disk.used()>>20)
	return nil
}

// inflict carries f out from its begin to its end.
func (k *soak) inflict(ctx context.Context, f soakFault) error {
	undo, err := k.apply(ctx, f)
	if err != nil {
		return err
	}
	return errors.Join(k.midst(ctx, f), undo())
}

// apply begins f.
func (k *soak) apply(ctx context.Context, f soakFault) (undo func() error, err error) {
	switch f.Act {
	case crash:
		k.weigh()
		k.presage.Kill()
		return func() error { return k.startPresage(ctx) }, nil
	case fillDisk:
		return k.disk.free, k.disk.fill(f.Leave)
	case stepClock:
		return func() error { return k.wall.set(0) }, k.wall.set(f.Step)
	case stall:
		return func() error { return k.presage.Signal(syscall.SIGCONT) }, k.presage.Signal(syscall.SIGSTOP)
	case lockDatabase:
		return k.lock(ctx)
	}
	return nil, fmt.Errorf("%w: no such fault: %q", presage.ErrInvalid, f.Act)
}

// midst waits for as long as f lasts, and kills presage half way if f says so.
func (k *soak) midst(ctx context.Context, f soakFault) error {
	if !f.Kill {
		return pause(ctx, f.For)
	}
	if err := pause(ctx, f.For/2); err != nil {
		return err
	}
	end := k.monitor.begin() // one of its own: a "ready" just before could not know of it
	_, err := k.restart(ctx, k.presage, 0, k.startPresage)
	end()
	if err != nil {
		return err
	}
	return pause(ctx, f.For/2)
}

// finish lets the fleet finish, drives again what was kept of it as in the
// future, and ends presage.
func (k *soak) finish(ctx context.Context, publishing *errgroup.Group) error {
	if err := publishing.Wait(); err != nil {
		return fmt.Errorf("vehicles wait for acknowledgements: %w\n%s", err, k.presage.Output())
	}
	if err := k.died(); err != nil {
		return err
	}
	if err := k.redrive(ctx, ingest.ReasonFutureTime); err != nil {
		return err
	}
	k.stopPresage()
	return nil
}

// redrive drives dead letters through ingest once more.
func (k *soak) redrive(ctx context.Context, reason string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	body := bytes.NewReader(fmt.Appendf(nil, `{"reason":%q,"limit":100000}`, reason))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+k.http+"/v1/dead-letters/redrive", body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+adminKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("drive letters again: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if text, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("drive letters again: %w: %s %s (%w)", presage.ErrUnavailable, resp.Status, text, err)
	}
	return nil
}
