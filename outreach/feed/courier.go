package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/webhook"
)

// Store keeps the outbox; *sqlstore.Store is one.
type Store interface {
	// ClaimDeliveries takes changes to be sent, of each case the first alone.
	ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]presage.Outgoing, error)
	// EndDelivery saves how one went; ErrConflict when somebody else has it by now.
	EndDelivery(ctx context.Context, x presage.Outgoing, how presage.Tried, now time.Time) error
}

const (
	lease     = time.Minute // more than a request takes
	timeout   = 10 * time.Second
	atOnce    = 16 // claimed together
	beside    = 8  // sent at the same time
	firstWait = 10 * time.Second
	longWait  = 4 * time.Hour
	mostTries = 20
)

// Courier sends changes to those who subscribed to them. Any number of processes
// may each run one over the same store.
type Courier struct {
	store  Store
	source string
	now    func() time.Time
	client *http.Client
	log    *slog.Logger
}

// Config is what a courier needs; all but Transport is required.
type Config struct {
	Store  Store
	Source string // the source of all events: the service's own address
	// Now is the wall's time, whatever clock the service has: receivers compare it
	// with theirs.
	Now       func() time.Time
	Transport http.RoundTripper // default http.DefaultTransport
	Logger    *slog.Logger
}

// NewCourier makes one; it connects to nothing yet.
func NewCourier(c Config) *Courier {
	return &Courier{c.Store, c.Source, c.Now, contact.Client(c.Transport, timeout), c.Logger}
}

// Run sends what there is each time tick fires, until ctx ends. Errors of the store
// are logged, and tried again.
func (c *Courier) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		if _, err := c.Deliver(ctx); err != nil && ctx.Err() == nil {
			c.log.ErrorContext(ctx, "changes were not sent; they will be tried again", "error", err)
		}
	}
}

// Deliver sends all that can be sent now, and returns how many were taken.
func (c *Courier) Deliver(ctx context.Context) (taken int, err error) {
	for {
		batch, err := c.store.ClaimDeliveries(ctx, c.now(), lease, atOnce)
		if err != nil || len(batch) == 0 {
			return taken, err
		}
		tried := make([]presage.Tried, len(batch))
		var group errgroup.Group
		group.SetLimit(beside)
		for i, x := range batch {
			group.Go(func() error {
				tried[i] = c.send(ctx, x)
				return c.end(ctx, x, tried[i])
			})
		}
		err = group.Wait()
		for _, how := range tried {
			if how.State == presage.DeliveryDelivered {
				taken++
			}
		}
		if err != nil || ctx.Err() != nil {
			return taken, errors.Join(err, ctx.Err())
		}
	}
}

// end saves how a try went: also when ctx has ended, or it would be sent again.
func (c *Courier) end(ctx context.Context, x presage.Outgoing, how presage.Tried) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	err := c.store.EndDelivery(ctx, x, how, c.now())
	if errors.Is(err, presage.ErrConflict) { // it took too long, and somebody else has it
		return nil
	}
	if how.State == presage.DeliveryDead {
		c.log.WarnContext(ctx, "a change was given up", "subscription", x.SubscriptionID, "event", x.EventID,
			"fault", how.Fault)
	}
	return err
}

// send makes one request.
func (c *Courier) send(ctx context.Context, x presage.Outgoing) presage.Tried {
	body, err := Body(x, c.source)
	if err != nil {
		return c.failed(x, refused, "it cannot be written as JSON", 0)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, x.To.URL.Reveal(), bytes.NewReader(body))
	if err != nil {
		return c.failed(x, rests, "the address cannot be used", 0)
	}
	req.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	webhook.Sign(req.Header, x.To.Secrets, x.EventID, c.now(), body)
	res, err := c.client.Do(req)
	if err != nil {
		return c.failed(x, rests, "no answer in time, or it was lost", 0)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	_ = res.Body.Close()
	if res.StatusCode/100 == 2 || res.StatusCode == http.StatusConflict {
		return presage.Tried{State: presage.DeliveryDelivered}
	}
	later := contact.Wait(contact.After(presage.ErrUnavailable, res.Header))
	return c.failed(x, sort(res.StatusCode), fmt.Sprintf("HTTP %d", res.StatusCode), later)
}

// Body is what the receiver gets: the event, with its own IDs among the data.
func Body(x presage.Outgoing, source string) ([]byte, error) {
	e := x.Event
	e.Source = source
	if len(x.External) > 0 {
		var data map[string]any
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return nil, err
		}
		data["external_ids"] = x.External
		var err error
		if e.Data, err = json.Marshal(data); err != nil {
			return nil, err
		}
	}
	return json.Marshal(e)
}

// fate is what a failed try means.
type fate int

const (
	again   fate = iota // this one is tried again
	rests               // all for the receiver rests
	refused             // it would be refused again
)

func sort(status int) fate {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity:
		return refused
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests,
		http.StatusServiceUnavailable:
		return rests
	}
	if status/100 == 3 {
		return rests
	}
	return again
}

// failed is how a try went that failed; later is how long the receiver wants to be
// left alone, 0 when it does not say.
func (c *Courier) failed(x presage.Outgoing, f fate, fault string, later time.Duration) presage.Tried {
	tries := x.Attempts
	if f == rests {
		tries = x.To.Failures + 1
	}
	at := c.now().Add(max(wait(tries), min(later, longWait)))
	how := presage.Tried{State: presage.DeliveryWaiting, Fault: fault, NotBefore: at}
	if f == rests {
		how.Pause = at
	}
	if f == refused || x.Attempts >= mostTries {
		how.State, how.NotBefore = presage.DeliveryDead, time.Time{}
	}
	return how
}

// wait doubles from firstWait to longWait.
func wait(tries int) time.Duration {
	d := firstWait
	for ; tries > 1 && d < longWait; tries-- {
		d *= 2
	}
	return min(d, longWait)
}
