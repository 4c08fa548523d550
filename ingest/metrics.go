package ingest

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics of a pipeline. No label holds anything that a vehicle may choose.
type metrics struct {
	messages    *prometheus.CounterVec // kind
	samples     prometheus.Counter
	readings    prometheus.Counter
	events      prometheus.Counter
	bytes       prometheus.Counter
	unknown     prometheus.Counter
	batches     prometheus.Counter
	deadLetters *prometheus.CounterVec // reason
	storeErrors *prometheus.CounterVec // store
	lag         prometheus.Histogram
	batchSize   prometheus.Histogram
	queued      prometheus.Gauge
	queuedBytes prometheus.Gauge
	holding     prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "presage", Subsystem: "ingest", Name: name, Help: help}
	}
	gauge := func(name, help string) prometheus.Gauge {
		return f.NewGauge(prometheus.GaugeOpts(opts(name, help)))
	}
	return &metrics{
		messages: f.NewCounterVec(opts("messages_total", "Messages taken in, by kind."), []string{"kind"}),
		samples:  f.NewCounter(opts("samples_total", "Samples made durable.")),
		readings: f.NewCounter(opts("readings_total", "Readings made durable.")),
		events:   f.NewCounter(opts("events_total", "Events made durable.")),
		bytes:    f.NewCounter(opts("bytes_total", "Payload bytes taken in, as sent.")),
		unknown: f.NewCounter(opts("unknown_signals_total",
			"Readings kept under names that the signal table does not hold.")),
		batches: f.NewCounter(opts("batches_total", "Batches made durable and acknowledged.")),
		deadLetters: f.NewCounterVec(opts("dead_letters_total", "Dead letters, by reason."),
			[]string{"reason"}),
		storeErrors: f.NewCounterVec(opts("store_errors_total", "Failed attempts to write, by store."),
			[]string{"store"}),
		lag: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: "presage", Subsystem: "ingest", Name: "lag_seconds",
			Help:    "From arrival to acknowledgement.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 10),
		}),
		batchSize: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: "presage", Subsystem: "ingest", Name: "batch_messages",
			Help:    "Messages in a batch.",
			Buckets: prometheus.ExponentialBuckets(1, 4, 8),
		}),
		queued:      gauge("queue_messages", "Messages submitted and not yet acknowledged."),
		queuedBytes: gauge("queue_bytes", "Payload bytes submitted and not yet acknowledged."),
		holding:     gauge("holding", "1 while a store error holds the pipeline."),
	}
}
