package broker

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"presage"
)

// natsLog passes the server's log on, with VINs masked, and acts on the two
// things that NATS tells nobody else: a publish that is not allowed, which
// must cost the connection, and a fatal error at the start.
type natsLog struct {
	log     *slog.Logger
	refused *refusals
	vin     *regexp.Regexp
	kick    func(id uint64)

	mu    sync.Mutex
	fatal string
}

func newNATSLog(log *slog.Logger, r *refusals) *natsLog {
	return &natsLog{log: log, refused: r, vin: regexp.MustCompile(`[0-9A-HJ-NPR-Za-hj-npr-z]{17}`)}
}

func (l *natsLog) text(format string, v []any) string {
	return l.vin.ReplaceAllStringFunc(fmt.Sprintf(format, v...), func(s string) string {
		if vin, err := presage.ParseVIN(s); err == nil {
			return vin.Masked()
		}
		return s
	})
}

// Errorf implements server.Logger. NATS calls it on the connection's own
// goroutine and before it acknowledges a publish that is not allowed.
func (l *natsLog) Errorf(format string, v ...any) {
	text := l.text(format, v)
	switch {
	case strings.Contains(format, "- Publish Violation - Subject"):
		l.refused.publishes.Add(1)
		if id, ok := connectionID(format); ok {
			l.kick(id)
		}
		text = "publish to a topic of another refused, connection closed: " + text
	case strings.Contains(format, "- Subscription Violation - Subject"):
		l.refused.subscriptions.Add(1)
	case strings.Contains(text, "maximum payload"):
		l.refused.payloads.Add(1)
	}
	l.log.Warn("broker: " + text)
}

// connectionID finds the ID in "ADDRESS - mid:ID - ..."; what a client may
// choose itself comes after it.
func connectionID(line string) (uint64, bool) {
	_, rest, ok := strings.Cut(line, " - mid:")
	if !ok {
		return 0, false
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	id, err := strconv.ParseUint(digits, 10, 64)
	return id, err == nil
}

// Fatalf implements server.Logger: Start reports it.
func (l *natsLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fatal = l.text(format, v)
}

func (l *natsLog) fault() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

// Noticef implements server.Logger.
func (l *natsLog) Noticef(format string, v ...any) { l.log.Debug("broker: " + l.text(format, v)) }

// Warnf implements server.Logger.
func (l *natsLog) Warnf(format string, v ...any) { l.log.Warn("broker: " + l.text(format, v)) }

// Debugf implements server.Logger; it is off.
func (l *natsLog) Debugf(string, ...any) {}

// Tracef implements server.Logger; it is off.
func (l *natsLog) Tracef(string, ...any) {}
