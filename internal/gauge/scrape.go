package gauge

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Metrics are the samples of one scrape, by name with labels as they were written.
type Metrics map[string]float64

// Scrape reads url, e.g. http://127.0.0.1:8080/metrics, with a bearer key
// unless that is "".
func Scrape(ctx context.Context, url, key string) (Metrics, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("scrape: %w", err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("scrape: %w: %w", presage.ErrUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("scrape %s: %w: %s (%w)", url, presage.ErrUnavailable, resp.Status, err)
	}
	return ParseMetrics(string(text)), nil
}

// ParseMetrics reads the Prometheus text format; comments and lines that hold
// no sample are passed over. Label values with spaces are not expected.
func ParseMetrics(text string) Metrics {
	m := Metrics{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			m[name] = v
		}
	}
	return m
}

// Sum adds up a metric over all its labels; 0 if there is none.
func (m Metrics) Sum(name string) float64 {
	sum := 0.0
	for key, v := range m {
		if bare, _, _ := strings.Cut(key, "{"); bare == name {
			sum += v
		}
	}
	return sum
}

// bucket is one of a cumulative histogram.
type bucket struct{ bound, count float64 }

// Quantile estimates the q-quantile of what a histogram without labels counted
// since before, linearly within a bucket, as PromQL's histogram_quantile does.
// Beyond the last finite bound it is that bound; NaN when nothing was counted.
func (m Metrics) Quantile(before Metrics, name string, q float64) float64 {
	buckets := m.buckets(before, name)
	if len(buckets) == 0 || buckets[len(buckets)-1].count == 0 {
		return math.NaN()
	}
	rank := q * buckets[len(buckets)-1].count
	lower := bucket{}
	for _, b := range buckets {
		switch {
		case b.count < rank || b.count == lower.count:
			lower = b
			continue
		case math.IsInf(b.bound, 1):
			return lower.bound
		}
		return lower.bound + (b.bound-lower.bound)*(rank-lower.count)/(b.count-lower.count)
	}
	return lower.bound
}

// buckets are a histogram's, in ascending order, less what they held before.
func (m Metrics) buckets(before Metrics, name string) []bucket {
	var out []bucket
	prefix := name + `_bucket{le="`
	for key, count := range m {
		text, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		if bound, err := strconv.ParseFloat(strings.TrimSuffix(text, `"}`), 64); err == nil {
			out = append(out, bucket{bound, count - before[key]})
		}
	}
	slices.SortFunc(out, func(a, b bucket) int { return cmp.Compare(a.bound, b.bound) })
	return out
}
