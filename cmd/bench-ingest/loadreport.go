package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"presage/internal/gauge"
	"presage/internal/procs"
)

// loadResult is what one back end's run showed. Times are in seconds.
type loadResult struct {
	Backend   string  `json:"backend"`
	Vehicles  int     `json:"vehicles"`
	Connected float64 `json:"connected"` // how long it took to connect all
	Seconds   float64 `json:"seconds"`   // from the first publish until all was acknowledged
	Sent      int64   `json:"sent"`
	Acked     int64   `json:"acked"`  // to the vehicles
	Stored    int64   `json:"stored"` // rows found at the end
	// Reconnects is how many connections were lost on the way and made again.
	Reconnects int64   `json:"reconnects"`
	Behind     float64 `json:"behind"` // the tool's latest publish after its time

	PubAck  lag     `json:"puback"`  // publish to the vehicle's PUBACK
	Service lag     `json:"service"` // arrival at the service to its acknowledgement, by its own histogram
	Seen    lag     `json:"seen"`    // publish until the API shows it
	Probes  int     `json:"probes"`  // samples of Seen
	Unseen  int     `json:"unseen"`  // probes that never showed
	Letters float64 `json:"dead_letters"`

	Memory    memory                `json:"memory"`
	Processes map[string]processUse `json:"processes"`
	Load      float64               `json:"load"`       // load average before the first publish
	LoadAfter float64               `json:"load_after"` // and at the end
}

// lag is a distribution in seconds. The maximum of a histogram is not known: it
// is the bound of the highest bucket that holds anything.
type lag struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// processUse is one process's share.
type processUse struct {
	Cores float64 `json:"cores"` // CPU time by the wall's
	CPU   float64 `json:"cpu"`   // seconds
	Peak  int64   `json:"peak"`  // bytes
}

func lagOf(values []float64) lag {
	if len(values) == 0 {
		return lag{}
	}
	return lag{gauge.Quantile(values, 0.5), gauge.Quantile(values, 0.99), slices.Max(values)}
}

func (r *loadResult) lags(before, after gauge.Metrics, pubacks []float64, p *probe) {
	const histogram = "presage_ingest_lag_seconds"
	r.PubAck, r.Seen, r.Probes, r.Unseen = lagOf(pubacks), lagOf(p.waits), len(p.waits), p.lost
	if after.Sum(histogram+"_count") > before.Sum(histogram+"_count") {
		r.Service = lag{
			after.Quantile(before, histogram, 0.5), after.Quantile(before, histogram, 0.99),
			after.Quantile(before, histogram, 1),
		}
	}
	r.Letters = after.Sum("presage_ingest_dead_letters_total") - before.Sum("presage_ingest_dead_letters_total")
}

func (r *loadResult) use(before map[string]gauge.Usage, servers map[string]*procs.Proc) error {
	after, err := usages(servers)
	if err != nil {
		return err
	}
	r.Processes = map[string]processUse{}
	for name, u := range after {
		cpu := (u.CPU - before[name].CPU).Seconds()
		r.Processes[name] = processUse{Cores: cpu / r.Seconds, CPU: cpu, Peak: u.Peak}
	}
	return nil
}

// lost is how many acknowledged samples are not stored.
func (r loadResult) lost() int64 { return r.Acked - r.Stored }

// lostInLoad is an error when something acknowledged is missing, or was never acknowledged.
func lostInLoad(all []loadResult) error {
	var errs []error
	for _, r := range all {
		if r.lost() > 0 || r.Acked < r.Sent {
			errs = append(errs, fmt.Errorf("%s: %d sent, %d acknowledged, %d stored, %d reconnects",
				r.Backend, r.Sent, r.Acked, r.Stored, r.Reconnects))
		}
	}
	return errors.Join(errs...)
}

// printLoad writes a table for each back end.
func printLoad(w io.Writer, all []loadResult) error {
	for _, r := range all {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		line := func(cells string, args ...any) { _, _ = fmt.Fprintf(t, cells+"\n", args...) } // Flush tells errors
		line("%s: %d vehicles, connected in %.1f s; %.0f s; load average %.1f -> %.1f", r.Backend, r.Vehicles,
			r.Connected, r.Seconds, r.Load, r.LoadAfter)
		line("  messages\tsent %d\tacknowledged %d\tstored %d\tlost %d", r.Sent, r.Acked, r.Stored, r.lost())
		line("  \treconnects %d\tdead letters %.0f\tlatest publish %.3f s late", r.Reconnects, r.Letters, r.Behind)
		line("  lag in seconds\tp50\tp99\tmax")
		line("  publish to PUBACK\t%.3f\t%.3f\t%.3f", r.PubAck.P50, r.PubAck.P99, r.PubAck.Max)
		line("  arrival to acknowledgement (service)\t%.3f\t%.3f\t<= %.3f", r.Service.P50, r.Service.P99, r.Service.Max)
		line("  publish to visible in the API (%d probes, %d never)\t%.3f\t%.3f\t%.3f", r.Probes, r.Unseen,
			r.Seen.P50, r.Seen.P99, r.Seen.Max)
		line("  process\tcores\tCPU us/message\tpeak MiB")
		for _, name := range slices.Sorted(maps.Keys(r.Processes)) {
			u := r.Processes[name]
			line("  %s\t%.3f\t%.0f\t%d", name, u.Cores, u.CPU*1e6/float64(max(r.Acked, 1)), u.Peak>>20)
		}
		line("  service's memory: %.1f MiB before, %.1f MiB with all connected, %.1f MiB after the last publish "+
			"(%.1f KiB a vehicle, store and scoring included)", mebibytes(r.Memory.Before), mebibytes(r.Memory.Idle),
			mebibytes(r.Memory.Busy), r.grown(r.Memory.Busy))
		for _, g := range r.targets() {
			line("  %s: %s: %.3f %s (want %s %g)", g.verdict(), g.Name, g.Value, g.Unit, g.Sense, g.Limit)
		}
		line("")
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return nil
}
