// Package gauge reads what a measurement needs: a process's CPU and memory and
// the machine's load from Linux's /proc, a service's metrics in the Prometheus
// text format, and quantiles of figures.
package gauge
