package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
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
	p := poster{url: s.Broker + "/v1/telemetry", key: key, client: &http.Client{Timeout: time.Minute}}
	p.client.Transport = &http.Transport{MaxIdleConnsPerHost: connections}
	defer p.client.CloseIdleConnections()
	err := s.run(ctx, p.publish)
	return Posted{p.messages.Load(), p.samples.Load()}, err
}

type poster struct {
	url      string
	key      presage.Secret
	client   *http.Client
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
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"?vin="+string(vin), bytes.NewReader(payload))
	if err != nil {
		return 0, fmt.Errorf("%w --broker: want http://HOST:PORT", presage.ErrInvalid)
	}
	q.Header.Set("Content-Type", "application/json")
	if p.key != "" {
		q.Header.Set("Authorization", "Bearer "+p.key.Reveal())
	}
	a, err := p.client.Do(q)
	if err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return 0, fmt.Errorf("%w: %s does not answer", presage.ErrUnavailable, p.url) // err holds the VIN
	}
	defer a.Body.Close()
	var report struct {
		Detail string `json:"detail"`
		Stored int64  `json:"stored"`
	}
	text, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err = errors.Join(err, json.Unmarshal(text, &report)); err != nil {
		return 0, fmt.Errorf("%w: %s answers %s, and not as presage does", presage.ErrUnavailable, p.url, a.Status)
	}
	switch a.StatusCode {
	case http.StatusOK, http.StatusMultiStatus, http.StatusUnprocessableEntity: // some are broken on purpose
		p.messages.Add(1)
		p.samples.Add(report.Stored)
		return 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(a.Header.Get("Retry-After")) // 0 is soon
		pause = min(time.Duration(max(seconds, 1))*time.Second, time.Minute)
		return pause, fmt.Errorf("%w: %s", presage.ErrUnavailable, report.Detail)
	}
	return 0, fmt.Errorf("%w: %s: %s", presage.ErrForbidden, a.Status, report.Detail)
}
