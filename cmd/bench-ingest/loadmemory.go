package main

import (
	"context"

	"presage/internal/gauge"
)

// memory is what the service has resident at three moments, in bytes.
type memory struct {
	Before int64 `json:"before"` // at rest, nobody connected
	Idle   int64 `json:"idle"`   // at rest, all connected and nothing published
	Busy   int64 `json:"busy"`   // after the last publish: the store's and the scoring's work for all vehicles too
}

// resident waits until the service is at rest and tells what it has resident.
func (s *presageServer) resident(ctx context.Context) (int64, error) {
	if err := rest(ctx, s.Proc); err != nil {
		return 0, err
	}
	return resident(s.PID())
}

func resident(pid int) (int64, error) {
	u, err := gauge.Of(pid)
	return u.RSS, err
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// targets compares what the run showed. Behind another server's broker the
// vehicles' connections are not the service's.
func (r loadResult) targets() []target {
	out := []target{
		atMost("lag p99, publish to PUBACK", r.PubAck.P99, "s", 1),
		atMost("lag p99, publish to visible", r.Seen.P99, "s", 1),
	}
	if r.Backend == ownBackend {
		out = append(out, atMost("memory a connection", r.grown(r.Memory.Idle), "KiB", 40))
	}
	return out
}

// grown is how much more is resident than before anybody connected, in KiB a vehicle.
func (r loadResult) grown(resident int64) float64 {
	return float64(resident-r.Memory.Before) / 1024 / float64(max(r.Vehicles, 1))
}
