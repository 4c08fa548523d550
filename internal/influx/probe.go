package influx

import (
	"context"
	"strconv"
	"time"
)

// probeEvery is how far apart points of Probe are: within it each replaces the
// one before, so that a bucket holds few.
const probeEvery = time.Hour

// Probe writes a point of a measurement of its own, presage_probe, and is nil
// when the server has acknowledged it: what Write does, with a record that
// replaces itself within the hour.
func (s *Store) Probe(ctx context.Context) error {
	if err := s.open(); err != nil {
		return err
	}
	line := "presage_probe ok=true"
	if s.config.Now != nil {
		line += " " + strconv.FormatInt(s.config.Now().Truncate(probeEvery).UnixMilli(), 10)
	}
	err := s.post(ctx, newBatch(), []byte(line))
	if err == nil || dataFault(err) { // a server that judges the point takes others
		return nil
	}
	return s.unavailable("probe", err)
}
