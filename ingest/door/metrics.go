package door

import (
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics of the door. No label holds anything that a client may choose.
type metrics struct {
	connections *prometheus.GaugeVec   // client: vehicle, gateway, anonymous, service
	refused     *prometheus.CounterVec // what: login, publish, subscription, will, connection, accept
	broken      prometheus.Counter
	commands    prometheus.Counter
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "presage", Subsystem: "mqtt", Name: name, Help: help}
	}
	return &metrics{
		connections: f.NewGaugeVec(prometheus.GaugeOpts(opts("connections", "Clients connected, by what they are.")),
			[]string{"client"}),
		refused: f.NewCounterVec(prometheus.CounterOpts(opts("refused_total",
			"What clients asked for and did not get: login, publish, subscription, will, connection, accept.")),
			[]string{"what"}),
		broken: f.NewCounter(prometheus.CounterOpts(opts("protocol_errors_total",
			"Connections that we ended because of what the client sent, or no longer sent."))),
		commands: f.NewCounter(prometheus.CounterOpts(opts("commands_sent_total", "Commands sent to vehicles."))),
	}
}

const (
	warningsAtOnce = 20
	warningEvery   = time.Second
)

// warnings bounds what clients can make us log: so many lines at once, and
// then one a second, which tells how many were left out.
type warnings struct {
	log *slog.Logger

	mu    sync.Mutex
	left  int
	at    time.Time
	muted int
}

func (s *Server) warn(text string, args ...any) {
	if muted, ok := s.warnings.may(wall()); ok {
		if muted > 0 {
			args = append(args, "left_out", muted)
		}
		s.warnings.log.Warn("mqtt: "+text, args...)
	}
}

// may tells whether a line may be written now, and how many were left out.
func (c *warnings) may(now time.Time) (muted int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		c.left, c.at = warningsAtOnce, now
	}
	earned := int(now.Sub(c.at) / warningEvery)
	if earned > 0 {
		c.left, c.at = min(warningsAtOnce, c.left+earned), now
	}
	if c.left == 0 {
		c.muted++
		return 0, false
	}
	c.left--
	muted, c.muted = c.muted, 0
	return muted, true
}
