package tsdb

import (
	"fmt"
	"log/slog"
)

// pebbleLog passes Pebble's errors on and keeps its chatter to itself. Texts
// that Pebble makes may hold keys, and keys hold VINs, so that only those that
// report a failure are let through.
type pebbleLog struct{ logger *slog.Logger }

// Infof is chatter: flushes, compactions, file deletions.
func (pebbleLog) Infof(string, ...any) {}

// Errorf reports a failed background job, which Pebble repeats.
func (l pebbleLog) Errorf(format string, args ...any) {
	if l.logger != nil {
		l.logger.Error("telemetry store", slog.String("detail", fmt.Sprintf(format, args...)))
	}
}

// Fatalf ends the process, as Pebble demands: after a failed sync nobody knows
// what is on the disk, and only a restart that replays the log finds out.
// Nothing unsynced was acknowledged.
func (l pebbleLog) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	panic("telemetry store: " + fmt.Sprintf(format, args...))
}
