package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// report is everything that a comparison showed.
type report struct {
	Host    host      `json:"host"`
	Rounds  int       `json:"rounds"`
	Runs    []result  `json:"runs"`
	Summary []summary `json:"summary"`
	Targets []target  `json:"targets"`
}

func newReport(c compareCommand, results []result) report {
	r := report{Host: thisHost(), Rounds: c.Rounds, Runs: results, Summary: summarise(results)}
	r.Targets = judge(r.Summary)
	return r
}

// print writes the tables for a reader.
func (r report) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(cells string, args ...any) { _, _ = fmt.Fprintf(t, cells+"\t\n", args...) } // Flush tells errors
	line("consumer\tfeed\tper msg\tmsgs/s\tsamples/s\tspread\tuntil acked\tCPU us/msg\tspread\tCPU us/sample\tpeak MiB" +
		"\tInfluxDB cores\tInfluxDB us/sample\tbroker us/msg\trows\tmissing\treconnects\tload")
	for _, s := range r.Summary {
		line("%s\t%s\t%d\t%.0f\t%.0f\t%.0f%%\t%.1f s\t%.1f\t%.0f%%\t%.1f\t%.0f\t%.2f\t%.1f\t%.1f\t%d\t%d\t%d\t%.1f",
			s.Consumer, s.Feed, s.Batch, s.Rate, s.Rate*float64(s.Batch), 100*s.RateSpread, s.Acked, s.PerMessage,
			100*s.CPUSpread, s.PerSample, s.Peak/(1<<20), s.StoreCores, s.StorePerSample, s.BrokerPerMessage,
			s.Rows, s.Missing, s.Reconnects, s.Load)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Summary {
		if s.Consumer == embedded && s.Rows > 0 {
			if _, err := fmt.Fprintf(w, "%s, %d a message: %.1f bytes a row on disk\n",
				s.Consumer, s.Batch, s.BytesPerRow); err != nil {
				return err
			}
		}
	}
	if _, err := fmt.Fprintf(w, "%d rounds, medians; spread is (largest - smallest)/median; %d CPUs, %s, %s; "+
		"load is the highest average before a run\n\n", r.Rounds, r.Host.CPUs, r.Host.OS, r.Host.Go); err != nil {
		return err
	}
	for _, g := range r.Targets {
		if _, err := fmt.Fprintf(w, "%-6s  %s: %.2f %s (want %s %g)\n", g.verdict(), g.Name, g.Value, g.Unit, g.Sense,
			g.Limit); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON puts what was measured into a file; "" writes nothing.
func writeJSON(file string, v any) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}
