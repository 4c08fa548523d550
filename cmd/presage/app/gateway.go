package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"presage"
	"presage/ingest/gbt32960"
	"presage/internal/certfile"
)

// listenGateway binds the port of the GB/T 32960 gateway, if there is one,
// before anything else is opened.
func (a *App) listenGateway(ctx context.Context) error {
	addr := a.cfg.GBT32960.Addr
	if addr == "" || !a.Does(presage.ProcessIngest) {
		return nil
	}
	var err error
	var listen net.ListenConfig
	if a.gatewayListener, err = listen.Listen(ctx, "tcp", addr); err != nil {
		return fmt.Errorf("gbt32960.addr %s cannot be listened on: %w (%w): stop what uses it, "+
			"or choose another with PRESAGE_GBT32960_ADDR", addr, presage.ErrConflict, err)
	}
	if c := a.cfg.GBT32960; c.TLSCert != "" {
		pair, err := certfile.Load(certfile.Files{Cert: c.TLSCert, Key: c.TLSKey}, a.log, wallClock)
		if err != nil {
			return fmt.Errorf("gbt32960.tls_cert: %w", err)
		}
		a.gatewayListener = tls.NewListener(a.gatewayListener, pair.Config())
	}
	return nil
}

// openGateway makes the gateway on the bound port.
func (a *App) openGateway(ctx context.Context) error {
	if a.gatewayListener == nil {
		return nil
	}
	if err := a.openAdmission(ctx); err != nil {
		return err
	}
	c := a.cfg.GBT32960
	allow, err := c.Networks()
	if err != nil {
		return err
	}
	cfg := gbt32960.Config{
		Listener: a.gatewayListener, Sink: a.Pipeline, IdleTimeout: c.IdleTimeout, Connections: c.MaxConnections,
		FrameBytes: c.MaxFrame, Now: a.Clock.Now, Logger: a.log, Registerer: a.registry,
		Lock: a.edge.verifier, Allow: allow,
	}
	if cfg.Oldest, err = a.cfg.Ingest.OldestTime(); err != nil {
		return err
	}
	a.gateway, err = gbt32960.NewGateway(cfg)
	return err
}

// GatewayAddr is where terminals of GB/T 32960 connect, "" for nowhere.
func (a *App) GatewayAddr() string {
	if a.gateway == nil {
		return ""
	}
	return a.gateway.Addr().String()
}
