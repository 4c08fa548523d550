package gbt32960

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics of a gateway. No label holds anything that a vehicle may choose.
type metrics struct {
	connections prometheus.Gauge
	frames      *prometheus.CounterVec // command
	responses   *prometheus.CounterVec // flag
	errors      *prometheus.CounterVec // reason
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "presage", Subsystem: "gbt32960", Name: name, Help: help}
	}
	return &metrics{
		connections: f.NewGauge(prometheus.GaugeOpts(opts("connections", "Terminals that are connected."))),
		frames:      f.NewCounterVec(opts("frames_total", "Frames received, by command."), []string{"command"}),
		responses:   f.NewCounterVec(opts("responses_total", "Responses sent, by flag."), []string{"flag"}),
		errors: f.NewCounterVec(opts("errors_total",
			"What went wrong on a connection, by reason."), []string{"reason"}),
	}
}

// Why a connection's frame or the connection itself was turned away, beside
// the reasons of dead letters and of frame.Piece.
const (
	errTooMany     = "too_many_connections"
	errNotAllowed  = "not_allowed"        // it comes from a network that is not in Allow
	errCrowded     = "vehicle_crowded"    // a login: the vehicle has its connections already
	errStale       = "stale"              // a silent connection gave way to a new login
	errRefused     = "refused"            // a login: revoked, or not registered
	errIdle        = "idle"               // nothing came for IdleTimeout
	errNoLogin     = "login_timeout"      // no login within LoginTimeout
	errFaults      = "too_many_faults"    // of one connection
	errFleet       = "fleet_unavailable"  // nobody can say whether a vehicle is registered
	errWrite       = "write"              // a response could not be sent
	errForeign     = "foreign_vin"        // a frame for another vehicle
	errStrayAnswer = "unexpected_answers" // a response to a command that was never sent
)
