package jetstream

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics tell of the consumer that the processes share. A nil Metrics counts nothing.
type Metrics struct {
	waiting   prometheus.Gauge
	delivered *prometheus.CounterVec
}

// NewMetrics registers them with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	f := promauto.With(r)
	m := &Metrics{
		waiting: f.NewGauge(prometheus.GaugeOpts{
			Namespace: "presage", Subsystem: "jetstream", Name: "waiting_messages",
			Help: "Messages in the cluster that no process was given yet; the same at each process.",
		}),
		delivered: f.NewCounterVec(prometheus.CounterOpts{
			Namespace: "presage", Subsystem: "jetstream", Name: "delivered_total",
			Help: "Messages that this process was given, first or again.",
		}, []string{"time"}),
	}
	for _, time := range []string{"first", "again"} {
		m.delivered.WithLabelValues(time)
	}
	return m
}

// deliver counts a message that was given to us for the times-th time, with so
// many behind it.
func (m *Metrics) deliver(times, behind uint64) {
	if m == nil {
		return
	}
	m.wait(behind)
	if times > 1 {
		m.delivered.WithLabelValues("again").Inc()
	} else {
		m.delivered.WithLabelValues("first").Inc()
	}
}

func (m *Metrics) wait(messages uint64) {
	if m != nil {
		m.waiting.Set(float64(messages))
	}
}
