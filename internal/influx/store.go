package influx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"

	"presage"
)

const (
	telemetry = "telemetry" // what vehicles measured
	prognosis = "prognosis" // what Presage foretold on a day
	rollup    = "rollup"    // what Presage made of a day's telemetry

	vinTag       = "vin"
	componentTag = "component" // of what Presage wrote
)

// Store is a client of one bucket; safe for concurrent use.
type Store struct {
	config    Config
	client    influxdb2.Client
	writeURL  string
	gzip      bool
	batches   sync.Pool // of *batch
	transport *http.Transport
	closed    atomic.Bool
}

// Open checks the configuration (ErrInvalid) and asks the server whether it
// would take a write. A server that answers no (token, bucket, organisation)
// is an error that says what to do. A server that does not answer is none: the
// caller's writes fail with ErrUnavailable until it does, and Ready says so.
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
	}
	options := influxdb2.DefaultOptions().
		SetPrecision(time.Millisecond).
		SetHTTPClient(&http.Client{Transport: transport, Timeout: c.Timeout})
	client := influxdb2.NewClientWithOptions(c.URL, c.Token.Reveal(), options)
	s := &Store{
		config:    c,
		client:    client,
		writeURL:  writeURL(client.HTTPService().ServerAPIURL(), c),
		gzip:      !onLoopback(c.URL),
		batches:   sync.Pool{New: func() any { return newBatch() }},
		transport: transport,
	}
	if err := s.Ready(ctx); err != nil && refused(err) {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Ready is nil when a write would succeed: it sends a write that holds nothing
// but a comment, so that the server checks token, organisation and bucket.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.open(); err != nil {
		return err
	}
	err := s.post(ctx, newBatch(), []byte("# presage asks whether writes are welcome"))
	if err == nil || statusOf(err) == http.StatusBadRequest {
		return nil // InfluxDB 2 may answer 400 "writing requires points": it got as far as our lines
	}
	return s.unavailable("write", err)
}

// open is an ErrUnavailable after Close.
func (s *Store) open() error {
	if s.closed.Load() {
		return fmt.Errorf("influx bucket %s: %w: the store is closed", s.config.Bucket, presage.ErrUnavailable)
	}
	return nil
}

// Close drops the connections; a second Close does nothing.
func (s *Store) Close() error {
	if !s.closed.Swap(true) {
		s.client.Close()
		s.transport.CloseIdleConnections()
	}
	return nil
}
