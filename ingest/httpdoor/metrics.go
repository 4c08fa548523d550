package httpdoor

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics have statuses as labels, which no client chooses.
type metrics struct {
	requests *prometheus.CounterVec
	refused  prometheus.Counter
}

func newMetrics(r prometheus.Registerer) metrics {
	f := promauto.With(r)
	return metrics{
		requests: f.NewCounterVec(prometheus.CounterOpts{
			Name: "presage_ingest_http_requests_total", Help: "Requests of telemetry by HTTP, by the status answered.",
		}, []string{"status"}),
		refused: f.NewCounter(prometheus.CounterOpts{
			Name: "presage_ingest_http_refused_total",
			Help: "Lines and points refused and not kept: they name no vehicle, or not the sender's.",
		}),
	}
}

func (m metrics) count(a *answer) {
	m.requests.WithLabelValues(strconv.Itoa(a.status)).Inc()
	m.refused.Add(float64(a.refusals.count))
}
