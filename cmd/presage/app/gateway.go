package app

import (
	"context"
	"fmt"
	"net"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
)

// listenGateway binds the port of the GB/T 32960 gateway, if there is one,
// before anything else is opened.
func (a *App) listenGateway(ctx context.Context) error {
	addr := a.cfg.GBT32960.Addr
	if addr == "" {
		return nil
	}
	var err error
	var listen net.ListenConfig
	if a.gatewayListener, err = listen.Listen(ctx, "tcp", addr); err != nil {
		return fmt.Errorf("gbt32960.addr %s cannot be listened on: %w (%w): stop what uses it, "+
			"or choose another with PRESAGE_GBT32960_ADDR", addr, presage.ErrConflict, err)
	}
	return nil
}

// openGateway makes the gateway on the bound port.
func (a *App) openGateway(context.Context) error {
	if a.gatewayListener == nil {
		return nil
	}
	c := a.cfg.GBT32960
	cfg := gbt32960.Config{
		Listener: a.gatewayListener, Sink: a.Pipeline, IdleTimeout: c.IdleTimeout, Connections: c.MaxConnections,
		FrameBytes: c.MaxFrame, Now: a.Clock.Now, Logger: a.log, Registerer: a.registry,
	}
	if a.cfg.Ingest.Unknown == ingest.UnknownReject {
		cfg.Registered = a.SQL
	}
	var err error
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
