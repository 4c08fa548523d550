package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/ingest"
	"presage/simulator"
	"presage/simulator/gbt32960"
)

// reissueAfter is how old a sample is when its frame counts as re-issued: the
// boxes gather samples for up to a quarter of an hour.
const reissueAfter = time.Hour

// PublishGBT32960 is Publish for the electric vehicles of the world as
// terminals of GB/T 32960, edition 2016 or 2025, that connect to the gateway at
// Broker (tcp://HOST:PORT). It returns how many frames were acknowledged.
func (s Stream) PublishGBT32960(ctx context.Context, edition int) (int, error) {
	lot := &lot{addr: strings.TrimPrefix(s.Broker, "tcp://"), edition: edition, cars: map[presage.VIN]*gbt32960.Terminal{}}
	for _, v := range s.World.Fleet().Vehicles {
		if v.Powertrain != presage.Combustion {
			lot.cars[v.VIN] = nil
		}
	}
	if len(lot.cars) == 0 {
		return 0, fmt.Errorf("%w fleet: none of its vehicles is electric: take more, or another seed", presage.ErrInvalid)
	}
	for vin := range lot.cars {
		if _, err := lot.car(ctx, vin, s.World.Now()); err != nil {
			return 0, err
		}
		break // a gateway that is not there is told at once
	}
	err := s.run(ctx, lot.publish)
	n, left := lot.leave(ctx, s.End)
	return n, errors.Join(err, left)
}

// lot holds one connection an electric vehicle, made when it first has something
// to say.
type lot struct {
	addr    string
	edition int

	mu   sync.Mutex
	cars map[presage.VIN]*gbt32960.Terminal // nil until it connects
}

func (l *lot) car(ctx context.Context, vin presage.VIN, at time.Time) (*gbt32960.Terminal, error) {
	l.mu.Lock()
	car := l.cars[vin]
	l.mu.Unlock()
	if car != nil {
		return car, nil
	}
	car, err := gbt32960.Dial(ctx, gbt32960.Config{Addr: l.addr, VIN: vin, Edition: l.edition}, at)
	if err != nil {
		return nil, fmt.Errorf("vehicle %s: %w", vin.Masked(), err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cars[vin] = car
	return car, nil
}

// publish sends everything that arrives until now: vehicles side by side, the
// messages of one in order. What the standard has no register for is left out.
func (l *lot) publish(ctx context.Context, w *simulator.World, now time.Time) error {
	outgoing := map[presage.VIN][]simulator.Message{}
	for m := range w.Advance(now) {
		if _, electric := l.cars[m.VIN]; electric && m.Topic == ingest.TelemetryTopic(m.VIN) {
			outgoing[m.VIN] = append(outgoing[m.VIN], m)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for vin, messages := range outgoing {
		group.Go(func() error { return l.send(ctx, vin, messages) })
	}
	return group.Wait()
}

func (l *lot) send(ctx context.Context, vin presage.VIN, messages []simulator.Message) error {
	for _, m := range messages {
		reports, err := gbt32960.Encoder{VIN: vin, Edition: l.edition}.Encode(m.Payload)
		if err != nil {
			continue // the simulator cuts messages off on purpose, and sends them whole as well
		}
		car, err := l.car(ctx, vin, m.At)
		if err != nil {
			return err
		}
		for _, r := range reports {
			if m.At.Sub(r.At) > reissueAfter {
				r = r.Reissued()
			}
			if err := car.Send(ctx, r); err != nil {
				return fmt.Errorf("vehicle %s: %w", vin.Masked(), err)
			}
		}
	}
	return nil
}

// leave logs every vehicle out and returns how many frames were acknowledged.
func (l *lot) leave(ctx context.Context, at time.Time) (acknowledged int, err error) {
	for vin, car := range l.cars {
		if car == nil {
			continue
		}
		if failed := car.Close(ctx, at); failed != nil {
			err = errors.Join(err, fmt.Errorf("vehicle %s: %w", vin.Masked(), failed))
		}
		acknowledged += car.Acknowledged()
	}
	return acknowledged, err
}
