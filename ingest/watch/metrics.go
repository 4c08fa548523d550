package watch

import (
	"github.com/prometheus/client_golang/prometheus"

	"presage"
)

// metrics are what Prometheus sees.
type metrics struct {
	firing      *prometheus.GaugeVec
	transitions *prometheus.CounterVec
	stale       *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, rules []presage.WatchRule) *metrics {
	m := &metrics{
		firing: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "presage_watch_firing", Help: "Vehicles and signals on which the rule fires now, stale ones left out.",
		}, []string{"rule"}),
		transitions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "presage_watch_transitions_total", Help: "Changes of phase, by the phase that was entered.",
		}, []string{"rule", "to"}),
		stale: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "presage_watch_stale_total", Help: "Alerts that fired on data too old to call anybody.",
		}, []string{"rule"}),
	}
	for _, r := range rules {
		m.firing.WithLabelValues(r.ID)
		m.stale.WithLabelValues(r.ID)
	}
	if reg != nil {
		reg.MustRegister(m.firing, m.transitions, m.stale)
	}
	return m
}

// moved counts a change of state; news is false for one that was loaded.
func (m *metrics) moved(rule string, was, is presage.WatchState, news bool) {
	live := func(s presage.WatchState) bool { return s.Firing() && !s.Stale }
	switch {
	case live(is) && !live(was):
		m.firing.WithLabelValues(rule).Inc()
	case live(was) && !live(is):
		m.firing.WithLabelValues(rule).Dec()
	}
	if !news {
		return
	}
	if is.Phase != was.Phase {
		m.transitions.WithLabelValues(rule, string(is.Phase)).Inc()
	}
	if is.Stale && !was.Stale {
		m.stale.WithLabelValues(rule).Inc()
	}
}
