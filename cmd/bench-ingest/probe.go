package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"presage"
)

// probe measures from outside how long a sample is under way: from its publish
// until the API shows its time as the vehicle's last one, which the service
// writes after the telemetry is durable and before it acknowledges. It looks
// twice a second at most, because its questions cost the service too.
type probe struct {
	url   string
	key   string // of the API
	next  chan flight
	waits []float64 // seconds; read after the run
	lost  int       // samples that did not show within stall
}

// flight is a sample that is looked for.
type flight struct {
	vin presage.VIN
	at  time.Time
}

func newProbe(url, key string) *probe { return &probe{url: url, key: key, next: make(chan flight)} }

// told offers a sample that was just published; it is passed over while
// another one is looked for.
func (p *probe) told(v *vehicle, at time.Time) {
	select {
	case p.next <- flight{v.vin, at}:
	default:
	}
}

// run looks for samples until end is closed, and then for the one at hand to its
// end; or until ctx ends.
func (p *probe) run(ctx context.Context, end <-chan struct{}) {
	pause := time.NewTicker(500 * time.Millisecond)
	defer pause.Stop()
	for {
		select {
		case f := <-p.next:
			p.follow(ctx, f)
		case <-end:
			return
		case <-ctx.Done():
			return
		}
		select {
		case <-pause.C:
		case <-end:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (p *probe) follow(ctx context.Context, f flight) {
	const step = 10 * time.Millisecond
	sample := f.at.Truncate(time.Millisecond) // the payload's precision
	for time.Since(f.at) < stall {
		if seen, err := p.lastSeen(ctx, f.vin); err == nil && !seen.Before(sample) {
			p.waits = append(p.waits, time.Since(f.at).Seconds())
			return
		}
		if until(ctx, time.Now().Add(step)) != nil {
			return
		}
	}
	p.lost++
}

// lastSeen asks the API; a vehicle that is not known yet is an error like any other.
func (p *probe) lastSeen(ctx context.Context, vin presage.VIN) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/v1/vehicles/"+string(vin), http.NoBody)
	if err != nil {
		return time.Time{}, err
	}
	req.Header.Set("Authorization", "Bearer "+p.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	var v presage.Vehicle
	err = json.NewDecoder(resp.Body).Decode(&v)
	return v.LastSeen, err
}
