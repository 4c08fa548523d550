package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/clock"
	"presage/ingest/mqtt"
	"presage/simulator"
)

const (
	tick        = 250 * time.Millisecond // wall time between two looks at the world
	connections = 16                     // vehicles that publish at the same time
	keepEvery   = time.Minute            // wall time between two notes of the clock
)

// live lets the clock run and the fleet publish over MQTT, each vehicle under
// its own name, until ctx ends.
func (d *Demo) live(ctx context.Context) error {
	if err := d.tell(ctx); err != nil {
		return err
	}
	d.app.Clock.Run(d.opt.Pace)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.app.Schedule(ctx) })
	group.Go(func() error { return d.drive(ctx) })
	return group.Wait()
}

// drive publishes what the world sends and lets its people act.
func (d *Demo) drive(ctx context.Context) error {
	cars := newFleetLinks(d.app.BrokerURL())
	defer cars.close()
	beat, keep := time.NewTicker(tick), time.NewTicker(keepEvery)
	defer beat.Stop()
	defer keep.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-keep.C:
			if err := d.app.KeepClock(ctx); err != nil {
				return err
			}
		case <-beat.C:
			now := d.app.Clock.Now()
			err := cars.publish(ctx, d.world, now)
			if err = errors.Join(err, d.people.step(ctx, now)); err != nil && ctx.Err() == nil {
				d.opt.Logger.WarnContext(ctx, "the demo goes on", "error", err)
			}
		}
	}
}

// Stream is a world whose vehicles publish to some broker. Nobody answers messages.
type Stream struct {
	World  *simulator.World
	Broker string
	Clock  *clock.Clock
	End    time.Time
	Told   func(now time.Time) // hears how far the world has come
	Encode Encoder             // nil publishes as the world does
}

// Encoder says a vehicle's message in another format.
type Encoder func(simulator.Message) ([]mqtt.Outgoing, error)

// Publish lets each vehicle publish under its own name until the clock reaches
// the end. A broker that is not there is told at once.
func (s Stream) Publish(ctx context.Context) error {
	cars := newFleetLinks(s.Broker)
	// A car of the same VIN may be connected there already: an ID of one's own
	// leaves its session alone.
	cars.encode, cars.suffix = s.Encode, "-simulate-"+strings.ToLower(rand.Text()[:8])
	defer cars.close()
	if _, err := cars.car(ctx, s.World.Fleet().Vehicles[0].VIN); err != nil {
		return err
	}
	return s.run(ctx, cars.publish)
}

// run publishes what arrives until the clock reaches the end.
func (s Stream) run(ctx context.Context, publish func(context.Context, *simulator.World, time.Time) error) error {
	beat := time.NewTicker(tick)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-beat.C:
		}
		now := s.Clock.Now()
		if now.After(s.End) {
			now = s.End
		}
		err := publish(ctx, s.World, now)
		s.Told(now)
		if err != nil || now.Equal(s.End) {
			return err
		}
	}
}

// fleetLinks holds one MQTT connection a vehicle, made when it first publishes.
type fleetLinks struct {
	broker string
	encode Encoder // nil is the native format
	suffix string  // of the client IDs, after the VIN
	cars   map[presage.VIN]*mqtt.Publisher
}

func newFleetLinks(broker string) *fleetLinks {
	return &fleetLinks{broker: broker, cars: map[presage.VIN]*mqtt.Publisher{}}
}

// car is a vehicle's connection.
func (g *fleetLinks) car(ctx context.Context, vin presage.VIN) (*mqtt.Publisher, error) {
	if car, ok := g.cars[vin]; ok {
		return car, nil
	}
	car, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{
		Broker: g.broker, VIN: vin, ClientID: string(vin) + g.suffix,
	})
	if err != nil {
		return nil, fmt.Errorf("vehicle %s: %w", vin.Masked(), err)
	}
	g.cars[vin] = car
	return car, nil
}

// publish sends everything that arrives until now: vehicles side by side, the
// messages of one in order.
func (g *fleetLinks) publish(ctx context.Context, w *simulator.World, now time.Time) error {
	outgoing := map[presage.VIN][]mqtt.Outgoing{}
	for m := range w.Advance(now) {
		said, err := g.say(m)
		if err != nil {
			return err
		}
		outgoing[m.VIN] = append(outgoing[m.VIN], said...)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for vin, messages := range outgoing {
		car, err := g.car(ctx, vin)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error {
			if _, err := car.PublishAll(ctx, slices.Values(messages)); err != nil {
				return fmt.Errorf("vehicle %s: %w", vin.Masked(), err)
			}
			return nil
		})
	}
	return group.Wait()
}

// say is m in the fleet's format.
func (g *fleetLinks) say(m simulator.Message) ([]mqtt.Outgoing, error) {
	if g.encode == nil {
		return []mqtt.Outgoing{{Topic: m.Topic, Payload: m.Payload}}, nil
	}
	return g.encode(m)
}

func (g *fleetLinks) close() {
	for _, car := range g.cars {
		_ = car.Close() // the process ends: what was not acknowledged is not counted
	}
}

// tell prints where to look.
func (d *Demo) tell(ctx context.Context) error {
	link, err := d.customersPage(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.opt.Out, `
  console          %[7]s
                   (this link logs you in, once; presage key --link --data %[6]s makes another)
  a customer       %[2]s
  API              %[1]s/docs
  MQTT             %[3]s
  clock            %[4]g times the wall's: a second here is %[5]s there

Ctrl-C stops; presage serve --data %[6]s goes on from there.
`, d.app.URL(), link, d.app.BrokerURL(), d.opt.Pace,
		time.Duration(d.opt.Pace*float64(time.Second)), d.opt.Config.DataDir, d.app.ConsoleURL())
	return err
}

// customersPage is the booking page of the newest offer that is still open and
// about more than comfort, else of the newest open one, else of the newest one.
func (d *Demo) customersPage(ctx context.Context) (string, error) {
	messages, err := d.app.SQL.Messages(ctx, presage.MessageFilter{Limit: 500})
	if err != nil {
		return "", err
	}
	best, rank := "(no offer yet: see the console's outbox)", 0
	for _, m := range messages {
		if m.Link == "" || m.Kind != "offer" {
			continue
		}
		c, err := d.app.SQL.Case(ctx, m.CaseID)
		if err != nil {
			return "", err
		}
		here := 1
		if c.State == presage.CaseOffered {
			here = 2
			if c.Severity != presage.Comfort {
				here = 3
			}
		}
		if here > rank { // of equals the newest
			best, rank = m.Link, here
		}
	}
	return best, nil
}
