package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/client"
	"presage/ingest"
	"presage/simulator"
)

// Posted counts what became of messages that were posted.
type Posted struct {
	Messages int64 // answered
	Samples  int64 // stored
}

// PublishHTTP is Publish by POST /v1/telemetry at Broker (http://HOST:PORT), as
// an operator with the key. Events have no way by HTTP and are left out.
func (s Stream) PublishHTTP(ctx context.Context, key presage.Secret) (Posted, error) {
	service, err := client.New("--broker", s.Broker, key)
	if err != nil {
		return Posted{}, err
	}
	defer service.Close()
	p := poster{service: service}
	err = s.run(ctx, p.publish)
	return Posted{p.messages.Load(), p.samples.Load()}, err
}

type poster struct {
	service  *client.Service
	messages atomic.Int64
	samples  atomic.Int64
}

// posts are at work at the same time: what the door lets one sender have.
const posts = 8

// publish posts everything that arrives until now: vehicles side by side, the
// messages of one in order.
func (p *poster) publish(ctx context.Context, w *simulator.World, now time.Time) error {
	outgoing := map[presage.VIN][][]byte{}
	for m := range w.Advance(now) {
		if m.Topic == ingest.TelemetryTopic(m.VIN) {
			outgoing[m.VIN] = append(outgoing[m.VIN], m.Payload)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(posts)
	for vin, payloads := range outgoing {
		group.Go(func() error {
			for _, payload := range payloads {
				if err := p.post(ctx, vin, payload); err != nil {
					return fmt.Errorf("vehicle %s: %w", vin.Masked(), err)
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// attempts are made of one message while the service asks for a pause.
const attempts = 20

func (p *poster) post(ctx context.Context, vin presage.VIN, payload []byte) error {
	var err error
	for range attempts {
		var pause time.Duration
		if pause, err = p.try(ctx, vin, payload); err == nil || pause == 0 {
			return err
		}
		wait := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C:
		}
	}
	return err
}

// try sends the payload once; pause is how long the service wants to be left alone.
func (p *poster) try(ctx context.Context, vin presage.VIN, payload []byte) (pause time.Duration, err error) {
	a, err := p.service.Ask(ctx, http.MethodPost, "/v1/telemetry?vin="+string(vin), payload)
	if err != nil {
		return 0, err
	}
	switch a.Status {
	case http.StatusOK, http.StatusMultiStatus, http.StatusUnprocessableEntity: // some are broken on purpose
		var report struct {
			Stored int64 `json:"stored"`
		}
		if err := json.Unmarshal(a.Body, &report); err != nil {
			return 0, fmt.Errorf("%w: the answer is not a report of what is stored", presage.ErrUnavailable)
		}
		p.messages.Add(1)
		p.samples.Add(report.Stored)
		return 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		pause = min(max(a.Pause, time.Second), time.Minute)
	}
	return pause, a.Err()
}
