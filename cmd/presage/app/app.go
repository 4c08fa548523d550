package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"presage"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
	"presage/cmd/presage/schedule"
	"presage/forecast"
	"presage/forecast/orders"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/gbt32960"
	"presage/ingest/httpdoor"
	"presage/ingest/mqtt"
	"presage/ingest/watch"
	"presage/internal/disk"
	"presage/internal/names"
	"presage/internal/spool"
	"presage/internal/sqlstore"
	"presage/models"
	"presage/models/scoring"
	"presage/outreach"
	"presage/outreach/knowledge"
	"presage/outreach/notice"
	"presage/outreach/recall"
)

// Telemetry is the store of samples, whichever it is.
type Telemetry interface {
	Write(ctx context.Context, samples []presage.Sample) error
	Scan(ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string) iter.Seq2[presage.Sample, error]
	Rows(ctx context.Context) (int64, error)
	RowsOf(ctx context.Context, vin presage.VIN) (int64, error)
	Ready(ctx context.Context) error
	Probe(ctx context.Context) error
	Close() error
}

// Options say how to open an App. Config is needed.
type Options struct {
	Config config.Config
	// Clock is the service's time; nil for the wall's, shifted by the offset
	// that a demo left in the data directory.
	Clock  *clock.Clock
	Logger *slog.Logger
	// Replace names the file by which a data directory is known as one that may
	// be emptied first; "" opens what is there. It is emptied once the HTTP port
	// is bound and the directory locked, not before.
	Replace string
	// Channels reach customers in the place of the configured ones; nil for these.
	Channels []outreach.Channel
	// Version is shown in the API's description.
	Version string
}

// App is the whole service in one process. Open it, Serve it, Close it.
type App struct {
	SQL       *sqlstore.Store
	Telemetry Telemetry
	Pipeline  *ingest.Pipeline
	articles  *knowledge.Library
	Outreach  *outreach.Service
	Catalogue *presage.Catalogue
	Orders    *orders.Book
	partBook  *orders.PartBook
	Clock     *clock.Clock
	Names     *names.Book // that vehicles invented

	cfg             config.Config
	channels        []outreach.Channel // that take the place of the configured ones
	log             *slog.Logger
	registry        *prometheus.Registry
	dir             *dataDir
	places          []disk.Place    // where the stores write on this machine
	spool           *spool.Spool    // nil when there is none
	series          *series         // nil without InfluxDB
	door            *door.Server    // nil with an external broker
	subscriber      subscriber      // of it; nil without one
	forwarder       *mqtt.Forwarder // of commands; nil without one
	foreign         []foreignFormat
	gateway         *gbt32960.Gateway // nil without one
	httpDoor        *httpdoor.Door
	scoring         *scoring.Stage
	watch           *watch.Watcher
	notices         *notice.Notifier // nil without a mail server
	forecast        *forecast.Service
	handler         http.Handler
	listener        net.Listener
	metricsListener net.Listener // nil without one of its own
	gatewayListener net.Listener // nil without a gateway
	adminKey        presage.Secret
	webhooks        map[string]http.Handler // of message providers
	schedule        *schedule.Schedule
	passes          passes
	shared          *sharedPasses // nil where one process has the database
	recalls         *recall.Desk
	backups         *backups
	edge            edge
	letters         *ingest.BoundedLetters
	stopping        atomic.Bool // told to stop; nothing is closed yet
}

// Open opens the stores and binds the ports of MQTT and HTTP.
// Nothing is taken in or sent before Serve. On an error everything is closed again.
func Open(ctx context.Context, o Options) (*App, error) {
	a := &App{cfg: o.Config, log: o.Logger, Clock: o.Clock, channels: o.Channels, registry: prometheus.NewRegistry()}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, step := range []func(context.Context) error{
		a.listen, a.awaitRoom, a.listenGateway, func(context.Context) error { return a.openDir(o.Replace) },
		a.openStores, a.openClock, a.openSpool, a.openSeries, a.openStages, a.openMQTT, a.openGateway,
		a.openCommands, a.openIntake,
		func(context.Context) error { return a.openAPI(o.Version) },
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close()) //nolint:contextcheck // closing is not ended by what ended opening
		}
	}
	return a, nil
}

func (a *App) openStages(ctx context.Context) error {
	var err error
	if a.Catalogue, err = a.catalogue(); err != nil {
		return err
	}
	a.openRecalls()
	a.partBook = orders.NewPartBook(a.SQL, a.Catalogue.Parts, a.Clock.Now)
	a.Catalogue.PartBook = a.partBook.Master
	if err = a.SQL.PutParts(ctx, a.Catalogue.Parts); err != nil {
		return err
	}
	if err = a.openWatch(ctx); err != nil {
		return err
	}
	if a.foreign, err = a.formats(); err != nil {
		return err
	}
	if err = a.openNames(ctx); err != nil {
		return err
	}
	if err = a.openPipeline(); err != nil { //nolint:contextcheck // a scrape brings none
		return err
	}
	if err = a.openScoring(a.retention().Whole(a.SQL), a.scoringSeries()); err != nil {
		return err
	}
	if a.forecast, err = forecast.New(planConfig(a.cfg.Forecast), forecast.Deps{
		Catalogue: a.Catalogue, Store: forecastStore{a.SQL}, Now: a.Clock.Now, Logger: a.log,
	}); err != nil {
		return err
	}
	if err = a.openOutreach(ctx); err != nil {
		return err
	}
	if err = a.followPolicy(ctx); err != nil {
		return err
	}
	if err = a.openSchedule(); err != nil {
		return err
	}
	return a.openShare(ctx)
}

// openScoring makes the stage that rolls up the days of a queue.
func (a *App) openScoring(queue scoring.Queue, series scoring.Series) error {
	prognoser, err := a.prognoser()
	if err != nil {
		return err
	}
	store := a.SQL
	a.scoring, err = scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: a.Telemetry, Queue: queue, Rollups: store, Fleet: store, Prognoses: store, Memory: store, Series: series,
		Now: a.Clock.Now, Logger: a.log,
	}, prognoser)
	return err
}

// catalogue is the embedded one with the configured file laid over it.
func (a *App) catalogue() (*presage.Catalogue, error) {
	if a.cfg.Catalogue == "" {
		return models.LoadCatalogue(nil)
	}
	overlay, err := os.ReadFile(a.cfg.Catalogue)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w: %w", presage.ErrInvalid, err)
	}
	c, err := models.LoadCatalogue(overlay)
	if err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", a.cfg.Catalogue, err)
	}
	return c, nil
}

// BrokerURL is where vehicles publish.
func (a *App) BrokerURL() string {
	if a.door != nil {
		return a.door.URL()
	}
	return a.cfg.MQTT.Broker.Reveal()
}

// Close stops what Open started; Serve must have returned. It may be called
// on a half-opened App.
func (a *App) Close() error {
	errs := []error{a.closeListeners()}
	if a.door != nil {
		errs = append(errs, a.door.Close())
	}
	if a.spool != nil {
		errs = append(errs, a.spool.Close())
	}
	errs = append(errs, a.closeSeries(), a.leave())
	if a.Telemetry != nil {
		errs = append(errs, a.Telemetry.Close())
	}
	if a.SQL != nil {
		errs = append(errs, a.SQL.Close())
	}
	if a.dir != nil {
		errs = append(errs, a.dir.Close())
	}
	return errors.Join(errs...)
}
