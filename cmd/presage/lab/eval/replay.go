package eval

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/lab/playback"
	"presage/cmd/presage/progress"
	"presage/ingest/mqtt"
	"presage/simulator/recorded"
)

// batchRows is how many rows a message holds at most: 150 of the widest stay
// well below the 1 MiB that a payload may have.
const batchRows = 150

const (
	customerID = "owner"
	workshopID = "workshop"
)

// register makes the cars known, with an owner who may be written to and a
// workshop, so that nothing but the policy stands between an alarm and a case.
func register(ctx context.Context, s *service, recordings []Recording) error {
	vehicles := make([]presage.Vehicle, len(recordings))
	for i, r := range recordings {
		vehicles[i] = r.Vehicle
	}
	err := errors.Join(
		s.SQL.PutDepots(ctx, []presage.Depot{{ID: "depot", Name: presage.Text{ZH: "仓库", EN: "Depot"}}}),
		s.SQL.PutWorkshops(ctx, []presage.Workshop{{
			ID: workshopID, Name: presage.Text{ZH: "门店", EN: "Workshop"}, Zone: "Asia/Shanghai", DepotID: "depot",
			OpenHour: 8, CloseHour: 18, ClosedOn: []time.Weekday{}, Bays: presage.PlainBays("bay"),
			Technicians: []presage.Technician{{ID: "technician", Name: "Li", Skills: []string{"hv"}}},
		}}),
		s.SQL.PutCustomers(ctx, []presage.Customer{{
			ID: customerID, Name: "Owner", Lang: presage.English, Zone: "Asia/Shanghai", Tier: "standard",
			Consent: presage.Consent{Push: true, SMS: true, Call: true, Source: "contract"},
		}}),
		s.SQL.PutVehicles(ctx, vehicles))
	if err != nil {
		return fmt.Errorf("register the cars: %w", err)
	}
	return nil
}

// replayed is what a replay amounted to.
type replayed struct {
	messages int
	took     time.Duration // from the first message to the last durable row
}

// replay publishes all recordings side by side and returns when everything is durable.
func replay(ctx context.Context, s *service, o Options) (replayed, error) {
	bar := progress.New(o.Progress, "replaying over MQTT", "rows", 0)
	var drawing sync.Mutex
	var messages atomic.Int64
	began := time.Now()
	group, publishing := errgroup.WithContext(ctx)
	for _, r := range o.Recordings {
		group.Go(func() error {
			n, err := publish(publishing, s.BrokerURL(), r, func(rows int) {
				drawing.Lock()
				defer drawing.Unlock()
				bar.Add(rows)
			})
			messages.Add(int64(n))
			if err != nil {
				return fmt.Errorf("replay %s: %w", r.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return replayed{}, err
	}
	n := int(messages.Load())
	if err := s.settled(ctx, n); err != nil {
		return replayed{}, err
	}
	bar.Finish()
	return replayed{messages: n, took: time.Since(began)}, nil
}

// publish sends one recording as its car.
func publish(ctx context.Context, broker string, r Recording, progress func(int)) (messages int, err error) {
	reader, err := recorded.Open(r.Format, r.Files, recorded.Options{VIN: r.Vehicle.VIN, BatchRows: batchRows})
	if err != nil {
		return 0, err
	}
	car, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{Broker: broker, VIN: r.Vehicle.VIN})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, car.Close()) }()
	play := playback.Playback{Reader: reader, Progress: progress}
	return play.Publish(ctx, car)
}
