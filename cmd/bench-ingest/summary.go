package main

import (
	"slices"

	"presage/models/median"
)

// summary is the medians of one kind's runs.
type summary struct {
	Consumer string `json:"consumer"`
	Feed     string `json:"feed"`
	Batch    int    `json:"batch"`

	Rate             float64 `json:"messages_per_second"`
	RateSpread       float64 `json:"rate_spread"` // (largest - smallest)/median
	Acked            float64 `json:"seconds_until_acked"`
	PerMessage       float64 `json:"cpu_us_per_message"`
	CPUSpread        float64 `json:"cpu_spread"`
	PerSample        float64 `json:"cpu_us_per_sample"`
	Peak             float64 `json:"peak_bytes"`             // the highest, no median
	StoreCores       float64 `json:"influxdb_cores"`         // its CPU time by the wall's
	StorePerSample   float64 `json:"influxdb_us_per_sample"` //
	BrokerPerMessage float64 `json:"broker_us_per_message"`
	BytesPerRow      float64 `json:"bytes_per_row"` // of the embedded store, else 0
	Rows             int64   `json:"rows"`          // the fewest, no median
	Reconnects       int     `json:"reconnects"`    // of the publisher, all runs together
	Missing          int64   `json:"missing"`       // of all runs together
	Load             float64 `json:"load"`          // the highest
}

// summarise takes the medians of each kind, in the order of their first runs.
func summarise(results []result) []summary {
	type key struct {
		consumer, feed string
		batch          int
	}
	var order []key
	runs := map[key][]result{}
	for _, r := range results {
		k := key{r.Consumer, r.Feed, r.Batch}
		if !slices.Contains(order, k) {
			order = append(order, k)
		}
		runs[k] = append(runs[k], r)
	}
	var out []summary
	for _, k := range order {
		out = append(out, medians(runs[k]))
	}
	return out
}

// medians sums up runs of one kind.
func medians(runs []result) summary {
	of := func(f func(result) float64) []float64 {
		var values []float64
		for _, r := range runs {
			values = append(values, f(r))
		}
		return values
	}
	rates, cpu := of(result.rate), of(result.perMessage)
	s := summary{
		Consumer: runs[0].Consumer, Feed: runs[0].Feed, Batch: runs[0].Batch,
		Rate: median.Of(rates), RateSpread: spread(rates),
		PerMessage: median.Of(cpu), CPUSpread: spread(cpu), PerSample: median.Of(of(result.perSample)),
		Acked:            median.Of(of(func(r result) float64 { return r.Acked })),
		Peak:             slices.Max(of(func(r result) float64 { return float64(r.Peak) })),
		StoreCores:       median.Of(of(func(r result) float64 { return r.StoreCPU / r.Stored })),
		StorePerSample:   median.Of(of(func(r result) float64 { return r.StoreCPU * 1e6 / float64(r.Samples) })),
		BrokerPerMessage: median.Of(of(func(r result) float64 { return r.BrokerCPU * 1e6 / float64(r.Messages) })),
		BytesPerRow:      median.Of(of(func(r result) float64 { return float64(r.Disk) / float64(max(r.Rows, 1)) })),
		Rows:             runs[0].Rows,
		Load:             slices.Max(of(func(r result) float64 { return r.Load })),
	}
	for _, r := range runs {
		s.Rows = min(s.Rows, r.Rows)
		s.Missing += r.missing()
		s.Reconnects += r.Reconnects
	}
	return s
}

// spread is how far values lie apart, as a share of their median; 0 if that is 0.
func spread(values []float64) float64 {
	if middle := median.Of(values); middle > 0 {
		return (slices.Max(values) - slices.Min(values)) / middle
	}
	return 0
}
