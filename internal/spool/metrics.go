package spool

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// counter is what is counted besides the depth.
type counter = prometheus.Counter

// register makes the metrics; r may be nil.
func (s *Spool) register(r prometheus.Registerer) {
	f := promauto.With(r)
	name := func(n, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "presage", Subsystem: "spool", Name: n, Help: help}
	}
	gauge := func(n, help string, value func() float64) {
		f.NewGaugeFunc(prometheus.GaugeOpts(name(n, help)), value)
	}
	gauge("bytes", "Bytes of batches spooled.", func() float64 { return float64(s.j.depth().bytes) })
	gauge("max_bytes", "The bound of the spool (ingest.spool).", func() float64 { return float64(s.cfg.MaxBytes) })
	gauge("batches", "Batches spooled.", func() float64 { return float64(s.j.depth().batches) })
	gauge("age_seconds", "For how long the oldest batch has been spooled; 0 when none is.", func() float64 {
		d := s.j.depth()
		if d.batches == 0 {
			return 0
		}
		return max(0, s.deps.Now().Sub(d.oldest).Seconds())
	})
	s.drained = f.NewCounter(prometheus.CounterOpts(name("drained_total", "Spooled batches that reached the store.")))
	s.refused = f.NewCounter(prometheus.CounterOpts(name("refused_total", "Spooled samples that the store refused.")))
	s.aside = f.NewCounter(prometheus.CounterOpts(
		name("set_aside_total", "Spooled batches that could not be read in full.")))
}
