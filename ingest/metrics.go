package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics of a pipeline. No label holds anything that a vehicle may choose.
// They are counted batch by batch: a message costs none of them anything.
type metrics struct {
	messages     *prometheus.CounterVec // kind
	samples      prometheus.Counter
	readings     prometheus.Counter
	events       prometheus.Counter
	bytes        prometheus.Counter
	unknown      prometheus.Counter
	dropped      prometheus.Counter
	mended       prometheus.Counter
	namesRefused prometheus.Counter
	units        prometheus.Counter
	batches      prometheus.Counter
	deadLetters  *prometheus.CounterVec // reason
	storeErrors  *prometheus.CounterVec // store, kind
	lag          *durations
	eventLag     *durations
	batchSize    prometheus.Histogram
	batchBytes   prometheus.Histogram
	queued       prometheus.Gauge
	queuedBytes  prometheus.Gauge
	holding      prometheus.Gauge
	writers      prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "presage", Subsystem: "ingest", Name: name, Help: help}
	}
	gauge := func(name, help string) prometheus.Gauge {
		return f.NewGauge(prometheus.GaugeOpts(opts(name, help)))
	}
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return f.NewHistogram(prometheus.HistogramOpts{
			Namespace: "presage", Subsystem: "ingest", Name: name, Help: help, Buckets: buckets,
		})
	}
	return &metrics{
		messages: f.NewCounterVec(opts("messages_total", "Messages taken in, by format and kind."), []string{"kind"}),
		samples:  f.NewCounter(opts("samples_total", "Samples made durable.")),
		readings: f.NewCounter(opts("readings_total", "Readings made durable.")),
		events:   f.NewCounter(opts("events_total", "Events made durable.")),
		bytes:    f.NewCounter(opts("bytes_total", "Payload bytes taken in, as sent.")),
		unknown: f.NewCounter(opts("unknown_signals_total",
			"Readings kept under names that the signal table does not hold.")),
		dropped: f.NewCounter(opts("dropped_total",
			"Messages of foreign formats that were understood and mean nothing here.")),
		mended: f.NewCounter(opts("mended_total",
			"Messages that were not JSON, of which what could be read was stored.")),
		namesRefused: f.NewCounter(opts("names_refused_total",
			"Readings not stored because their vehicle, or all vehicles, use too many names of their own.")),
		units: f.NewCounter(opts("implausible_units_total",
			"Readings that are stored as they were sent, and would be usual in another unit than the signal's.")),
		batches:     f.NewCounter(opts("batches_total", "Batches made durable and acknowledged.")),
		deadLetters: f.NewCounterVec(opts("dead_letters_total", "Dead letters, by reason."), []string{"reason"}),
		storeErrors: f.NewCounterVec(opts("store_errors_total", "Failed attempts to write, by store and kind of error."),
			[]string{"store", "kind"}),
		lag: newDurations(r, "presage_ingest_lag_seconds", "From arrival to acknowledgement.",
			[]float64{.001, .004, .016, .064, .25, 1, 4, 16, 64, 250}),
		eventLag: newDurations(r, "presage_ingest_event_lag_seconds",
			"From the time of a sample to its being durable; messages that the broker had retained do not count.",
			[]float64{.1, .3, 1, 3, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600}),
		batchSize:   histogram("batch_messages", "Messages in a batch.", prometheus.ExponentialBuckets(1, 4, 8)),
		batchBytes:  histogram("batch_bytes", "Payload bytes in a batch.", prometheus.ExponentialBuckets(256, 8, 6)),
		queued:      gauge("queue_messages", "Messages submitted and not yet acknowledged."),
		queuedBytes: gauge("queue_bytes", "Payload bytes submitted and not yet acknowledged."),
		holding:     gauge("holding", "1 while a store error holds the pipeline."),
		writers:     gauge("writers_busy", "Batches that are being made durable."),
	}
}

// clock shows how the service's clock stands to the vehicles'.
func (*metrics) clock(r prometheus.Registerer, p *Pipeline) {
	promauto.With(r).NewGaugeFunc(prometheus.GaugeOpts{
		Name: "presage_ingest_clock_offset_seconds",
		Help: "How far the middle one of the vehicles heard last was ahead of the service's clock: " +
			"far above 0, the service's is behind; far below, it is ahead, or all of them send late.",
	}, p.fleet.offset)
}

// begin counts what is in b, which is on its way to the stores.
func (m *metrics) begin(b *batch, flying int) {
	m.writers.Set(float64(flying))
	m.bytes.Add(float64(b.payload))
	m.unknown.Add(float64(b.unknown))
	m.mended.Add(float64(b.mended))
	for kind, n := range b.kinds {
		m.messages.WithLabelValues(kind).Add(float64(n))
	}
}

// done counts what has become durable.
func (m *metrics) done(b *batch, c changes, now func() time.Time) {
	for _, l := range c.letters {
		m.deadLetters.WithLabelValues(l.Reason).Inc()
	}
	m.samples.Add(float64(c.samples))
	m.readings.Add(float64(c.readings))
	m.events.Add(float64(len(c.events)))
	m.batches.Inc()
	m.batchSize.Observe(float64(len(b.items)))
	m.batchBytes.Observe(float64(b.payload))
	m.writers.Dec()
	if now == nil {
		return
	}
	at := now()
	lag, eventLag := m.lag.start(), m.eventLag.start()
	for _, it := range b.items {
		if it.mark != nil || it.redrive != nil || it.probes() {
			continue
		}
		lag.observe(at.Sub(it.msg.Received))
		if it.msg.Retained {
			continue
		}
		for i := range it.samples {
			eventLag.observe(at.Sub(it.samples[i].Time))
		}
	}
	m.lag.add(lag)
	m.eventLag.add(eventLag)
}
