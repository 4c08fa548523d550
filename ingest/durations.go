package ingest

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// durations is a histogram of durations that takes a batch of observations at a
// time: one costs two nanoseconds instead of sixty.
type durations struct {
	desc   *prometheus.Desc
	bounds []float64 // seconds, ascending

	mu  sync.Mutex
	all counts
}

// counts are observations by bucket, each in the lowest that holds it.
type counts struct {
	bounds []time.Duration
	n      []uint64 // one more than bounds
	sum    float64  // nanoseconds
	last   int
}

func newDurations(r prometheus.Registerer, name, help string, bounds []float64) *durations {
	t := &durations{desc: prometheus.NewDesc(name, help, nil, nil), bounds: bounds}
	for _, b := range bounds {
		t.all.bounds = append(t.all.bounds, time.Duration(b*float64(time.Second)))
	}
	t.all.n = make([]uint64, len(bounds)+1)
	if r != nil {
		r.MustRegister(t)
	}
	return t
}

// start gives empty counts for a batch.
func (t *durations) start() counts {
	return counts{bounds: t.all.bounds, n: make([]uint64, len(t.all.n))}
}

// observe counts d, which is mostly in the bucket of the one before. A clock
// that was set back gives 0.
func (c *counts) observe(d time.Duration) {
	d = max(d, 0)
	c.sum += float64(d)
	i := c.last
	for i > 0 && d <= c.bounds[i-1] {
		i--
	}
	for i < len(c.bounds) && d > c.bounds[i] {
		i++
	}
	c.n[i]++
	c.last = i
}

func (t *durations) add(c counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all.sum += c.sum
	for i, n := range c.n {
		t.all.n[i] += n
	}
}

// Describe is prometheus.Collector's.
func (t *durations) Describe(to chan<- *prometheus.Desc) { to <- t.desc }

// Collect is prometheus.Collector's.
func (t *durations) Collect(to chan<- prometheus.Metric) {
	t.mu.Lock()
	defer t.mu.Unlock()
	buckets, total := make(map[float64]uint64, len(t.bounds)), uint64(0)
	for i, b := range t.bounds {
		total += t.all.n[i]
		buckets[b] = total
	}
	total += t.all.n[len(t.bounds)]
	to <- prometheus.MustNewConstHistogram(t.desc, total, t.all.sum/float64(time.Second), buckets)
}
