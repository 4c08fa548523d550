package mqtt

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics tell how much of the window is in use. A nil Metrics counts nothing.
type Metrics struct {
	messages, bytes         prometheus.Gauge
	mostMessages, mostBytes prometheus.Gauge
	most                    int
	mostB                   int64
}

// NewMetrics registers them with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	f := promauto.With(r)
	gauge := func(name, help string) prometheus.Gauge {
		return f.NewGauge(prometheus.GaugeOpts{Namespace: "presage", Subsystem: "mqtt", Name: name, Help: help})
	}
	return &Metrics{
		messages:     gauge("window_messages", "Messages received from the broker and not acknowledged yet."),
		bytes:        gauge("window_bytes", "Payload bytes received from the broker and not acknowledged yet."),
		mostMessages: gauge("window_messages_max", "The most messages that the window has held since the start."),
		mostBytes:    gauge("window_bytes_max", "The most payload bytes that the window has held since the start."),
	}
}

// Set shows what is held. It is called by one goroutine at a time, once for many messages.
func (m *Metrics) Set(messages int, bytes int64) {
	if m == nil {
		return
	}
	m.messages.Set(float64(messages))
	m.bytes.Set(float64(bytes))
	if messages > m.most {
		m.most = messages
		m.mostMessages.Set(float64(messages))
	}
	if bytes > m.mostB {
		m.mostB = bytes
		m.mostBytes.Set(float64(bytes))
	}
}
