package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"presage"
	"presage/api/access"
	"presage/internal/certfile"
)

// listen binds the ports of HTTP before anything else is opened: a port taken
// is the commonest fault, and booking links hold the address.
func (a *App) listen(ctx context.Context) error {
	h := a.cfg.HTTP
	var err error
	var listen net.ListenConfig
	if a.listener, err = listen.Listen(ctx, "tcp", h.Addr); err != nil {
		return fmt.Errorf("http.addr %s cannot be listened on: %w (%w): stop what uses it, "+
			"or choose another with --addr HOST:PORT or PRESAGE_HTTP_ADDR", h.Addr, presage.ErrConflict, err)
	}
	if h.TLSCert != "" {
		pair, err := certfile.Load(certfile.Files{Cert: h.TLSCert, Key: h.TLSKey}, a.log, wallClock)
		if err != nil {
			return fmt.Errorf("http.tls_cert: %w", err)
		}
		config := pair.Config()
		config.NextProtos = []string{"h2", "http/1.1"}
		a.listener = tls.NewListener(a.listener, config)
	}
	if h.MetricsAddr == "" {
		return nil
	}
	if a.metricsListener, err = listen.Listen(ctx, "tcp", h.MetricsAddr); err != nil {
		return fmt.Errorf("http.metrics_addr %s cannot be listened on: %w (%w): stop what uses it, "+
			"or choose another with PRESAGE_HTTP_METRICS_ADDR", h.MetricsAddr, presage.ErrConflict, err)
	}
	return nil
}

// URL is where the console answers.
func (a *App) URL() string {
	scheme := "http://"
	if a.cfg.HTTP.TLSCert != "" {
		scheme = "https://"
	}
	return scheme + a.listener.Addr().String()
}

// ConsoleURL is where a person begins: with a key that was made for this
// directory a link that logs in, once and for an hour. A key of the operator's
// own is known to whom it concerns, and no link is made with it unasked.
func (a *App) ConsoleURL() string {
	if a.cfg.HTTP.AdminKey != "" {
		return a.URL() + "/"
	}
	return a.URL() + access.NewLink(a.adminKey, "", wallClock().Add(access.LinkLife))
}

// MetricsURL is where metrics are read without a key, "" for nowhere.
func (a *App) MetricsURL() string {
	if a.metricsListener == nil {
		return ""
	}
	return "http://" + a.metricsListener.Addr().String() + "/metrics"
}

// openMetrics serves the metrics and nothing else.
func (a *App) openMetrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{}))
	return mux
}

// serveHTTP answers until ctx ends, then lets requests finish for five seconds.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("http: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := server.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // a page that polls does not keep the service alive
	}
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// closeListeners closes what listen and listenGateway bound.
func (a *App) closeListeners() error {
	var errs []error
	for name, l := range map[string]net.Listener{
		"http": a.listener, "metrics": a.metricsListener, "the GB/T 32960 gateway": a.gatewayListener,
	} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, fmt.Errorf("close %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}
